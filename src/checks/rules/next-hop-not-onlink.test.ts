import { describe, expect, it } from "vitest";
import { bootHost, emptyConfiguration, hostId, linkName, operation } from "#model/index.js";
import { at, buildHost, ip } from "../../../test/fleet-builder.js";
import { buildIncident } from "../../../test/incident-fleet.js";
import { configure, lines, refusal, routeStep, runRule } from "../../../test/rule-case.js";
import { bootRefused } from "./boot-refused.js";
import { nextHopNotOnlink } from "./next-hop-not-onlink.js";
import { twoDefaultRoutes } from "./two-default-routes.js";

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

  it("understands the words of a real boot", () => {
    const address = operation.address({
      link: linkName("enp1s0"),
      ip: ip("10.10.0.2"),
      length: 16,
      source: PLACE,
    });
    const step = { source: at("n.nix", 3), unit: "network", onRefusal: "continue" } as const;
    const steps = [
      { ...step, operation: { kind: "link-up", link: linkName("enp1s0") } as const },
      { ...step, operation: { kind: "address-add", address } as const },
      routeStep("default via 10.10.0.1 dev enp1s0", at("n.nix", 7)),
      routeStep("default via 10.10.0.9 dev enp1s0", at("n.nix", 8)),
      routeStep(REPORTED, PLACE),
    ];
    const configurations = configure({ "nl-k8s-01": { steps } });
    const hardware = buildHost("nl-k8s-01", { links: { enp1s0: {} } }).links;
    const id = hostId("nl-k8s-01");
    const configuration = configurations.get(id) ?? emptyConfiguration();
    const booted = bootHost({ id, configuration, hardware, sysctls: new Map() });
    const snapshot = { hosts: new Map([[id, booted.host]]), segments: [] };
    const given = { snapshot, configurations, issues: booted.issues };
    expect(runRule(nextHopNotOnlink, given).map(({ host, source }) => [host, source])).toEqual([[id, PLACE]]);
    expect(lines(runRule(twoDefaultRoutes, given))).toEqual([
      "warning nl-k8s-01: `nl-k8s-01` is configured with a second default route of metric 0, `default via 10.10.0.9`: the kernel refuses it.",
    ]);
    expect(runRule(bootRefused, given)).toEqual([]);
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
