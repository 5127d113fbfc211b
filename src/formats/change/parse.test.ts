import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { formatSource, type Issue } from "#model/index.js";
import { type Change, parseChange } from "./index.js";

function read(entries: string): Change {
  const parsed = parseChange(`version: 1\nchanges:\n${entries}`, "c.yaml");
  if (!parsed.ok) throw new Error(parsed.error.map(({ message }) => message).join("\n"));
  return parsed.value;
}

function mistakes(text: string): readonly string[] {
  const parsed = parseChange(text, "c.yaml");
  if (parsed.ok) throw new Error("the text was read");
  return parsed.error.map(line);
}

function mistakesIn(entries: string): readonly string[] {
  return mistakes(`version: 1\nchanges:\n${entries}`);
}

function line({ source, message, hint }: Issue): string {
  return `${source === null ? "" : formatSource(source)} ${message} ${hint}`;
}

describe("parseChange", () => {
  it("reads who is meant: a word, a name, or a list of them", () => {
    const [first, second] = read(`  - { hosts: all, prefix: 16 }
  - hosts: [role=node, cluster=prod, segment=main, r5c]
    prefix: 16
`).entries;
    expect(first).toMatchObject({ kind: "hosts", hosts: [{ kind: "all" }] });
    expect(second).toMatchObject({
      hosts: [
        { kind: "role", role: "node" },
        { kind: "cluster", name: "prod" },
        { kind: "segment", name: "main" },
        { kind: "host", name: "r5c", source: { line: 4, column: 52 } },
      ],
    });
  });

  it("reads every wish of an entry, removing before adding", () => {
    const [entry] = read(`  - hosts: all
    mtu: 9000
    routes: { add: ["10.20.0.0/16 via 10.0.0.1 onlink metric 5"], remove: [10.1.0.0/16] }
    gateway: 10.0.0.1
    onlink: true
    addresses: { add: [10.0.0.9/16], remove: [10.0.0.8] }
    prefix: 8
    renumber: { from: 10.0.0.0/24, to: 10.1.0.0/24 }
`).entries;
    const wishes = entry?.kind === "hosts" ? entry.wishes : [];
    expect(wishes.map(({ kind }) => kind)).toEqual([
      "renumber",
      "prefix",
      "address-remove",
      "address-add",
      "route-remove",
      "gateway",
      "route-add",
      "mtu",
    ]);
    const [, , , , , gateway, route] = wishes;
    expect(gateway).toMatchObject({ isOnlink: true });
    expect(route).toMatchObject({ route: { metric: 5, isOnlink: true, link: null } });
  });

  it("reads `link`, `segment` and `within` as the part of each host that is meant", () => {
    const [entry] = read(
      "  - { hosts: all, link: [eth0, eth1], segment: main, within: 10.0.0.0/8, prefix: 16 }\n",
    ).entries;
    const scope = entry?.kind === "hosts" ? entry.scope : null;
    expect(scope).toMatchObject({ links: { names: ["eth0", "eth1"] }, segment: { name: "main" } });
    expect(scope?.within && formatPrefix(scope.within)).toBe("10.0.0.0/8");
  });

  it("reads new addresses host by host, and the back end of a cluster", () => {
    const [hosts, backend] = read(`  - renumber: { a: 10.0.0.7, b: 10.0.0.8/24 }
  - { cluster: home, flannelBackend: host-gw }
`).entries;
    expect(
      hosts?.kind === "renumber-hosts" &&
        hosts.hosts.map((each) => [each.host, formatIPv4(each.ip), each.length]),
    ).toEqual([
      ["a", "10.0.0.7", null],
      ["b", "10.0.0.8", 24],
    ]);
    expect(backend).toMatchObject({ kind: "backend", cluster: "home", backend: "host-gw" });
  });

  it("reads `gateway: none` as no default route", () => {
    const [entry] = read("  - { hosts: a, gateway: none }\n").entries;
    expect(entry).toMatchObject({ wishes: [{ kind: "gateway", gateway: null, isOnlink: null }] });
  });
});

