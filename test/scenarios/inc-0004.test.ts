import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pointsman, type Run } from "../cli/command-line.js";
import { buildPointsman } from "../repository/built.js";
import { ROOT } from "../repository/root.js";

let folder: string;

/** One command in a copy of the example. */
function run(line: string): Run {
  return pointsman(folder, line.split(" "));
}

function plan(from: string, to: string, more = ""): Run {
  return run(`plan --fleet pointsman.yaml --from ${from} --to ${to}${more}`);
}

beforeAll(() => {
  buildPointsman();
  folder = mkdtempSync(join(tmpdir(), "pointsman-inc-0004-"));
  cpSync(join(ROOT, "examples", "inc-0004"), folder, { recursive: true });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("INC-0004, the attempt", () => {
  it("is refused because the /8 covers the pod network of a running flannel", () => {
    const { code, stdout } = plan("before", "wide");
    expect(code).toBe(3);
    expect(stdout).toContain("Refused: before -> wide: A check refuses the target.");
    expect(stdout).toContain("error: prefix-covers-pod-cidr on nl-k8s-01");
    expect(stdout).toContain(
      "The connected prefix `10.0.0.0/8` of `nl-k8s-01` covers the pod CIDR `10.42.0.0/16`.",
    );
  });

  it("is refused as JSON with the same reason", () => {
    const { code, stdout } = plan("before", "wide", " --json");
    expect(code).toBe(3);
    const none = JSON.parse(stdout);
    expect(none).toMatchObject({ schemaVersion: 1, result: "refused", from: "before", to: "wide" });
    expect(none.findings.map((finding: { rule: string }) => finding.rule)).toContain(
      "prefix-covers-pod-cidr",
    );
  });

  it("would have kept every packet on its way on one segment: the refusal is about pods without a route", () => {
    const { code, stdout } = plan("before", "wide", " --override-check");
    expect(code).toBe(0);
    expect(stdout).toContain("strategy live");
  });
});

describe("INC-0004, the fix as the report has it", () => {
  it("is refused with the next hop that no node has on-link", () => {
    const { code, stdout } = plan("before", "fixed-as-reported");
    expect(code).toBe(3);
    expect(stdout).toContain("error: next-hop-not-onlink on nl-k8s-01");
    expect(stdout).toContain(
      "The route `10.0.0.0/16 via 10.0.0.1` of `nl-k8s-01` needs `10.0.0.1` on-link, but no connected prefix of the host contains it: the kernel refuses the route, and a boot ends without it.",
    );
  });

  it("is refused from the /8 as well, where the route would work until the next boot", () => {
    const { code, stdout } = plan("wide", "fixed-as-reported");
    expect(code).toBe(3);
    expect(stdout).toContain("error: next-hop-not-onlink on nl-k8s-04");
  });
});

interface PlanJson {
  readonly result: string;
  readonly strategy: string;
  readonly phases: readonly {
    readonly steps: readonly {
      readonly host: string;
      readonly operations: readonly { readonly command: string }[];
    }[];
    readonly proof: { readonly states: string; readonly flows: number };
    readonly expected: readonly {
      readonly from: string;
      readonly to: string;
      readonly during: readonly string[];
      readonly after: readonly string[];
    }[];
  }[];
}

describe("INC-0004, the fix that the kernel takes", () => {
  it.each([
    ["before", "256"],
    ["wide", "6561"],
  ])("is planned live from `%s`, with all %s states proved and no flow ever missing", (from, states) => {
    const { code, stdout } = plan(from, "fixed", " --json");
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as PlanJson;
    expect(found).toMatchObject({ result: "proved", strategy: "live" });
    const [phase, ...more] = found.phases;
    expect(more).toEqual([]);
    expect(phase?.proof.states).toBe(states);
    expect(phase?.steps.map((step) => step.host)).toEqual([
      "nl-k8s-01",
      "nl-k8s-02",
      "nl-k8s-03",
      "nl-k8s-04",
    ]);
    expect(phase?.expected).toHaveLength(126);
    expect(phase?.expected.every(({ during, after }) => `${during} ${after}` === "delivered delivered")).toBe(
      true,
    );
  });

  it("adds before it deletes on each host that narrows its prefix", () => {
    const found = JSON.parse(plan("wide", "fixed", " --json").stdout) as PlanJson;
    for (const { operations } of found.phases.flatMap((phase) => phase.steps)) {
      const commands = operations.map(({ command }) => command);
      const add = commands.findIndex((command) => /^ip addr add 10\.10\.0\.\d\/16 /.test(command));
      expect(add).toBeGreaterThanOrEqual(0);
      expect(commands.findIndex((command) => /^ip addr del 10\.10\.0\.\d\/8 /.test(command))).toBe(
        commands.length - 1,
      );
      expect(commands.filter((command) => command.includes("onlink"))).toHaveLength(3);
    }
  });

  it("is refused under `rolling-stop`: four etcd members do not survive one stopped and one failing", () => {
    const { code, stdout } = plan("wide", "fixed", " --strategy rolling-stop");
    expect(code).toBe(3);
    expect(stdout).toContain(
      "with 1 of 4 etcd members stopped and one more failing 2 are left, and a majority is 3",
    );
  });

  it("is proved under `full-stop` as well, and its runbook stops and starts the cluster", () => {
    expect(plan("wide", "fixed", " --strategy full-stop -o full.json").code).toBe(0);
    const book = run("show --runbook full.json").stdout;
    expect(book.match(/'systemctl stop k3s' &/g)).toHaveLength(4);
    expect(book.match(/'systemctl start k3s' &/g)).toHaveLength(4);
  });

  it("has nothing to do from the target to itself", () => {
    const { code, stdout } = plan("fixed", "fixed");
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing to do: both sides hold the same.");
    expect(plan("fixed", "fixed", " --detailed-exitcode").code).toBe(0);
    expect(plan("before", "fixed", " --detailed-exitcode").code).toBe(2);
  });

  it("is the same from git as from folders, but for the names of the trees", () => {
    const git = (...args: string[]): void => {
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
        cwd: folder,
        stdio: "ignore",
      });
    };
    const checkout = (tree: string): void => {
      rmSync(join(folder, "machines"), { recursive: true, force: true });
      cpSync(join(folder, tree, "machines"), join(folder, "machines"), { recursive: true });
      git("add", "machines", "pointsman.yaml");
      git("commit", "-q", "-m", tree);
    };
    git("init", "-q", "-b", "main");
    checkout("before");
    checkout("fixed");
    const { code, stdout, stderr } = plan("git:HEAD~1", "git:HEAD", " --json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as PlanJson).phases).toEqual(
      (JSON.parse(plan("before", "fixed", " --json").stdout) as PlanJson).phases,
    );
    const refused = plan("git:HEAD", "wide");
    expect(refused.code).toBe(3);
    rmSync(join(folder, "machines"), { recursive: true, force: true });
    rmSync(join(folder, ".git"), { recursive: true, force: true });
  });
});

