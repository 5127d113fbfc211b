import { describe, expect, it } from "vitest";
import type { StagedHost } from "#dataplane/index.js";
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

  it("leaves no network out, however many there are", () => {
    const networks = numbered(100);
    const found = findOutsideAddresses(routedTo(networks, (index) => `10.10.0.${index + 1}`));
    expect(found).toHaveLength(networks.length);
    for (const network of networks) expect(found.filter((address) => isIn(address, network))).toHaveLength(1);
  });

  it("lets one stand for all that the same routes lead to, where there are many", () => {
    const found = findOutsideAddresses(routedTo(numbered(100), (index) => `10.10.0.${(index % 3) + 1}`));
    expect(found).toHaveLength(3);
  });

  it("keeps a network apart that an invariant names, and one that a shorter network is told from", () => {
    const networks = numbered(100);
    const via = (): string => "10.10.0.1";
    const named = [parsePrefix("172.16.7.0/24")].filter((network) => network !== null);
    expect(findOutsideAddresses(routedTo(networks, via), named)).toHaveLength(2);
    expect(findOutsideAddresses(routedTo([...networks, "172.16.64.0/19"], via))).toHaveLength(2);
    expect(findOutsideAddresses(routedTo(networks, via))).toHaveLength(1);
  });

  it("looks for the last free address of a network that is nearly full", () => {
    const halves = ["10.20.0.0/25", "10.20.0.128/26", "10.20.0.192/27", "10.20.0.232/29", "10.20.0.240/28"];
    const found = findOutsideAddresses(routedTo([...halves, "10.20.0.0/24"], () => "10.10.0.1"));
    expect(found.map(formatIPv4)).toContain("10.20.0.224");
    expect(found).toHaveLength(halves.length + 1);
  });
});

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `172.16.${index}.0/24`);
}

function routedTo(networks: readonly string[], via: (index: number) => string): readonly StagedHost[] {
  const { hosts } = buildSnapshot({
    a: {
      links: { e0: { on: "s", addresses: ["10.10.0.200/16"] } },
      routes: networks.map((network, index) => `${network} via ${via(index)}`),
    },
  });
  return [...hosts.values()].map((host) => ({ id: host.id, stages: [host] }));
}

function isIn(address: IPv4, text: string): boolean {
  const network: Prefix | null = parsePrefix(text);
  return network !== null && contains(network, address);
}
