import { afterAll, beforeAll, describe } from "vitest";
import { hostId } from "#model/index.js";
import { openLabReach, openLocalReach, openSshReach } from "#transport/index.js";
import { describeSession } from "../contract/session-contract.js";
import { ADDRESS, SshNetwork } from "./ssh-network.js";

const HOST = hostId("alpha");
/** A host whose `setsid` is no program. */
const WITHOUT_SETSID = [
  "unshare",
  "--mount",
  "sh",
  "-c",
  'mount --bind /dev/null /usr/bin/setsid && exec "$@"',
  "sh",
] as const;

for (const [name, shell] of [
  ["of dash on this machine", ["dash"]],
  ["of bash on this machine", ["bash"]],
  ["of busybox ash on this machine", ["busybox", "ash"]],
  ["of dash on a machine without setsid", [...WITHOUT_SETSID, "dash"]],
  ["of bash on a machine without setsid", [...WITHOUT_SETSID, "bash"]],
] as const)
  describeSession({ name, host: HOST, reach: () => openLocalReach(HOST, shell) });

describe("in a network of its own", () => {
  let network: SshNetwork;

  beforeAll(async () => {
    network = new SshNetwork();
    await network.serve("s", "server");
  });
  afterAll(async () => {
    await network.remove();
  });

  describeSession({
    name: "of a lab host in a network namespace",
    host: HOST,
    reach: () =>
      openLabReach((host) =>
        host === HOST ? ["nsenter", `--net=/run/netns/${network.namespace("s")}`, "sh"] : null,
      ),
  });
  describeSession({
    name: "over SSH",
    host: HOST,
    reach: () => openSshReach({ ...network.reachOptions(ADDRESS.server) }),
  });
});