describe("INC-0004, the runbook", () => {
  const sections = [
    "## Step 1: Pre-flight checks",
    "## Step 2: Stop cluster services",
    "## Step 3: Clear neighbour caches",
    "## Step 4: Apply network configuration changes",
    "## Step 5: Verify network configuration",
    "## Step 6: Connectivity matrix verification",
    "## Step 7: Start cluster services",
    "## Step 8: Make it permanent, and verify after the change",
    "## Rollback procedure",
  ];

  it.each(["live", "full-stop"])(
    "has the report's eight steps and its rollback under `%s`, and each block is a shell script",
    (strategy) => {
      expect(plan("wide", "fixed", ` --strategy ${strategy} -o plan.json --runbook runbook.md`).code).toBe(0);
      const book = readFileSync(join(folder, "runbook.md"), "utf8");
      expect(book.split("\n").filter((line) => line.startsWith("## "))).toEqual(sections);
      const blocks = [...book.matchAll(/```bash\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
      expect(blocks.length).toBeGreaterThan(10);
      for (const [shell, script] of blocks.flatMap((block) =>
        ["sh", "bash"].map((shell) => [shell, block] as const),
      )) {
        const checked = spawnSync(shell, ["-n"], { input: script, encoding: "utf8" });
        expect(checked.stderr, script).toBe("");
        expect(checked.status).toBe(0);
      }
      expect(book).toContain("ssh root@r5c.lan 'ip neigh flush all'");
      expect(book).toContain("ip addr del 10.10.0.2/8 dev enp1s0");
      expect(run("show --runbook plan.json").stdout).toBe(book);
    },
  );
});

describe("INC-0004, the states on the way", () => {
  it("sends a node of a transitional prefix through the router, which answers with a redirect, and the reply comes back directly", () => {
    const found = JSON.parse(
      run("trace nl-k8s-01 10.10.0.4 --fleet pointsman.yaml --tree transitional --json").stdout,
    );
    expect(found).toMatchObject({ verdict: "delivered", path: ["r5c", "nl-k8s-02"], back: ["nl-k8s-01"] });
    expect(found.findings).toContain(
      "`r5c` sends a redirect to `10.10.0.2`: new next hop `10.10.0.4` for `10.10.0.4`",
    );
    expect(plan("before", "transitional").code).toBe(3);
  });

  it("delivers over a stale entry with the report's redirect from 10.10.0.4", () => {
    const found = JSON.parse(
      run("trace nl-k8s-04 10.10.0.2 --snapshot snapshots/stale-redirect --json").stdout,
    );
    expect(found).toMatchObject({ verdict: "delivered", path: ["nl-k8s-02", "nl-k8s-01"] });
    expect(found.findings).toContain(
      "`nl-k8s-02` sends a redirect to `10.10.0.3`: new next hop `10.10.0.2` for `10.10.0.2`",
    );
  });

  it("loses the packet where the second host sends it back to its sender", () => {
    const found = JSON.parse(run("trace nl-k8s-04 10.10.0.2 --snapshot snapshots/stale-lost --json").stdout);
    expect(found).toMatchObject({ verdict: "lost", path: ["nl-k8s-02", "nl-k8s-04"] });
  });

  it("loops for everybody who is not part of the circle", () => {
    const found = JSON.parse(run("trace r5c 10.10.0.2 --snapshot snapshots/stale-loop --json").stdout);
    expect(found.verdict).toBe("loop");
    expect(found.path.slice(0, 3)).toEqual(["nl-k8s-04", "nl-k8s-02", "nl-k8s-04"]);
    expect(found.findings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^`nl-k8s-04` sends a redirect to /),
        expect.stringMatching(/^`nl-k8s-02` sends a redirect to /),
      ]),
    );
    const checked = run("check --snapshot snapshots/stale-loop");
    expect(checked.code).toBe(3);
    expect(checked.stdout).toContain("goes in a circle: `nl-k8s-04` -> `nl-k8s-02` -> `nl-k8s-04`.");
    expect(checked.stdout).toContain("error: neighbour-not-owner on r5c");
  });
});

describe("INC-0004, all nodes with the same MAC address", () => {
  it("comes from hypervisors that forward with proxy ARP: the router may take their answer for every node", () => {
    const { code, stdout } = run("check --fleet pointsman-proxy-arp.yaml --tree proxy-arp");
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /error: proxy-arp-shared-prefix on nl-pve-01\n.*`vmbr0` as a proxy for \d+ addresses inside its neighbours' own prefix, against their owners/,
    );
    expect(stdout).toContain(
      "Set `net.ipv4.conf.all.proxy_arp=0` and `net.ipv4.conf.vmbr0.proxy_arp=0` on `nl-pve-01`",
    );
    for (const [address, owner] of [
      ["10.10.0.2", "nl-k8s-01"],
      ["10.10.0.3", "nl-k8s-04"],
    ]) {
      const found = JSON.parse(
        run(`trace r5c ${address} --fleet pointsman-proxy-arp.yaml --tree proxy-arp --json`).stdout,
      );
      expect(found.paths.map((path: string[]) => path[0]).sort()).toEqual(
        [owner, "nl-pve-01", "nl-pve-02"].sort(),
      );
    }
  });

  it("is named with the host and the sysctl that decides, from the router's cache alone", () => {
    const { code, stdout } = run("check --snapshot snapshots/same-mac");
    expect(code).toBe(3);
    expect(stdout).toContain(
      "In the neighbour cache of `r5c` 4 addresses of several hosts have the MAC address 54:e1:ad:a5:1d:0f, which belongs to `vmbr0` of `nl-pve-01`.",
    );
    expect(stdout).toContain(
      "Look at `sysctl net.ipv4.conf.all.proxy_arp` and `net.ipv4.conf.vmbr0.proxy_arp` on `nl-pve-01`",
    );
  });
});
