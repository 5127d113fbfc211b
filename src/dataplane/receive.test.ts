import { describe, expect, it } from "vitest";
import { linkName } from "#model/index.js";
import { buildSnapshot, type HostSketch, ip } from "../../test/fleet-builder.js";
import { buildChooser } from "./chooser.js";
import { type Received, receivePacket } from "./receive.js";
import { type Run, startRun } from "./run.js";
import { buildSnapshotWorld } from "./world.js";

const LINKS = { e0: { addresses: ["10.0.0.1/24"] }, e1: { addresses: ["10.1.0.1/24"] } };

function received(
  sketch: HostSketch,
  source: string,
  destination: string,
): { readonly received: Received; readonly run: Run } {
  const run = startRun(
    buildSnapshotWorld(buildSnapshot({ r: { links: LINKS, ...sketch } })),
    buildChooser(),
    true,
  );
  const packet = { source: ip(source), destination: ip(destination), isError: false };
  return { received: receivePacket(run, { host: 0, link: linkName("e0") }, packet), run };
}

describe("receivePacket", () => {
  it("accepts what is local and says by which route", () => {
    const { received: end, run } = received({}, "10.0.0.5", "10.0.0.1");
    expect(end).toEqual({ kind: "end", end: "accepted" });
    expect(run.hops?.[0]).toMatchObject({ decision: "accept", rule: "local 10.0.0.1/32 dev e0 table local" });
  });

  it("loses what it neither owns nor forwards", () => {
    const { received: end, run } = received({}, "10.0.0.5", "10.1.0.9");
    expect(end).toEqual({ kind: "end", end: "lost" });
    expect(run.hops?.[0]).toMatchObject({ decision: "drop", rule: "not local" });
  });

  it("forwards to the destination itself on a connected prefix", () => {
    const { received: next } = received({ sysctls: { ip_forward: 1 } }, "10.0.0.5", "10.1.0.9");
    expect(next).toMatchObject({
      kind: "forward",
      isRedirecting: false,
      egress: { host: 0, nextHop: ip("10.1.0.9") },
    });
  });

  it("finds that a redirect is sent where the packet leaves by the link it came in on, to a direct neighbour's", () => {
    const sketch = { sysctls: { ip_forward: 1 }, routes: ["10.9.0.0/16 via 10.0.0.7"] };
    const { received: next, run } = received(sketch, "10.0.0.5", "10.9.0.1");
    expect(next).toMatchObject({ kind: "forward", isRedirecting: true });
    expect([...run.findings]).toEqual([
      "`r` sends a redirect to `10.0.0.5`: new next hop `10.0.0.7` for `10.9.0.1`",
    ]);
  });

  it("is unknown on a host of which something is not modelled", () => {
    const issue = {
      code: "x/y",
      severity: "unmodelled",
      message: "A firewall.",
      source: null,
      hint: "",
    } as const;
    const { received: end, run } = received({ unmodelled: [issue] }, "10.0.0.5", "10.0.0.1");
    expect(end).toEqual({ kind: "end", end: "unknown" });
    expect(run.hops?.[0]?.why).toBe("A firewall.");
  });
});
