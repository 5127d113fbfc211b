import { describe, expect, it } from "vitest";
import { DEFAULT_PREFIX, hostPrefix, type IPv4, ipv4, parseIPv4, parsePrefix, prefix } from "#ip/index.js";
import {
  type BootStep,
  emptyConfiguration,
  type HostConfiguration,
  type K3sConfiguration,
} from "./configuration.js";
import type { ConfigurationEdit, EditedRoute } from "./configuration-edit.js";
import { compareEdited, editedRouteText } from "./edited-facts.js";
import { linkName } from "./identifiers.js";
import { type Operation, operation } from "./kernel/operation.js";

const eth0 = linkName("eth0");
const source = { file: "f", line: 1, column: 1 };

function address(text: string): IPv4 {
  return parseIPv4(text) ?? ipv4(0);
}

function boot(...operations: readonly Operation[]): HostConfiguration {
  const steps: readonly BootStep[] = operations.map((each) => ({
    operation: each,
    source,
    unit: "u",
    onRefusal: "continue",
  }));
  return { ...emptyConfiguration(), steps };
}

function has(text: string, link = eth0): Operation {
  const [ip = "", length] = text.split("/");
  return {
    kind: "address-add",
    address: operation.address({ link, ip: address(ip), length: Number(length) }),
  };
}

function routes(
  destination: string,
  via: string,
  more: { readonly isOnlink?: boolean; readonly metric?: number } = {},
): Operation {
  const network = parsePrefix(destination) ?? DEFAULT_PREFIX;
  return {
    kind: "route-add",
    route: operation.route({
      destination: network,
      gateway: address(via),
      link: eth0,
      protocol: "static",
      ...more,
    }),
  };
}

function differences(
  before: HostConfiguration,
  edits: readonly ConfigurationEdit[],
  after: HostConfiguration,
): readonly string[] {
  return compareEdited(before, edits, after).map(({ kind, text }) => `${kind} ${text}`);
}

const gateway = (text: string | null, isOnlink = false): ConfigurationEdit => ({
  kind: "gateway",
  gateway: text === null ? null : address(text),
  link: eth0,
  isOnlink,
});
const wider: ConfigurationEdit = {
  kind: "address-length",
  link: eth0,
  ip: address("10.0.0.2"),
  from: 24,
  to: 16,
};

