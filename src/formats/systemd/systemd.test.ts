import { describe, expect, it } from "vitest";
import { formatIPv4, ipv4, type Prefix, parseIPv4, parsePrefix } from "#ip/index.js";
import { type LinkType, linkName, operation, type Source } from "#model/index.js";
import {
  bootSteps,
  type DeclaredLink,
  isPattern,
  matchesPattern,
  networkdAddress,
  networkdPool,
  networkdRoute,
  parseUnitFile,
  rankRules,
  readBoolean,
  readSize,
  splitWords,
  type UnitEntry,
  type UnrankedRule,
} from "./index.js";

const SOURCE: Source = { file: "f", line: 1, column: 1 };

function entriesOf(text: string): readonly UnitEntry[] {
  return parseUnitFile(text, "f").sections.flatMap(({ entries }) => entries);
}

function network(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === null) throw new Error(`the fixture is a network: ${text}`);
  return parsed;
}

describe("parseUnitFile", () => {
  it("keeps sections of one name apart and in order", () => {
    const { sections } = parseUnitFile("[Route]\nGateway=1\n\n[Route]\nGateway=2\n", "f");
    expect(sections.map(({ name, entries, source }) => [name, entries[0]?.value, source.line])).toEqual([
      ["Route", "1", 1],
      ["Route", "2", 4],
    ]);
  });

  it("drops blanks around keys and values, and lines that begin with # or ;", () => {
    expect(
      entriesOf("[A]\n  Name = br0  \n# no\n; no\nKind=bridge").map(({ key, value }) => [key, value]),
    ).toEqual([
      ["Name", "br0"],
      ["Kind", "bridge"],
    ]);
  });

  it("joins continued lines with a space and skips comments between them", () => {
    expect(entriesOf("[A]\nX=one \\\n  # comment\n  two \\\n  three\nY=4").map(({ value }) => value)).toEqual(
      ["one two three", "4"],
    );
  });

  it("keeps a # inside a value", () => {
    expect(entriesOf("[A]\nX=1 # 2")[0]?.value).toBe("1 # 2");
  });

  it("gives the place of each key", () => {
    expect(entriesOf("[A]\n\n  X=1").map(({ source }) => source)).toEqual([
      { file: "f", line: 3, column: 3 },
    ]);
  });

  it("reports a line that is neither a section nor an assignment", () => {
    expect(
      parseUnitFile("[A]\nnonsense\n=1\n", "f").malformed.map(({ text, source }) => [text, source.line]),
    ).toEqual([
      ["nonsense", 2],
      ["=1", 3],
    ]);
  });

  it("puts assignments before the first section into a section without a name", () => {
    expect(parseUnitFile("X=1\n[A]\nY=2", "f").sections.map(({ name }) => name)).toEqual(["", "A"]);
  });
});

describe("splitWords", () => {
  it("takes quotes off and keeps what they hold together", () => {
    const words = splitWords(entriesOf(`[S]\nX=/bin/k3s '--a=b c' "d" e\\ f --g="h i"`)[0] as UnitEntry);
    expect(words.map(({ text }) => text)).toEqual(["/bin/k3s", "--a=b c", "d", "e f", "--g=h i"]);
  });

  it("gives the place of a word on a continued line", () => {
    const words = splitWords(entriesOf("[S]\nX=one \\\n    two three")[0] as UnitEntry);
    expect(words.map(({ source }) => [source.line, source.column])).toEqual([
      [2, 3],
      [3, 5],
      [3, 9],
    ]);
  });

  it("lets a quote that is never closed run to the end", () => {
    expect(splitWords(entriesOf(`[S]\nX='a b`)[0] as UnitEntry).map(({ text }) => text)).toEqual(["a b"]);
  });
});

describe("values", () => {
  it.each([
    ["yes", true],
    ["On", true],
    ["1", true],
    ["f", false],
    ["off", false],
    ["maybe", null],
  ])("reads the boolean %s as %s", (text, value) => expect(readBoolean(text)).toBe(value));

  it.each([
    ["9000", 9000],
    ["9K", 9216],
    ["1500B", 1500],
    ["x", null],
  ])("reads the size %s as %s", (text, value) => expect(readSize(text)).toBe(value));
});

