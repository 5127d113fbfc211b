import { type ContractHost, describeHostProgram } from "../contract/host-program-contract.js";
import { FakeHost, sha256 } from "./fake-host.js";
import { VirtualClock } from "./virtual-clock.js";

const NAME = "net.test.p1";
const PATH = `/etc/test/${NAME}`;

function openFake(): ContractHost {
  const clock = new VirtualClock();
  const host = new FakeHost(clock, "h1");
  host.kernel.set(NAME, "old");
  host.files.set(PATH, "old\n");
  return {
    tell: async (args, input) => host.tell(args, input),
    wait: async (seconds) => {
      const untilMs = clock.monotonicMs() + seconds * 1000;
      clock.at(untilMs, () => {});
      await clock.run(() => clock.monotonicMs() >= untilMs);
    },
    reboot: async () => host.reboot(),
    touch: async () => host.touch(),
    kernel: async () => (host.kernel.get(NAME) === "new" ? "new" : "old"),
    file: async () => (host.files.get(PATH) === "new\n" ? "new" : "old"),
    close: async () => {},
    ground: {
      forward: ["sysctl", "-w", `${NAME}=new`],
      revert: ["sysctl", "-w", `${NAME}=old`],
      refused: ["sysctl", "-w", "net.test.nothing=1"],
      file: { kind: "file", path: PATH, before: sha256("old\n"), text: "new\n" },
    },
  };
}

describeHostProgram("a model in memory", async () => openFake());
