import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderOperation } from "#formats/iproute2/index.js";
import type { Host, PortVlans } from "#model/index.js";
import { buildHost } from "../../test/fleet-builder.js";
import { findDifference } from "./difference.js";

const DEFAULT: PortVlans = { pvid: 1, untagged: [1], tagged: [] };

function hypervisor(tap: PortVlans, bridge = DEFAULT): Host {
  return buildHost("pve", {
    links: {
      vmbr0: { type: { kind: "bridge", isVlanAware: true }, bridgeVlans: bridge, mac: "02:00:00:00:00:01" },
      eno1: { on: "main", master: "vmbr0", bridgeVlans: { pvid: 1, untagged: [1], tagged: [10, 20] } },
      tap1: { on: "vm", master: "vmbr0", bridgeVlans: tap },
    },
  });
}

function commands(before: Host, after: Host): readonly string[] {
  const difference = findDifference(before, after);
  return difference.kind === "found" ? difference.operations.map(renderOperation) : difference.remaining;
}

describe("The VLANs of a bridge port", () => {
  it("change by taking the untagged one away before the new one is given", () => {
    const before = hypervisor({ pvid: 10, untagged: [10], tagged: [] });
    expect(commands(before, hypervisor({ pvid: 20, untagged: [20], tagged: [] }))).toEqual([
      "bridge vlan del dev tap1 vid 10",
      "bridge vlan add dev tap1 vid 20 pvid untagged",
    ]);
  });

  it("are added before others are removed where they are tagged, a run of them at once", () => {
    const before = hypervisor({ ...DEFAULT, tagged: [2, 3, 4, 9] });
    expect(commands(before, hypervisor({ ...DEFAULT, tagged: [4, 5, 6, 9] }))).toEqual([
      "bridge vlan add dev tap1 vid 5-6",
      "bridge vlan del dev tap1 vid 2-3",
    ]);
  });

  it("become tagged before another one takes their place", () => {
    const before = hypervisor({ pvid: 10, untagged: [10], tagged: [20] });
    expect(commands(before, hypervisor({ pvid: 20, untagged: [20], tagged: [10] }))).toEqual([
      "bridge vlan add dev tap1 vid 10",
      "bridge vlan add dev tap1 vid 20 pvid untagged",
    ]);
  });

  it("of the bridge itself are set with `self`", () => {
    const before = hypervisor(DEFAULT);
    expect(commands(before, hypervisor(DEFAULT, { ...DEFAULT, tagged: [10] }))).toEqual([
      "bridge vlan add dev vmbr0 vid 10 self",
    ]);
  });

  it("always end as the target has them", () => {
    const vlan = fc.integer({ min: 1, max: 6 });
    const vlans: fc.Arbitrary<PortVlans> = fc
      .record({ ids: fc.uniqueArray(vlan), plain: fc.uniqueArray(vlan), pvid: fc.option(vlan) })
      .map(({ ids, plain, pvid }) => {
        const untagged = ids.filter((id) => plain.includes(id)).sort((a, b) => a - b);
        const tagged = ids.filter((id) => !plain.includes(id)).sort((a, b) => a - b);
        return { untagged, tagged, pvid: pvid !== null && ids.includes(pvid) ? pvid : null };
      });
    fc.assert(
      fc.property(vlans, vlans, (before, after) => {
        expect(findDifference(hypervisor(before), hypervisor(after)).kind).toBe("found");
      }),
    );
  });
});