describe("patterns", () => {
  it.each([
    ["en*", "enp3s0", true],
    ["en*", "eth0", false],
    ["eth?", "eth1", true],
    ["eth?", "eth10", false],
    ["e[!t]*", "enp1", true],
    ["e[!t]*", "eth1", false],
    ["enp1s16f[2-3]", "enp1s16f3", true],
    ["enp1s16f[2-3]", "enp1s16f4", false],
    ["*a*b", "xxaxxab", true],
    ["*", "", true],
    ["eth0", "eth0", true],
  ])("matches %s against %s: %s", (pattern, name, expected) =>
    expect(matchesPattern(pattern, name)).toBe(expected),
  );

  it("tells a pattern from a name", () => {
    expect([isPattern("en*"), isPattern("eth0.5")]).toEqual([true, false]);
  });
});

describe("networkdAddress", () => {
  const base = { link: linkName("eth0"), ip: ipv4(0x0a0a0002), source: SOURCE };

  it.each([
    ["a /16", { length: 16 }, "10.10.255.255"],
    ["a /30", { length: 30 }, "10.10.0.3"],
    ["a /31", { length: 31 }, null],
    ["an address with a peer", { length: 24, peer: ipv4(0x0a0a0003) }, null],
  ])("sets the broadcast address of %s as networkd does", (_, more, broadcast) => {
    const address = networkdAddress({ address: { ...base, ...more }, broadcast: "default", scope: null });
    expect(address.broadcast === null ? null : formatIPv4(address.broadcast)).toBe(broadcast);
  });

  it("leaves it out where the file says so, and takes a written one", () => {
    const given = { address: { ...base, length: 16 }, scope: null };
    expect(networkdAddress({ ...given, broadcast: "none" }).broadcast).toBeNull();
    expect(networkdAddress({ ...given, broadcast: ipv4(5) }).broadcast).toBe(5);
  });

  it("gives 127.0.0.0/8 the scope host", () => {
    const address = { ...base, ip: ipv4(0x7f000001), length: 8 };
    expect(networkdAddress({ address, broadcast: "default", scope: null }).scope).toBe("host");
  });
});

describe("networkdRoute", () => {
  it.each([
    ["unicast without gateway", "unicast", null, [254, "link"]],
    ["unicast with gateway", "unicast", ipv4(1), [254, "global"]],
    ["blackhole", "blackhole", null, [254, "global"]],
    ["local", "local", null, [255, "host"]],
    ["broadcast", "broadcast", null, [255, "link"]],
  ] as const)("chooses table and scope of a %s route by its type", (_, type, gateway, expected) => {
    const route = networkdRoute({
      route: { destination: network("10.0.0.0/8"), gateway, source: SOURCE },
      type,
      table: null,
      scope: null,
    });
    expect([route.table, route.scope]).toEqual(expected);
    expect(route.protocol).toBe("static");
  });
});

describe("networkdPool", () => {
  it.each([
    ["offset and size", 15, 5, "192.168.200.15-192.168.200.19"],
    ["neither: all but network and broadcast", 0, 0, "192.168.200.1-192.168.200.254"],
    ["offset alone: up to the broadcast address", 100, 0, "192.168.200.100-192.168.200.254"],
    ["a size that leaves the network", 250, 10, null],
  ])("gives the pool of %s", (_, offset, size, expected) => {
    const pool = networkdPool({ ip: parseIPv4("192.168.200.1") ?? ipv4(0), length: 24, offset, size });
    expect(pool === null ? null : `${formatIPv4(pool.first)}-${formatIPv4(pool.last)}`).toBe(expected);
  });
});