describe("parseChange, of a mistaken file", () => {
  it.each([
    [
      "",
      "c.yaml:1:1 Expected a change file, found an empty one. Write at least `version: 1` and `changes` with one entry, such as `- { hosts: role=node, prefix: 16 }`.",
    ],
    [
      "version: 1\n",
      "c.yaml:1:1 Expected the key `changes` in the change file, found none. Add `changes:` with its value.",
    ],
    [
      "version: 1\nchanges: []\n",
      "c.yaml:2:10 Expected a list with at least one entry, found an empty list. Correct the value.",
    ],
    [
      "version: 2\nchanges: [{ hosts: a, prefix: 1 }]\n",
      "c.yaml:1:10 Expected `1`, found `2`. Write one of the values that are known.",
    ],
  ])("says of %j what was expected", (text, expected) => {
    expect(mistakes(text)).toEqual([expected]);
  });

  it.each([
    [
      "- { hosts: all, prefx: 8 }",
      "c.yaml:3:17 Expected one of the keys `hosts`, `cluster`, `link`, `segment`, `within`, `renumber`, `prefix`, `addresses`, `gateway`, `onlink`, `routes`, `mtu`, `flannelBackend`, found `prefx`. Did you mean `prefix`? Remove the key or correct it.",
    ],
    [
      "- { prefix: 8 }",
      "c.yaml:3:3 Expected `hosts` in the entry, found none. Say for whom it is: `hosts: all`, `hosts: role=node`, `hosts: segment=main`, or names.",
    ],
    [
      "- { hosts: all }",
      "c.yaml:3:3 Expected one of `renumber`, `prefix`, `addresses`, `gateway`, `routes`, `mtu`, `flannelBackend` in the entry, found none. Say what is to be different for these hosts, or remove the entry.",
    ],
    [
      "- { hosts: role=nod, prefix: 8 }",
      "c.yaml:3:12 Expected one of the roles `node`, `hypervisor`, `router`, `other`, found `nod`. Did you mean `node`? Write the role as the fleet file has it.",
    ],
    [
      "- { hosts: rol=node, prefix: 8 }",
      "c.yaml:3:12 Expected `all`, `role=...`, `cluster=...`, `segment=...`, a host's name, or a list of these, found `rol=node`. Did you mean `role`? Write the selector as `role=node`.",
    ],
    [
      "- { hosts: { a: b }, prefix: 8 }",
      "c.yaml:3:12 Expected `all`, `role=...`, `cluster=...`, `segment=...`, a host's name, or a list of these, found a mapping. Correct the value.",
    ],
    ["- { hosts: all, prefix: 33 }", "c.yaml:3:25 Expected at most 32, found `33`. Correct the value."],
    [
      "- { hosts: all, gateway: 10.0.0.1/8 }",
      "c.yaml:3:26 Expected an IPv4 address such as `10.0.0.1`, found `10.0.0.1/8`. Correct the value.",
    ],
    [
      "- { hosts: all, onlink: true, mtu: 9000 }",
      "c.yaml:3:17 Expected `gateway` beside `onlink`, found `onlink`. Move it into an entry of its own.",
    ],
    [
      "- { hosts: all, renumber: { from: 10.0.0.0/24, to: 10.1.0.0/16 } }",
      "c.yaml:3:17 Expected two networks of one length, found `10.0.0.0/24` and `10.1.0.0/16`. Give both the same length, so that each host keeps its part of the address; add `prefix:` where the prefix length changes as well.",
    ],
    [
      "- { hosts: all, routes: { add: [10.0.0.0/8 over 10.0.0.1] } }",
      "c.yaml:3:33 Expected a route such as `10.20.0.0/16 via 10.0.0.1`, found `10.0.0.0/8 over 10.0.0.1`: `over` is not modelled here. Write it as behind `ip route add`: network, `via` gateway, `dev` link, `metric` number, `onlink`.",
    ],
    [
      "- { hosts: all, routes: { add: [blackhole 10.0.0.0/8] } }",
      "c.yaml:3:33 Expected a route such as `10.20.0.0/16 via 10.0.0.1`, found `blackhole 10.0.0.0/8`: a route of type `blackhole` is written by hand. Write it as behind `ip route add`: network, `via` gateway, `dev` link, `metric` number, `onlink`.",
    ],
    [
      "- { cluster: home }",
      "c.yaml:3:3 Expected the key `flannelBackend` in the entry, found none. Add `flannelBackend:` with its value.",
    ],
    [
      "- { cluster: home, flannelBackend: hostgw }",
      "c.yaml:3:36 Expected one of `vxlan`, `host-gw`, `wireguard-native`, `none`, found `hostgw`. Did you mean `host-gw`? Write one of the values that are known.",
    ],
    [
      "- { cluster: home, flannelBackend: host-gw, mtu: 9000 }",
      "c.yaml:3:45 Expected `cluster` and `flannelBackend` alone in their entry, found `mtu`. Move it into an entry of its own.",
    ],
    [
      "- { renumber: { a: 10.0.0.7 }, hosts: all }",
      "c.yaml:3:32 Expected `renumber` with hosts alone in its entry, or beside `link`, `segment` or `within`, found `hosts`. Move it into an entry of its own.",
    ],
  ])("says of `%s` what was expected", (entry, expected) => {
    expect(mistakesIn(entry)).toEqual([expected]);
  });

  it("never throws, whatever the text", () => {
    const words = fc.constantFrom(
      ..."version: 1|\n|changes:|  - |hosts: all|{|}|[|]|, |prefix: 8|gateway: |none|routes: { add: [|10.0.0.0/8 via 10.0.0.1|renumber: |from: 10.0.0.0/8|cluster: a|flannelBackend: none|__proto__: 1|&a |*a|'".split(
        "|",
      ),
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 30 }).map((parts) => parts.join("")),
    );
    fc.assert(fc.property(texts, (text) => typeof parseChange(text, "c.yaml").ok === "boolean"));
  });
});
