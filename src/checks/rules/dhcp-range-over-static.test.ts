import { describe, expect, it } from "vitest";
import type { DhcpRange } from "#model/index.js";
import { linkName } from "#model/index.js";
import { at, buildSnapshot, ip } from "../../../test/fleet-builder.js";
import { buildIncident } from "../../../test/incident-fleet.js";
import { configure, lines, runRule } from "../../../test/rule-case.js";
import { dhcpRangeOverStatic } from "./dhcp-range-over-static.js";

function range(first: string, last: string, link: string | null = "br-lan"): DhcpRange {
  return {
    link: link === null ? null : linkName(link),
    network: null,
    first: ip(first),
    last: ip(last),
    source: at("r5c/dhcp", 7),
  };
}

describe("dhcp-range-over-static", () => {
  it("names the range and the hosts whose addresses lie in it", () => {
    const configurations = configure({ r5c: { dhcpRanges: [range("10.10.0.4", "10.10.0.250")] } });
    const findings = runRule(dhcpRangeOverStatic, { snapshot: buildIncident(), configurations });
    expect(lines(findings)).toEqual([
      "error r5c: The DHCP range `10.10.0.4` to `10.10.0.250` of `r5c` has 2 static addresses in it.",
    ]);
    expect(findings[0]?.source).toEqual(at("r5c/dhcp", 7));
    expect(findings[0]?.evidence).toEqual([
      "`nl-k8s-02`: `10.10.0.4` on `enp1s0`",
      "`nl-k8s-03`: `10.10.0.5` on `enp1s0`",
    ]);
  });

  it("says nothing of a range beside the addresses, and of the server's own", () => {
    const configurations = configure({
      r5c: { dhcpRanges: [range("10.10.0.100", "10.10.0.250"), range("10.0.0.1", "10.0.0.9")] },
    });
    expect(runRule(dhcpRangeOverStatic, { snapshot: buildIncident(), configurations })).toEqual([]);
  });

  it("says nothing of addresses that a live host got by DHCP", () => {
    const booted = buildIncident();
    const leased = { links: { eth0: { on: "main", addresses: ["10.10.0.120/16"] } } };
    const configurations = configure({ r5c: { dhcpRanges: [range("10.10.0.100", "10.10.0.250", null)] } });
    const snapshot = buildIncident({ hosts: { guest: leased } });
    expect(runRule(dhcpRangeOverStatic, { snapshot, booted, configurations })).toEqual([]);
    expect(runRule(dhcpRangeOverStatic, { snapshot, configurations })).toHaveLength(1);
  });

  it("says nothing of hosts that do not hear the server", () => {
    const snapshot = buildSnapshot({
      r: { links: { lan: { on: "main", addresses: ["10.0.0.1/24"] } } },
      a: { links: { eth0: { on: "main", addresses: ["10.0.0.9/24"] } } },
      b: { links: { eth0: { on: "other", addresses: ["10.0.0.120/24"] } } },
    });
    const configurations = configure({ r: { dhcpRanges: [range("10.0.0.100", "10.0.0.200", "lan")] } });
    expect(runRule(dhcpRangeOverStatic, { snapshot, configurations })).toEqual([]);
  });
});
