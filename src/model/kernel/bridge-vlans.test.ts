import { describe, expect, it } from "vitest";
import { buildHost } from "../../../test/fleet-builder.js";
import { applyOperation, type Host, linkName, linkOf, type Operation, type PortVlans } from "../index.js";

const TAP = linkName("tap1");
const BRIDGE = linkName("vmbr0");
const START: PortVlans = { pvid: 1, untagged: [1], tagged: [] };

const HOST = buildHost("pve", {
  links: {
    vmbr0: { type: { kind: "bridge", isVlanAware: true }, bridgeVlans: START },
    tap1: { master: "vmbr0", bridgeVlans: START },
    eth9: {},
  },
});

function add(vlan: number, given: Partial<Extract<Operation, { kind: "bridge-vlan-add" }>> = {}): Operation {
  return {
    kind: "bridge-vlan-add",
    link: TAP,
    vlan,
    lastVlan: vlan,
    isPvid: false,
    isUntagged: false,
    isSelf: false,
    ...given,
  };
}

function remove(vlan: number, lastVlan = vlan): Operation {
  return { kind: "bridge-vlan-delete", link: TAP, vlan, lastVlan, isSelf: false };
}

function vlansAfter(
  operations: readonly Operation[],
  link = TAP,
  host = HOST,
): PortVlans | string | undefined {
  let state: Host = host;
  for (const each of operations) {
    const result = applyOperation(state, each);
    if (!result.ok) return result.error.kernelMessage;
    state = result.value;
  }
  return linkOf(state, link)?.bridgeVlans;
}

describe("bridge vlan add and del", () => {
  it("a new PVID takes the place of the old one, which stays a VLAN of the port", () => {
    expect(vlansAfter([add(20, { isPvid: true, isUntagged: true })])).toEqual({
      pvid: 20,
      untagged: [1, 20],
      tagged: [],
    });
  });

  it("a VLAN that is added again has the new flags", () => {
    expect(vlansAfter([add(1)])).toEqual({ pvid: null, untagged: [], tagged: [1] });
  });

  it("a range is added at once, and may not be a PVID", () => {
    expect(vlansAfter([add(5, { lastVlan: 7 })])).toEqual({ ...START, tagged: [5, 6, 7] });
    expect(vlansAfter([add(5, { lastVlan: 7, isPvid: true })])).toBe("RTNETLINK answers: Invalid argument");
  });

  it("the PVID goes with its VLAN", () => {
    expect(vlansAfter([remove(1)])).toEqual({ pvid: null, untagged: [], tagged: [] });
  });

  it("a VLAN that is not there cannot be removed", () => {
    expect(vlansAfter([remove(9)])).toBe("RTNETLINK answers: No such file or directory");
  });

  it("the bridge itself needs `self`, and a link that is no port has no VLANs", () => {
    expect(vlansAfter([add(7, { link: BRIDGE, isSelf: true })], BRIDGE)).toEqual({ ...START, tagged: [7] });
    expect(vlansAfter([add(7, { link: BRIDGE })])).toBe("RTNETLINK answers: Operation not supported");
    expect(vlansAfter([add(7, { link: linkName("eth9") })])).toBe(
      "RTNETLINK answers: Operation not supported",
    );
    expect(vlansAfter([add(7, { link: linkName("eth8") })])).toBe('Cannot find bridge device "eth8"');
  });

  it("VLAN 0 and 4095 do not exist", () => {
    expect(vlansAfter([add(0)])).toBe("RTNETLINK answers: Invalid argument");
    expect(vlansAfter([add(4095)])).toBe("RTNETLINK answers: Invalid argument");
  });

  it("a link that joins has VLAN 1, and one that leaves has none", () => {
    const joining: Operation = { kind: "link-master", link: linkName("eth9"), master: BRIDGE };
    expect(vlansAfter([joining], linkName("eth9"))).toEqual(START);
    expect(vlansAfter([{ kind: "link-master", link: TAP, master: null }])).toBeUndefined();
  });

  it("what is not known stays unknown", () => {
    const unknown = buildHost("pve", {
      links: { vmbr0: { type: { kind: "bridge", isVlanAware: true } }, tap1: { master: "vmbr0" }, eth9: {} },
    });
    const joining: Operation = { kind: "link-master", link: linkName("eth9"), master: BRIDGE };
    expect(vlansAfter([add(7), remove(7)], TAP, unknown)).toBeUndefined();
    expect(vlansAfter([joining], linkName("eth9"), unknown)).toBeUndefined();
  });

  it("a new bridge has VLAN 1, whatever it is to have later", () => {
    const link = linkOf(HOST, BRIDGE);
    if (link === null) throw new Error("no bridge");
    const made: Operation = {
      kind: "link-add",
      link: { ...link, name: linkName("vmbr1"), bridgeVlans: { pvid: 5, untagged: [5], tagged: [6] } },
    };
    expect(vlansAfter([made], linkName("vmbr1"))).toEqual(START);
  });
});
