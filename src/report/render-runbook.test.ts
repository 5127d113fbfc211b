import { describe, expect, it } from "vitest";
import type { PlanView } from "./plan-view.js";
import { renderPlanText } from "./render-plan-text.js";
import { renderRunbook } from "./render-runbook.js";

const PLAN: PlanView = {
  fleet: "home",
  from: "old",
  to: "new",
  result: "proved",
  strategy: "rolling-stop",
  assumptions: ["all ports are on one switch"],
  clusters: [{ name: "c", servers: ["n1"], agents: ["n2"] }],
  hosts: [
    { name: "n1", role: "node", os: "nixos", ssh: "root@n1.lan" },
    { name: "n2", role: "node", os: "debian", ssh: null },
    { name: "r", role: "router", os: "openwrt", ssh: "root@r" },
  ],
  helpers: [],
  phases: [
    {
      steps: [
        {
          host: "n1",
          operations: [{ command: "ip route add 10.9.0.0/16 via 10.0.0.2 dev e0" }],
          revert: ["ip route del 10.9.0.0/16"],
        },
        { host: "r", operations: [{ command: "ip addr add 10.9.0.1/16 dev e0" }], revert: [] },
      ],
      gate: { consecutive: 3, settleSeconds: 5, timeoutSeconds: 120 },
      proof: { states: "4", flows: 9, classes: 3, walks: 12 },
      expected: [
        { from: "n1", to: "10.0.0.2", during: ["delivered"], after: ["delivered"] },
        { from: "n1", to: "10.0.0.9", during: ["lost"], after: ["lost"] },
      ],
    },
  ],
  digest: "sha256:00",
};

describe("renderRunbook", () => {
  const book = renderRunbook(PLAN);

  it("stops and starts a member around its own commands under `rolling-stop`", () => {
    expect(book).toContain(
      "ssh root@n1.lan sh -e <<'EOF'\nsystemctl stop k3s\nip route add 10.9.0.0/16 via 10.0.0.2 dev e0\nsystemctl start k3s\nEOF",
    );
    expect(book).toContain("ssh root@r sh -e <<'EOF'\nip addr add 10.9.0.1/16 dev e0\nEOF");
  });

  it("has a line to tick off for what a person does for a host, between the scripts of its other commands", () => {
    const [phase] = PLAN.phases;
    if (phase === undefined) throw new RangeError("expected a phase");
    const commands = ["ip link set dev e0 up", "# by hand: tell etcd", "ip link set dev e1 up"];
    const steps = [{ host: "r", operations: commands.map((command) => ({ command })), revert: commands }];
    const own = renderRunbook({ ...PLAN, phases: [{ ...phase, steps }] });
    const script = (command: string): string =>
      `\`\`\`bash\nssh root@r sh -e <<'EOF'\n${command}\nEOF\n\`\`\``;
    const expected = [
      script("ip link set dev e0 up"),
      "- [ ] For `r`: Tell etcd.",
      script("ip link set dev e1 up"),
    ];
    expect(own.split(expected.join("\n\n"))).toHaveLength(3);
  });

  it("measures the cells that must fail as well", () => {
    expect(book).toContain("for to in 10.0.0.2; do");
    expect(book).toContain(
      'for to in 10.0.0.9; do ping -c 1 -W 2 $to >/dev/null && echo "UNEXPECTED n1 -> $to"',
    );
  });

  it("says so where no commands lead back", () => {
    expect(book).toContain(
      "No commands are known that lead `r` back: before Step 8 reboot it, after Step 8 use its platform's own way.",
    );
  });

  it("reaches a host without a destination for ssh by its name", () => {
    expect(book).toContain("ssh n2 'ip neigh flush all'");
  });
});

describe("renderPlanText", () => {
  it("has each step with its way back, the proof and the gate", () => {
    expect(renderPlanText(PLAN).split("\n")).toEqual([
      "Plan for home: old -> new",
      "",
      "Proved, strategy rolling-stop: the services of one member stand still at a time; all other flows keep working in every state.",
      "",
      "Phase 1 of 1: 2 hosts, in any order or all at once",
      "  n1",
      "    ip route add 10.9.0.0/16 via 10.0.0.2 dev e0",
      "    back: ip route del 10.9.0.0/16",
      "  r",
      "    ip addr add 10.9.0.1/16 dev e0",
      "  Proof: all 4 states, 9 flows, 3 classes of hosts, 12 walks",
      "  Gate:  1 flow delivered and 1 not, as expected cell by cell, 3 times in a row over 5 s",
      "",
      "Assumed (1):",
      "  - all ports are on one switch",
      "",
      "Digest sha256:00",
      "",
    ]);
  });
});
