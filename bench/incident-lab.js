import { cpus } from "node:os";
import "./typescript/register.js";

/**
 * B7: what the change of INC-0004 costs the cluster while it is made, on hosts that boot, over SSH: by Pointsman under the running cluster,
 * by Pointsman with the cluster stopped, and by the procedure of the incident's report. An echo every 10 ms between every two nodes and the
 * health of each member of etcd, all the while. Needs root; WAYS: only ways whose names have this in them.
 */
const isSmoke = process.env["BENCH_SMOKE"] !== undefined;
const only = process.env["WAYS"] ?? (isSmoke ? "none" : "");
const { measureWays } = await import("../test/incident-lab/measure-ways.js");

const procedure = new URL("parts/incident-procedure.sh", import.meta.url).pathname;
const result = {
  id: "B7",
  bench: "incident-lab",
  workload:
    "INC-0004, before to fixed, on systemd hosts over SSH with four members of etcd: an echo every 10 ms between every two nodes, and the health of each member every 0.2 s, until the cluster is healthy again.",
  machine: { cpu: cpus()[0]?.model ?? "", cores: cpus().length, node: process.version },
  results: await measureWays(only, procedure),
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