describe("rankRules", () => {
  it("gives rules without a priority one less than the lowest so far, as the kernel does", () => {
    const rule = (priority: number | null): { value: UnrankedRule; source: Source } => ({
      value: {
        priority,
        isInverted: false,
        from: null,
        to: null,
        incoming: null,
        outgoing: null,
        mark: null,
        action: { kind: "blackhole" },
      },
      source: SOURCE,
    });
    expect(
      rankRules([rule(null), rule(null), rule(100), rule(null)]).map(({ value }) => value.priority),
    ).toEqual([32765, 32764, 100, 99]);
  });
});

describe("bootSteps", () => {
  function link(name: string, more: Partial<DeclaredLink>): DeclaredLink {
    return {
      name: linkName(name),
      unit: name,
      source: SOURCE,
      created: null,
      mtu: null,
      mac: null,
      master: null,
      activation: "up",
      sysctls: [],
      addresses: [],
      routes: [],
      ...more,
    };
  }
  const vlan = (lower: string): LinkType => ({ kind: "vlan", id: 5, lower: linkName(lower) });
  const order = (links: readonly DeclaredLink[]): readonly string[] =>
    bootSteps({ links, rules: [], sysctls: [] }).map(({ operation: { kind, ...rest } }) => {
      if ("link" in rest && typeof rest.link === "string") return `${kind} ${rest.link}`;
      return "link" in rest && typeof rest.link === "object" && rest.link !== null && "name" in rest.link
        ? `${kind} ${rest.link.name}`
        : kind;
    });

  it("creates a lower link before what stands on it, whatever the order of the files", () => {
    const steps = order([
      link("v5", { created: vlan("bond0") }),
      link("bond0", { created: { kind: "bond", mode: "802.3ad" } }),
    ]);
    expect(steps).toEqual(["link-add bond0", "link-add v5", "link-up bond0", "link-up v5"]);
  });

  it("cuts a circle of lower links instead of going round", () => {
    expect(order([link("a", { created: vlan("b") }), link("b", { created: vlan("a") })])).toHaveLength(4);
  });

  it("puts ports into their masters before links come up, then addresses, then routes", () => {
    const address = operation.address({ link: linkName("br0"), ip: ipv4(1), length: 24 });
    const route = operation.route({ destination: network("default"), gateway: ipv4(2) });
    const steps = order([
      link("br0", { created: { kind: "bridge", isVlanAware: false }, addresses: [address], routes: [route] }),
      link("eth0", { master: { value: linkName("br0"), source: SOURCE } }),
    ]);
    expect(steps).toEqual([
      "link-add br0",
      "link-master eth0",
      "link-up br0",
      "link-up eth0",
      "address-add",
      "route-append",
    ]);
  });

  it("sends routes without a gateway before those with one, across links", () => {
    const via = operation.route({ destination: network("default"), gateway: ipv4(2), link: linkName("a") });
    const direct = operation.route({ destination: network("10.0.0.0/8"), link: linkName("b") });
    const steps = bootSteps({
      links: [link("a", { routes: [via] }), link("b", { routes: [direct] })],
      rules: [],
      sysctls: [],
    });
    const routes = steps.flatMap(({ operation: each }) =>
      each.kind === "route-append" ? [each.route.link] : [],
    );
    expect(routes).toEqual(["b", "a"]);
  });

  it("goes on after a refusal", () => {
    expect(
      bootSteps({ links: [link("a", {})], rules: [], sysctls: [] }).map(({ onRefusal }) => onRefusal),
    ).toEqual(["continue"]);
  });

  it("gives a VLAN its lower link's MTU, and a VXLAN 50 bytes less", () => {
    const mtu = { value: 9000, source: SOURCE };
    const vxlan: LinkType = {
      kind: "vxlan",
      id: 1,
      local: null,
      lower: linkName("eth0"),
      port: 8472,
      isLearning: true,
    };
    const steps = bootSteps({
      links: [link("eth0", { mtu }), link("v5", { created: vlan("eth0") }), link("x1", { created: vxlan })],
      rules: [],
      sysctls: [],
    });
    const mtus = steps.flatMap(({ operation: each }) =>
      each.kind === "link-add" ? [[each.link.name, each.link.mtu]] : [],
    );
    expect(mtus).toEqual([
      ["v5", 9000],
      ["x1", 8950],
    ]);
  });
});
