import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { plan, renderPlanFile } from "#app/index.js";

/** A fleet of a few hosts in files, and a plan for it. */
export interface SmallFleet {
  readonly name: string;
  readonly folder: string;
  readonly fleetFile: string;
  readonly planPath: string;
  readonly phases: number;
  readonly hosts: readonly string[];
  /** What lies on a host before, by path there. */
  readonly filesOf: (host: string) => ReadonlyMap<string, string>;
  readonly remove: () => void;
}

/** What the files of one host say, before and after. */
interface Texts {
  readonly before: string;
  readonly after: string;
}

const FOLDER_ON_HOST = "/etc/systemd/network";

function network(addresses: readonly string[], gateway: string | null): string {
  const lines = addresses.map((address) => `Address=${address}\n`).join("");
  return `[Match]\nName=e0\n\n[Network]\n${lines}${gateway === null ? "" : `Gateway=${gateway}\n`}`;
}

const UP = "[Match]\nName=up\n\n[Network]\nAddress=192.168.9.1/24\n";

const ROUTER: Texts = {
  before: network(["10.88.0.1/24"], null),
  after: network(["10.88.0.1/24", "10.88.0.254/24"], null),
};

/** Each host has one file that changes with its network; `r` has a second link, which others reach through it. */
const FLEETS = {
  /** All hosts change at once: their prefix is one bit shorter. */
  "one-phase": {
    r: { before: network(["10.88.0.1/24"], null), after: network(["10.88.0.1/23"], null) },
    a: {
      before: network(["10.88.0.2/24"], "10.88.0.1"),
      after: network(["10.88.0.2/23"], "10.88.0.1"),
    },
    b: {
      before: network(["10.88.0.3/24"], "10.88.0.1"),
      after: network(["10.88.0.3/23"], "10.88.0.1"),
    },
  },
  /** The router has a second address before the others take it as their gateway. */
  "two-phases": {
    r: ROUTER,
    a: {
      before: network(["10.88.0.2/24"], "10.88.0.1"),
      after: network(["10.88.0.2/24"], "10.88.0.254"),
    },
    b: {
      before: network(["10.88.0.3/24"], "10.88.0.1"),
      after: network(["10.88.0.3/24"], "10.88.0.254"),
    },
  },
} satisfies Readonly<Record<string, Readonly<Record<string, Texts>>>>;

/** One of the plans of the campaigns. */
export type SmallPlan = keyof typeof FLEETS;

/** Writes the fleet file and both trees, and plans the change. */
export function planSmallFleet(name: SmallPlan): SmallFleet {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-campaign-"));
  const texts = new Map<string, Texts>(Object.entries(FLEETS[name]));
  const fleetFile = join(folder, "pointsman.yaml");
  writeFileSync(fleetFile, fleetText(name, [...texts.keys()]));
  for (const tree of ["before", "after"] as const) {
    for (const [host, own] of texts) write(join(folder, tree, host, "10-e0.network"), own[tree]);
    write(join(folder, tree, "r", "20-up.network"), UP);
  }
  const planPath = join(folder, "plan.json");
  const phases = writePlan(folder, fleetFile, planPath);
  return {
    name,
    folder,
    fleetFile,
    planPath,
    phases,
    hosts: [...texts.keys()],
    filesOf: (host) =>
      new Map(
        ["10-e0.network", ...(host === "r" ? ["20-up.network"] : [])].map((file) => [
          join(FOLDER_ON_HOST, file),
          readFileSync(join(folder, "before", host, file), "utf8"),
        ]),
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function fleetText(name: string, hosts: readonly string[]): string {
  const sysctls = "sysctls: { net.ipv4.ip_forward: 1, net.ipv4.conf.all.promote_secondaries: 1 }";
  const lines = hosts.map(
    (host) =>
      `  ${host}: { os: debian, console: this machine, ${host === "r" ? `${sysctls}, ` : ""}configuration: [{ networkd: ${host} }] }\n`,
  );
  const ports = hosts.map((host) => `{ host: ${host}, link: e0 }`).join(", ");
  return `version: 1\nname: ${name}\nhosts:\n${lines.join("")}segments:\n  main: { ports: [${ports}] }\n  up: { ports: [{ host: r, link: up }] }\n`;
}

function writePlan(folder: string, fleetFile: string, planPath: string): number {
  const end = (tree: string) => ({ kind: "fleet", file: fleetFile, tree, nix: "never" }) as const;
  const names = { from: join(folder, "before"), to: join(folder, "after") };
  const made = plan({
    from: end(names.from),
    to: end(names.to),
    names,
    strategy: "live",
    version: "0.0.0",
    overridesChecks: true,
  });
  if (!made.ok) throw new Error([made.error.message, ...made.error.more].join("\n"));
  const { file } = made.value;
  if (file === null) throw new Error("there is no plan for the small fleet");
  writeFileSync(planPath, renderPlanFile(file));
  return file.phases.length;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
