import { describe, expect, it } from "vitest";
import type { PlanView, StepView } from "../plan-view.js";
import { describeBlastRadius, shortDigest } from "./blast-radius.js";

function step(host: string, ...commands: readonly string[]): StepView {
  return { host, operations: commands.map((command) => ({ command })), revert: [] };
}

function plan(steps: readonly StepView[], given: Partial<PlanView> = {}): PlanView {
  const phase = {
    steps,
    gate: { consecutive: 1, settleSeconds: 0, timeoutSeconds: 1 },
    proof: { states: "1", flows: 1, classes: 1, walks: 1 },
    expected: [],
  };
  return {
    fleet: "home",
    from: "a",
    to: "b",
    result: "proved",
    strategy: "live",
    assumptions: [],
    clusters: [{ name: "home", servers: ["n1", "n2", "n3"], agents: ["n4"] }],
    hosts: ["n1", "n2", "n3", "n4", "r1"].map((name) => ({ name, role: "node", os: "debian", ssh: null })),
    helpers: [],
    phases: [phase],
    digest: "sha256:0123456789abcdef",
    ...given,
  };
}

describe("The blast radius of a plan", () => {
  it("is its hosts, its etcd members, its gateways and what stands still", () => {
    const steps = [
      step("n1", "ip addr add 10.0.0.1/8 dev e0"),
      step("n2", "ip route replace default via 10.0.0.9 dev e0"),
      step("r1", "sysctl -w a=1"),
    ];
    expect(describeBlastRadius(plan(steps), 5)).toBe(
      "3 of 5 hosts, 2 of 3 etcd members, gateway changes on 1 host, nothing stands still",
    );
  });

  it("names the cluster where there are several", () => {
    const clusters = [
      { name: "a", servers: ["n1"], agents: [] },
      { name: "b", servers: ["n2"], agents: [] },
    ];
    expect(
      describeBlastRadius(
        plan([step("n1", "ip route del 0.0.0.0/0")], { clusters, strategy: "full-stop" }),
        5,
      ),
    ).toBe(
      "1 of 5 hosts, 1 of 1 etcd members of a, 0 of 1 etcd members of b, gateway changes on 1 host, the cluster stands still",
    );
  });

  it("does not take another route for the gateway", () => {
    const steps = [step("n1", "ip route add 10.0.0.0/16 via 10.0.0.1 dev e0")];
    expect(describeBlastRadius(plan(steps), 5)).not.toContain("gateway");
  });

  it("is approved by the first eight characters behind the name of the digest", () => {
    expect(shortDigest("sha256:0123456789abcdef")).toBe("01234567");
  });
});