describe("compareEdited", () => {
  it("finds nothing where exactly what was asked has changed", () => {
    const before = boot(has("10.0.0.2/24"), has("10.1.0.2/24"));
    expect(differences(before, [], before)).toEqual([]);
    expect(differences(before, [wider], boot(has("10.0.0.2/16"), has("10.1.0.2/24")))).toEqual([]);
  });

  it("names what is missing and what nobody asked for", () => {
    const before = boot(has("10.0.0.2/24"), has("10.1.0.2/24"));
    expect(differences(before, [wider], boot(has("10.0.0.2/16"), has("10.1.0.2/16")))).toEqual([
      "missing 10.1.0.2/24 dev eth0",
      "unasked 10.1.0.2/16 dev eth0",
    ]);
    expect(differences(before, [wider], before)).toEqual([
      "missing 10.0.0.2/16 dev eth0",
      "unasked 10.0.0.2/24 dev eth0",
    ]);
  });

  it("does not take another order of addresses for the same: the first of a network is the primary one", () => {
    const before = boot(has("10.0.0.2/24"), has("10.0.0.3/24"));
    expect(differences(before, [], boot(has("10.0.0.3/24"), has("10.0.0.2/24")))).toEqual([
      "unasked another place in the order for 10.0.0.2/24 dev eth0",
    ]);
  });

  it("lets a new fact stand anywhere", () => {
    const before = boot(has("10.0.0.2/24"));
    const added: ConfigurationEdit = { kind: "address-add", link: eth0, ip: address("10.0.0.9"), length: 24 };
    expect(differences(before, [added], boot(has("10.0.0.9/24"), has("10.0.0.2/24")))).toEqual([]);
    expect(differences(before, [added], before)).toEqual(["missing 10.0.0.9/24 dev eth0"]);
  });

  it("takes a new gateway with or without the route that makes it on-link, but not without being asked", () => {
    const before = boot(routes("default", "10.0.0.1"));
    const toGateway: Operation = {
      kind: "route-add",
      route: operation.route({ destination: hostPrefix(address("10.9.0.1")), link: eth0 }),
    };
    const after = boot(toGateway, routes("default", "10.9.0.1"));
    expect(differences(before, [gateway("10.9.0.1", true)], after)).toEqual([]);
    expect(
      differences(
        before,
        [gateway("10.9.0.1", true)],
        boot(routes("default", "10.9.0.1", { isOnlink: true })),
      ),
    ).toEqual([]);
    expect(differences(before, [gateway("10.9.0.1", true)], boot(routes("default", "10.9.0.1")))).toEqual([
      "missing default via 10.9.0.1 dev eth0 onlink",
      "unasked default via 10.9.0.1 dev eth0",
    ]);
    expect(differences(after, [gateway(null)], boot())).toEqual([]);
    expect(differences(before, [], after)).toContain("unasked 10.9.0.1/32 dev eth0");
  });

  it("takes a route without a metric for one of any metric", () => {
    const route: EditedRoute = {
      destination: prefix(address("10.7.0.0"), 16),
      gateway: address("10.0.0.1"),
      link: eth0,
      metric: null,
      isOnlink: false,
    };
    expect(editedRouteText(route)).toBe("10.7.0.0/16 via 10.0.0.1 dev eth0");
    const after = boot(routes("10.7.0.0/16", "10.0.0.1", { metric: 100 }));
    expect(differences(boot(), [{ kind: "route-add", route }], after)).toEqual([]);
    expect(differences(after, [{ kind: "route-remove", route }], boot())).toEqual([]);
    expect(differences(boot(), [{ kind: "route-add", route: { ...route, metric: 5 } }], after)).toEqual([
      "missing 10.7.0.0/16 via 10.0.0.1 dev eth0 metric 5",
      "unasked 10.7.0.0/16 via 10.0.0.1 dev eth0 metric 100",
    ]);
  });

  it("compares everything that no edit is about", () => {
    const sysctl: Operation = { kind: "sysctl", key: "ip_forward", value: 1 };
    expect(differences(boot(sysctl), [], boot())).toEqual(['missing sysctl {"key":"ip_forward","value":1}']);
    const unread = {
      ...boot(),
      issues: [{ code: "x/y", severity: "unmodelled", message: "Odd.", source, hint: "" }],
    } as const;
    expect(differences(boot(), [], unread)).toEqual(["unasked x/y: Odd."]);
  });

  it("knows the flags of k3s apart", () => {
    const k3s: K3sConfiguration = {
      role: "server",
      nodeIp: address("10.0.0.2"),
      flannelBackend: "vxlan",
      flannelLink: null,
      podCidr: null,
      serviceCidr: null,
      server: "https://10.0.0.1:6443",
      tlsSans: [],
      isClusterInit: false,
      source,
    };
    const before = { ...boot(), k3s };
    const after = {
      ...boot(),
      k3s: { ...k3s, nodeIp: address("10.0.0.3"), flannelBackend: "host-gw" },
    } as const;
    const edits: readonly ConfigurationEdit[] = [
      { kind: "node-ip", ip: address("10.0.0.3") },
      { kind: "flannel-backend", backend: "host-gw" },
    ];
    expect(differences(before, edits, after)).toEqual([]);
    expect(differences(before, edits.slice(0, 1), after)).toEqual([
      "missing flannel-backend vxlan",
      "unasked flannel-backend host-gw",
    ]);
    const moved: ConfigurationEdit = { kind: "k3s-server", url: "https://10.0.0.9:6443" };
    expect(differences(before, [moved], { ...before, k3s: { ...k3s, server: moved.url } })).toEqual([]);
  });

  it("lets a VLAN take over the MTU of the link below it", () => {
    const vlan: Operation = {
      kind: "link-add",
      link: {
        name: linkName("eth0.7"),
        type: { kind: "vlan", id: 7, lower: eth0 },
        mac: null,
        mtu: 1500,
        isUp: false,
        hasCarrier: false,
        master: null,
        isNoArp: false,
        source: null,
      },
    };
    const after: Operation = { ...vlan, link: { ...vlan.link, mtu: 9000 } };
    const set: Operation = { kind: "link-mtu", link: eth0, mtu: 9000 };
    expect(differences(boot(vlan), [{ kind: "mtu", link: eth0, mtu: 9000 }], boot(set, after))).toEqual([]);
    expect(differences(boot(vlan), [], boot(after))).toEqual([
      "missing mtu 1500 dev eth0.7",
      "unasked mtu 9000 dev eth0.7",
    ]);
  });
});
