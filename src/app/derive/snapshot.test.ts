import { describe, expect, it } from "vitest";
import { judgeMatrix } from "#dataplane/index.js";
import { parseFleet } from "#formats/fleet/index.js";
import { DIALECTS } from "#formats/index.js";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { emptyConfiguration, type Fleet, type Host, hostId, mergeConfigurations } from "#model/index.js";
import { type DerivedNetwork, deriveSnapshot } from "./snapshot.js";

interface Given {
  readonly backend: string;
  /** Interfaces file of each host; n1, n2 are servers, n3 an agent. */
  readonly files?: Readonly<Record<string, string>>;
  readonly k3s?: Readonly<Record<string, string>>;
  readonly cluster?: string;
}

const HOSTS = ["n1", "n2", "n3"];

function derive(given: Given): DerivedNetwork {
  const { fleet, texts } = describeFleet(given);
  const tree = { read: (path: string) => texts.get(path) ?? null, list: () => [] };
  const configurations = new Map(
    fleet.hosts.map((host) => [
      host.id,
      mergeConfigurations([
        emptyConfiguration(),
        ...host.configuration.map(({ dialect, path }) => DIALECTS[dialect](tree, path)),
      ]),
    ]),
  );
  return deriveSnapshot(fleet, configurations);
}

function describeFleet({ backend, files, k3s, cluster }: Given): {
  readonly fleet: Fleet;
  readonly texts: ReadonlyMap<string, string>;
} {
  const texts = new Map<string, string>();
  const hosts = HOSTS.map((name, index) => {
    texts.set(`${name}/interfaces`, files?.[name] ?? interfaces(`10.0.0.${index + 1}/24`, "10.0.0.9"));
    const config = k3s?.[name];
    if (config !== undefined) texts.set(`${name}/config.yaml`, config);
    const line = config === undefined ? "" : `, { k3s: ${name}/config.yaml }`;
    return `  ${name}: { role: node, os: debian, configuration: [{ ifupdown: ${name}/interfaces }${line}] }`;
  });
  const text = `version: 1
name: test
hosts:
${hosts.join("\n")}
segments:
  main:
    ports: [${HOSTS.map((host) => `{ host: ${host}, link: eth0 }`).join(", ")}]
clusters:
  home:
    servers: [n1, n2]
    agents: [n3]
    backend: ${backend}
${cluster ?? ""}`;
  const parsed = parseFleet(text, "pointsman.yaml");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return { fleet: parsed.value.fleet, texts };
}

function interfaces(address: string, gateway: string | null): string {
  const line = gateway === null ? "" : `  gateway ${gateway}\n`;
  return `auto eth0\niface eth0 inet static\n  address ${address}\n${line}`;
}

function host(network: DerivedNetwork, name: string): Host {
  const found = network.snapshot.hosts.get(hostId(name));
  if (found === undefined) throw new Error(name);
  return found;
}

function routes(of: Host): readonly string[] {
  return of.routes
    .filter((route) => route.table === 254)
    .map(
      ({ destination, gateway, link, isOnlink }) =>
        `${formatPrefix(destination)} ${gateway === null ? "-" : formatIPv4(gateway)} ${link}${isOnlink ? " onlink" : ""}`,
    );
}

