import { describe, expect, it } from "vitest";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { addressOutsideZone } from "./address-outside-zone.js";

function withNode(address: string) {
  const node = { links: { enp1s0: { on: "main", addresses: [address] } } };
  return { snapshot: buildIncident({ hosts: { "nl-k8s-01": node } }), fleet: buildIncidentFleet() };
}

describe("address-outside-zone", () => {
  it("says nothing of the incident's fleet before the change", () => {
    expect(runRule(addressOutsideZone, { snapshot: buildIncident(), fleet: buildIncidentFleet() })).toEqual(
      [],
    );
  });

  it("warns of an address in a zone of other roles", () => {
    expect(lines(runRule(addressOutsideZone, withNode("10.11.0.7/16")))).toEqual([
      "warning nl-k8s-01: `10.11.0.7/16` of `nl-k8s-01` lies in zone `management`, which is not for role `node`.",
    ]);
  });

  it("warns of a prefix that reaches from its own zone into others", () => {
    expect(lines(runRule(addressOutsideZone, withNode("10.10.0.2/8")))).toEqual([
      "warning nl-k8s-01: `10.10.0.2/8` of `nl-k8s-01` reaches beyond zone `infra` into `trusted` and `management`.",
    ]);
  });

  it("notes an address in no zone at all, except on a router, which leads out", () => {
    expect(lines(runRule(addressOutsideZone, withNode("192.168.5.2/24")))).toEqual([
      "note nl-k8s-01: `192.168.5.2/24` of `nl-k8s-01` lies in no zone of the fleet file.",
    ]);
    const r5c = { links: { wan: { addresses: ["203.0.113.5/24"] } } };
    const given = { snapshot: buildIncident({ routes: [], hosts: { r5c } }), fleet: buildIncidentFleet() };
    expect(runRule(addressOutsideZone, given)).toEqual([]);
  });
});
