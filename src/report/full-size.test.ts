import { describe, expect, it } from "vitest";
import { judgeOne } from "#dataplane/index.js";
import { hostId } from "#model/index.js";
import { buildSnapshot, ip } from "../../test/fleet-builder.js";
import { renderNoPlanText, renderTraceText, renderWitness } from "./index.js";

const fleet = buildSnapshot({
  a: { links: { e0: { on: "s", mtu: 9000, addresses: ["10.0.0.1/24"] } } },
  b: { links: { e0: { on: "s", mtu: 1500, addresses: ["10.0.0.2/24"] } } },
});
const a = hostId("a");
const to = ip("10.0.0.2");

describe("The size of packets in words", () => {
  it.each([
    [9000, "a to 10.0.0.2 with packets of 9000 bytes: lost, the request does not arrive."],
    ["full", "a to 10.0.0.2 with packets of 1500 bytes: delivered, request and reply arrive."],
  ] as const)("heads a trace: %s", (size, line) => {
    const flow = judgeOne(fleet, a, to, size);
    expect(renderTraceText({ flow, target: null }).split("\n")[0]).toBe(line);
  });

  it("heads a trace of full-size packets that never left the host, or were not sent", () => {
    const flow = judgeOne(fleet, a, ip("10.0.0.1"), "full");
    expect(renderTraceText({ flow, target: null })).toMatch(/^a to 10\.0\.0\.1 with full-size packets: /);
  });

  it("is part of a witness", () => {
    const { hops } = judgeOne(fleet, a, to, 9000);
    const witness = {
      flow: { from: a, to, size: "full" },
      demand: "delivered",
      verdict: "lost",
      path: [],
      back: [],
      hops,
      stages: [],
      alike: new Map(),
      memories: [],
    } as const;
    expect(renderWitness(witness)).toContain("Flow a to 10.0.0.2 with full-size packets is lost");
  });

  it("is part of why a target is refused", () => {
    const broken = { from: a, to: "10.0.0.2", size: "full", why: null } as const;
    const text = renderNoPlanText({
      result: "refused",
      from: "now",
      to: "then",
      why: "The target breaks flows.",
      findings: [],
      flows: [{ ...broken, before: ["delivered"], after: ["lost"] }],
      tried: [],
    });
    expect(text).toContain("a to 10.0.0.2 with full-size packets: delivered now, lost after");
  });
});
