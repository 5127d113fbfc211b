import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ContractHost, describeHostProgram } from "../contract/host-program-contract.js";
import { openHost, SHELLS, type ShellKind } from "../host-program/test-host.js";
import { sha256 } from "./fake-host.js";

const ADDRESS = "10.99.0.2/24";

/** A network namespace cannot get another boot id: instead, the records are made to have been armed in another boot. */
async function openReal(shell: ShellKind): Promise<ContractHost> {
  const host = await openHost(shell);
  const path = join(host.dir, "interfaces");
  writeFileSync(path, "old\n");
  const kernel = async (): Promise<"new" | "old"> =>
    (await host.sh("ip -o -4 addr show dev e0")).includes(ADDRESS) ? "new" : "old";
  const file = async (): Promise<"new" | "old"> => (readFileSync(path, "utf8") === "new\n" ? "new" : "old");
  return {
    tell: (args, input) => host.run(args, input),
    wait: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    reboot: async () => {
      for (const pid of host.processes()) kill(pid);
      const records = join(host.dir, "state/records");
      for (const id of readdirSync(records)) writeFileSync(join(records, id, "boot"), "another-boot\n");
      if ((await kernel()) === (await file())) return;
      await host.sh(`ip addr ${(await file()) === "new" ? "add" : "del"} ${ADDRESS} dev e0`);
    },
    touch: async () => {
      await host.sh("ip addr add 10.98.0.1/24 dev e0");
    },
    kernel,
    file,
    close: async () => host.close(),
    ground: {
      forward: ["ip", "addr", "add", ADDRESS, "dev", "e0"],
      revert: ["ip", "addr", "del", ADDRESS, "dev", "e0"],
      refused: ["ip", "route", "add", "10.97.0.0/24", "via", "203.0.113.1", "dev", "e0"],
      file: { kind: "file", path, before: sha256("old\n"), text: "new\n" },
    },
  };
}

/** A dead-man may end by itself just before. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

for (const shell of SHELLS) describeHostProgram(shell.name, () => openReal(shell));
