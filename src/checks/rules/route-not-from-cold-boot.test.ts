import { describe, expect, it } from "vitest";
import { linkName } from "#model/index.js";
import { at, buildSnapshot } from "../../../test/fleet-builder.js";
import { configure, lines, runRule } from "../../../test/rule-case.js";
import { routeNotFromColdBoot } from "./route-not-from-cold-boot.js";

function host(...routes: readonly string[]) {
  return buildSnapshot({
    a: { links: { eth0: { addresses: ["10.10.0.2/16"] }, "flannel.1": { addresses: [] } }, routes },
  });
}

describe("route-not-from-cold-boot", () => {
  it("finds a route that only an earlier prefix made possible, without any configuration", () => {
    expect(lines(runRule(routeNotFromColdBoot, { snapshot: host("default via 10.9.0.1 dev eth0") }))).toEqual(
      [
        "error a: The route `0.0.0.0/0 via 10.9.0.1 dev eth0` of `a` is alive from an earlier prefix: a cold boot would not give it.",
      ],
    );
  });

  it("finds a route that was typed by hand", () => {
    const snapshot = host("default via 10.10.0.1", "10.11.0.0/16 via 10.10.0.1");
    const findings = runRule(routeNotFromColdBoot, { snapshot, booted: host("default via 10.10.0.1") });
    expect(lines(findings)).toEqual([
      "warning a: The route `10.11.0.0/16 via 10.10.0.1 dev eth0` of `a` is in the kernel, but the configuration does not give it.",
    ]);
  });

  it("says nothing of what comes back by itself: DHCP, routing daemons, flannel", () => {
    const snapshot = host(
      "default via 10.10.0.1 proto dhcp",
      "10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink",
      "10.12.0.0/16 via 10.10.0.1 proto bird",
    );
    expect(runRule(routeNotFromColdBoot, { snapshot, booted: host() })).toEqual([]);
    const dynamicLinks = [{ link: linkName("eth0"), protocol: "dhcp", source: at("a.conf", 1) }];
    const configurations = configure({ a: { dynamicLinks } });
    const byClient = host("default via 10.10.0.1");
    expect(runRule(routeNotFromColdBoot, { snapshot: byClient, booted: host(), configurations })).toEqual([]);
  });

  it("says nothing of a live host that is as its configuration says", () => {
    const snapshot = host("default via 10.10.0.1");
    expect(runRule(routeNotFromColdBoot, { snapshot, booted: host("default via 10.10.0.1") })).toEqual([]);
  });
});
