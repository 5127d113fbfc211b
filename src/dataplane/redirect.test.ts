import { describe, expect, it } from "vitest";
import { linkName } from "#model/index.js";
import { buildHost, buildSnapshot, type HostSketch, ip } from "../../test/fleet-builder.js";
import { buildChooser } from "./chooser.js";
import { compileHost } from "./compiled-host.js";
import { walkFlow } from "./flow.js";
import { isRedirecting } from "./redirect-rules.js";
import { startRun } from "./run.js";
import { buildSnapshotWorld } from "./world.js";

function redirecting(sysctls: HostSketch["sysctls"], source: string, gateway: string): boolean {
  const links = { e0: { addresses: ["10.0.0.1/24", "10.5.0.1/24"] }, e1: {} };
  const host = compileHost(buildHost("r", { links, sysctls: sysctls ?? {} }));
  const link = host.linkByName.get(linkName("e0"));
  if (link === undefined) throw new RangeError("expected link e0");
  return isRedirecting(link, link, ip(source), ip(gateway));
}

describe("isRedirecting", () => {
  it("is told by the shared medium alone, which is the kernel's default", () => {
    expect(redirecting({}, "10.0.0.5", "10.5.0.5")).toBe(true);
  });

  it("wants one prefix for source and gateway where the medium is not shared", () => {
    const own = { "conf.all.shared_media": 0, "conf.e0.shared_media": 0 };
    expect([redirecting(own, "10.0.0.5", "10.5.0.5"), redirecting(own, "10.0.0.5", "10.0.0.6")]).toEqual([
      false,
      true,
    ]);
  });

  it("is not where send_redirects is off for all and the link", () => {
    expect(
      redirecting({ "conf.all.send_redirects": 0, "conf.e0.send_redirects": 0 }, "10.0.0.5", "10.5.0.5"),
    ).toBe(false);
  });
});

describe("redirect", () => {
  /** Whether `a` has asked for the next hop that the router names, after one request to 10.9.0.1. */
  function asked(sketch: HostSketch): boolean {
    const world = buildSnapshotWorld(
      buildSnapshot({
        a: {
          links: { e0: { on: "s", addresses: ["10.0.0.2/24"] } },
          routes: ["default via 10.0.0.1"],
          ...sketch,
        },
        r: {
          links: { e0: { on: "s", addresses: ["10.0.0.1/24"] } },
          sysctls: { ip_forward: 1 },
          routes: ["10.9.0.0/16 via 10.0.0.3"],
        },
        b: { links: { e0: { on: "s", addresses: ["10.0.0.3/24"] } } },
      }),
    );
    const run = startRun(world, buildChooser(), false);
    walkFlow(run, { host: 0, to: ip("10.9.0.1") });
    return run.learnt.has(`0 ${ip("10.0.0.3")} e0`);
  }

  it("makes the source ask for its new next hop at once", () => {
    expect(asked({})).toBe(true);
  });

  it("is passed over where the source accepts no redirects", () => {
    expect(asked({ sysctls: { "conf.all.accept_redirects": 0, "conf.e0.accept_redirects": 0 } })).toBe(false);
  });
});
