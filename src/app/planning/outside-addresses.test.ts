import { describe, expect, it } from "vitest";
import { contains, formatIPv4, type IPv4, type Prefix, parsePrefix } from "#ip/index.js";
import { buildSnapshot } from "../../../test/fleet-builder.js";
import { findOutsideAddresses } from "./outside-addresses.js";

const fleet = buildSnapshot({
  a: {
    links: { e0: { on: "s", addresses: ["10.10.0.2/16"] } },
    routes: ["default via 10.10.0.1", "10.11.0.0/16 via 10.10.0.1"],
  },
  r: { links: { e0: { on: "s", addresses: ["10.10.0.1/16"] } } },
});
const staged = [...fleet.hosts.values()].map((host) => ({ id: host.id, stages: [host] }));

describe("findOutsideAddresses", () => {
  it("gives one address for each routed network that only it holds, and none for connected ones", () => {
    const found = findOutsideAddresses(staged);
    expect(found).toHaveLength(2);
    expect(found.filter((address) => isIn(address, "10.11.0.0/16"))).toHaveLength(1);
    expect(found.filter((address) => isIn(address, "10.10.0.0/16"))).toHaveLength(0);
    expect(
      found.every((address) => address >>> 24 < 224),
      found.map(formatIPv4).join(),
    ).toBe(true);
  });
});

function isIn(address: IPv4, text: string): boolean {
  const network: Prefix | null = parsePrefix(text);
  return network !== null && contains(network, address);
}
