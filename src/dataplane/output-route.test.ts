import { describe, expect, it } from "vitest";
import { formatIPv4 } from "#ip/index.js";
import { buildHost, type HostSketch, ip } from "../../test/fleet-builder.js";
import { compileHost } from "./compiled-host.js";
import { routeOutput } from "./output-route.js";

const BASE: HostSketch = {
  links: { e0: { addresses: ["10.0.0.1/24"] }, e1: { addresses: ["10.1.0.1/24"] } },
  routes: ["default via 10.0.0.9"],
};

function output(to: string, source: string | null = null, sketch: HostSketch = BASE): string {
  const result = routeOutput(
    compileHost(buildHost("a", sketch)),
    source === null ? null : ip(source),
    ip(to),
  );
  switch (result.kind) {
    case "out":
    case "broadcast":
      return `${result.kind} ${result.out.name} from ${formatIPv4(result.source)}`;
    case "local":
      return `local from ${formatIPv4(result.source)}`;
    case "drop":
      return result.rule;
    case "unknown":
      return result.why;
  }
}

describe("routeOutput", () => {
  it("sends by the route's link with the address that fits the gateway", () => {
    expect(output("9.9.9.9")).toBe("out e0 from 10.0.0.1");
  });

  it("keeps a given source, whatever the link", () => {
    expect(output("9.9.9.9", "10.1.0.1")).toBe("out e0 from 10.1.0.1");
  });

  it("drops a packet whose source is no address of the host any more", () => {
    expect(output("9.9.9.9", "10.5.5.5")).toBe("source not own");
  });

  it("delivers an own address locally, from itself", () => {
    expect(output("10.1.0.1")).toBe("local from 10.1.0.1");
  });

  it("does not send a request to a broadcast address, but does send what the host answers", () => {
    expect(output("10.0.0.255")).toBe("broadcast");
    expect(output("10.0.0.255", "10.0.0.1")).toBe("broadcast e0 from 10.0.0.1");
  });

  it.each([
    ["224.0.0.1", "no unicast address"],
    ["255.255.255.255", "no unicast address"],
    ["0.0.0.0", "no unicast address"],
  ])("does not send to %s", (to, rule) => {
    expect(output(to)).toBe(rule);
  });

  it("says which route refuses, or that there is none", () => {
    expect(output("10.9.0.1", null, { ...BASE, routes: ["unreachable 10.9.0.0/16"] })).toBe("unreachable");
    expect(output("10.9.0.1", null, { ...BASE, routes: [] })).toBe("no route");
  });
});