describe("The pod network of a derived snapshot", () => {
  it("has flannel's VXLAN link, addresses, routes, neighbours and forwarding entries", () => {
    const network = derive({ backend: "vxlan" });
    const n1 = host(network, "n1");
    const vxlan = n1.links.find((link) => link.name === "flannel.1");
    expect(vxlan).toMatchObject({
      mtu: 1450,
      isUp: true,
      type: { kind: "vxlan", id: 1, port: 8472, lower: "eth0", isLearning: false },
    });
    expect(n1.addresses.map(({ link, ip, length }) => `${link} ${formatIPv4(ip)}/${length}`)).toEqual([
      "lo 127.0.0.1/8",
      "eth0 10.0.0.1/24",
      "flannel.1 10.42.0.0/32",
      "cni0 10.42.0.1/24",
    ]);
    expect(routes(n1)).toEqual([
      "0.0.0.0/0 10.0.0.9 eth0 onlink",
      "10.0.0.0/24 - eth0",
      "10.42.0.0/24 - cni0",
      "10.42.1.0/24 10.42.1.0 flannel.1 onlink",
      "10.42.2.0/24 10.42.2.0 flannel.1 onlink",
    ]);
    const macs = ["n2", "n3"].map(
      (name) => host(network, name).links.find((link) => link.name === "flannel.1")?.mac,
    );
    expect(n1.neighbours.map(({ ip, mac, state }) => [formatIPv4(ip), mac, state])).toEqual([
      ["10.42.1.0", macs[0], "permanent"],
      ["10.42.2.0", macs[1], "permanent"],
    ]);
    expect(n1.fdb.map(({ mac, remote }) => [mac, remote === null ? "" : formatIPv4(remote)])).toEqual([
      [macs[0], "10.0.0.2"],
      [macs[1], "10.0.0.3"],
    ]);
  });

  it.each(["vxlan", "host-gw"])("of backend %s delivers between all nodes", (backend) => {
    const network = derive({ backend });
    expect(network.issues).toEqual([]);
    const flows = judgeMatrix(network.snapshot);
    expect(flows.filter((flow) => flow.verdict !== "delivered")).toEqual([]);
    expect(flows.map((flow) => flow.to)).toContain("10.42.2.1");
  });

  it("of backend host-gw has routes by the nodes' own addresses, and an issue for each that the kernel refuses", () => {
    const network = derive({
      backend: "host-gw",
      files: { n3: interfaces("10.8.0.3/24", "10.8.0.9") },
    });
    expect(routes(host(network, "n1"))).toContain("10.42.1.0/24 10.0.0.2 eth0");
    expect(routes(host(network, "n1")).join()).not.toContain("10.42.2.0/24");
    expect(network.issues.map(({ code, message }) => `${code}: ${message}`)).toContain(
      "overlay/refused: Expected the kernel of `n1` to accept flannel's route to `10.42.2.0/24`, found its answer `Error: Nexthop has invalid gateway.`.",
    );
  });

  it("follows the servers' configuration before the fleet file", () => {
    const network = derive({
      backend: "vxlan",
      k3s: {
        n1: "flannel-backend: host-gw\ncluster-cidr: 10.77.0.0/16\n",
        n2: "flannel-backend: host-gw\ncluster-cidr: 10.77.0.0/16\n",
      },
    });
    expect(routes(host(network, "n3"))).toContain("10.77.0.0/24 10.0.0.1 eth0");
    expect(host(network, "n3").links.map((link) => link.name)).not.toContain("flannel.1");
  });

  it("has an issue where servers differ in their backend", () => {
    const network = derive({
      backend: "vxlan",
      k3s: { n1: "flannel-backend: vxlan\n", n2: "flannel-backend: host-gw\n" },
    });
    expect(network.issues.map(({ code, source }) => `${code} ${source?.file}`)).toEqual([
      "overlay/backends-differ n2/config.yaml",
    ]);
  });

  it("leaves a node out that has no default route, with an issue", () => {
    const network = derive({ backend: "vxlan", files: { n2: interfaces("10.0.0.2/24", null) } });
    expect(network.issues.map(({ code }) => code)).toEqual(["overlay/no-node-link"]);
    expect(host(network, "n2").links.map((link) => link.name)).toEqual(["lo", "eth0"]);
    expect(routes(host(network, "n1")).join()).not.toContain("10.42.1.0/24");
  });

  it("takes the link of flannel-iface and that link's first address, whatever node-ip says", () => {
    const two = `${interfaces("10.0.0.1/24", "10.0.0.9")}auto dummy7\niface dummy7 inet static\n  address 10.5.0.1/24\n  pre-up ip link add dummy7 type dummy\n`;
    const network = derive({
      backend: "vxlan",
      files: { n1: two },
      k3s: { n1: "flannel-iface: dummy7\nnode-ip: 10.0.0.1\n" },
    });
    expect(host(network, "n2").fdb.map(({ remote }) => remote !== null && formatIPv4(remote))).toContain(
      "10.5.0.1",
    );
    expect(network.issues.map(({ code }) => code)).toContain("overlay/node-ip-elsewhere");
  });

  it("takes the slices that the fleet states, and the next free ones for the others", () => {
    const { fleet } = describeFleet({ backend: "vxlan" });
    const stated = fleet.clusters.map((cluster) => ({
      ...cluster,
      servers: cluster.servers.map((member) =>
        member.host === "n2" ? { ...member, podCidr: { ...cluster.podCidr, length: 24 } } : member,
      ),
    }));
    const network = deriveSnapshot(
      { ...fleet, clusters: stated },
      new Map(fleet.hosts.map(({ id }) => [id, emptyConfiguration()])),
    );
    expect(network.assumptions.join("\n")).toContain(
      "`n1` 10.42.1.0/24, `n2` 10.42.0.0/24, `n3` 10.42.2.0/24",
    );
  });

  it.each([
    ["wireguard-native", "its flannel backend is `wireguard-native`", ["overlay/backend"]],
    ["none", "its flannel backend is `none`", []],
  ])("of backend %s is left out and says so", (backend, why, codes) => {
    const network = derive({ backend });
    expect(network.issues.map(({ code }) => code)).toEqual(codes);
    expect(network.assumptions).toContain(
      `The pod network of cluster \`home\` is not part of the network: ${why}.`,
    );
  });
});

describe("A derived host", () => {
  it("is the same each time, with Ethernet addresses of its own", () => {
    const [first, second] = [derive({ backend: "vxlan" }), derive({ backend: "vxlan" })];
    expect(first).toEqual(second);
    const macs = [...first.snapshot.hosts.values()].flatMap(({ links }) =>
      links.flatMap(({ mac }) => (mac === null ? [] : [mac])),
    );
    expect(new Set(macs).size).toBe(macs.length);
    expect(macs.every((mac) => mac.startsWith("02:"))).toBe(true);
  });

  it("forwards where it is a node of k3s", () => {
    expect(host(derive({ backend: "vxlan" }), "n1").sysctls.get("ip_forward")).toBe(1);
    const other = derive({ backend: "vxlan", cluster: "    distribution: other\n" });
    expect(host(other, "n1").sysctls.get("ip_forward")).not.toBe(1);
  });

  it("is unknown in its verdicts where a file of its could not be read", () => {
    const network = derive({ backend: "none", files: { n2: "address 10.0.0.2\n" } });
    expect(host(network, "n2").unmodelled.map(({ code }) => code)).toEqual(["ifupdown/syntax"]);
    const flow = judgeMatrix(network.snapshot).find(({ from, to }) => from === "n2" && to === "10.0.0.3");
    expect(flow?.verdict).toBe("unknown");
  });
});
