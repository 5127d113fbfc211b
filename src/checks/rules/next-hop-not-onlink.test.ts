import { describe, expect, it } from "vitest";
import { at } from "../../../test/fleet-builder.js";
import { buildIncident } from "../../../test/incident-fleet.js";
import { configure, lines, refusal, routeStep, runRule } from "../../../test/rule-case.js";
import { nextHopNotOnlink } from "./next-hop-not-onlink.js";

const PLACE = at("machines/nl-k8s-01/networking.nix", 14, 9);
const REPORTED = "10.0.0.0/16 via 10.0.0.1 dev enp1s0";
const SAID =
  "Expected a route that the kernel takes, found one that it refuses: `Error: Nexthop has invalid gateway.`";

describe("next-hop-not-onlink", () => {
  it("names the gateway, the connected prefixes and both ways out of the fix as reported, word for word", () => {
    const findings = runRule(nextHopNotOnlink, {
      snapshot: buildIncident(),
      configurations: configure({ "nl-k8s-01": { steps: [routeStep(REPORTED, PLACE)] } }),
      issues: [refusal("invalid-gateway", PLACE, SAID)],
    });
    expect(findings).toEqual([
      {
        rule: "next-hop-not-onlink",
        severity: "error",
        message:
          "The route `10.0.0.0/16 via 10.0.0.1` of `nl-k8s-01` needs `10.0.0.1` on-link, but no connected prefix of the host contains it: the kernel refuses the route, and a boot ends without it.",
        host: "nl-k8s-01",
        source: PLACE,
        evidence: ["connected prefixes of `nl-k8s-01`: `10.10.0.0/16` on `enp1s0`", SAID],
        wayOut:
          "Declare `10.0.0.1` as a neighbour with `onlink`; or use a gateway inside a connected prefix: `10.10.0.1` is an address of `r5c`, which forwards.",
      },
    ]);
  });

  it("offers no gateway where nobody inside the prefix forwards", () => {
    const r5c = { links: { "br-lan": { on: "main", addresses: ["10.0.0.1/16", "10.10.0.1/16"] } } };
    const [finding] = runRule(nextHopNotOnlink, {
      snapshot: buildIncident({ routes: [], hosts: { r5c } }),
      configurations: configure({ "nl-k8s-01": { steps: [routeStep(REPORTED, PLACE)] } }),
      issues: [refusal("invalid-gateway", PLACE)],
    });
    expect(finding?.wayOut).toBe(
      "Declare `10.0.0.1` as a neighbour with `onlink`; or give a forwarding neighbour an address inside a connected prefix of `nl-k8s-01` and use that as the gateway.",
    );
  });

  it("finds the same in a live table, where the route is alive from a wider prefix", () => {
    const snapshot = buildIncident({ routes: [REPORTED] });
    const findings = runRule(nextHopNotOnlink, { snapshot });
    expect(findings).toHaveLength(4);
    expect(lines(findings)[0]).toBe(
      "error nl-k8s-01: The route `10.0.0.0/16 via 10.0.0.1` of `nl-k8s-01` needs `10.0.0.1` on-link, but no connected prefix of the host contains it: it works until the next boot or link flap, then the kernel refuses it.",
    );
  });

  it("says nothing of the same route with `onlink`, or by a gateway inside the prefix", () => {
    const snapshot = buildIncident({ routes: [`${REPORTED} onlink`, "10.11.0.0/16 via 10.10.0.1"] });
    expect(runRule(nextHopNotOnlink, { snapshot })).toEqual([]);
  });

  it("blames only the host that lacks the route where several share the file", () => {
    const steps = [routeStep(REPORTED, PLACE)];
    const wide = { links: { enp1s0: { on: "main", addresses: ["10.10.0.3/8"] } }, routes: [REPORTED] };
    const findings = runRule(nextHopNotOnlink, {
      snapshot: buildIncident({ hosts: { "nl-k8s-04": wide } }),
      configurations: configure({ "nl-k8s-01": { steps }, "nl-k8s-04": { steps } }),
      issues: [refusal("invalid-gateway", PLACE)],
    });
    expect(findings.map((finding) => finding.host)).toEqual(["nl-k8s-01"]);
  });

  it("passes on a refusal that fits no known step", () => {
    const findings = runRule(nextHopNotOnlink, {
      snapshot: buildIncident(),
      issues: [refusal("invalid-gateway", null, SAID)],
    });
    expect(lines(findings)).toEqual([`error fleet: ${SAID}`]);
  });
});
