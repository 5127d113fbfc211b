import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type IPv4, ipv4, type Prefix, parseIPv4, parsePrefix, prefix } from "#ip/index.js";
import {
  type ConfigurationEdit,
  type ConfigurationTree,
  type EditedRoute,
  type EditRefusal,
  linkName,
} from "#model/index.js";
import { editNixos } from "./index.js";

const FOLDER = "examples/inc-0004/before/machines/nl-k8s-01";
const NETWORKING = readFileSync(`${FOLDER}/networking.nix`, "utf8");
const K3S = readFileSync(`${FOLDER}/k3s.nix`, "utf8");
const link = linkName("enp1s0");

function address(text: string): IPv4 {
  return parseIPv4(text) ?? ipv4(0);
}

function network(text: string): Prefix {
  return parsePrefix(text) ?? prefix(ipv4(0), 0);
}

function treeOf(files: Readonly<Record<string, string>>): ConfigurationTree {
  return { read: (path) => files[path] ?? null, list: () => Object.keys(files) };
}

/** The text of `a.nix` after the edits. */
function edited(text: string, ...edits: readonly ConfigurationEdit[]): string {
  const result = editNixos(treeOf({ "a.nix": text }), "a.nix", edits);
  if (!result.ok) throw new Error(`${result.error.message} ${result.error.hint}`);
  return result.value.find(({ path }) => path === "a.nix")?.text ?? text;
}

function refused(text: string, ...edits: readonly ConfigurationEdit[]): EditRefusal {
  const result = editNixos(treeOf({ "a.nix": text }), "a.nix", edits);
  if (result.ok) throw new Error("the edit was made");
  return result.error;
}

/** Lines that differ, as a diff without context shows them. */
function difference(before: string, after: string): readonly string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line.trim()}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line.trim()}`),
  ];
}

function changes(text: string, ...edits: readonly ConfigurationEdit[]): readonly string[] {
  return difference(text, edited(text, ...edits));
}

const length = (from: number, to: number, ip = "10.10.0.2"): ConfigurationEdit => ({
  kind: "address-length",
  link,
  ip: address(ip),
  from,
  to,
});
const gateway = (ip: string | null, isOnlink = false): ConfigurationEdit => ({
  kind: "gateway",
  gateway: ip === null ? null : address(ip),
  link,
  isOnlink,
});
const add = (ip: string, bits: number): ConfigurationEdit => ({
  kind: "address-add",
  link,
  ip: address(ip),
  length: bits,
});
const remove = (ip: string, bits: number): ConfigurationEdit => ({
  kind: "address-remove",
  link,
  ip: address(ip),
  length: bits,
});
const route = (to: string, given: Partial<EditedRoute> = {}): EditedRoute => ({
  destination: network(to),
  gateway: address("10.10.0.9"),
  link,
  metric: null,
  isOnlink: false,
  ...given,
});

describe("editNixos on networking.*", () => {
  it("writes a prefix length where it stands, and nothing else", () => {
    expect(changes(NETWORKING, length(16, 8))).toEqual([
      '-{ address = "10.10.0.2"; prefixLength = 16; }',
      '+{ address = "10.10.0.2"; prefixLength = 8; }',
    ]);
  });

  it("gives back no file where all is there already", () => {
    const tree = treeOf({ "a.nix": NETWORKING });
    expect(editNixos(tree, "a.nix", [length(24, 16), gateway("10.10.0.1"), add("10.10.0.2", 16)])).toEqual({
      ok: true,
      value: [],
    });
  });

  it("changes the gateway of a set with address and interface", () => {
    expect(changes(NETWORKING, gateway("10.10.0.254"))).toEqual([
      '-defaultGateway = { address = "10.10.0.1"; interface = "enp1s0"; };',
      '+defaultGateway = { address = "10.10.0.254"; interface = "enp1s0"; };',
    ]);
  });

  it("changes the gateway that is a string, and makes it on-link with an interface", () => {
    const text = NETWORKING.replace(/defaultGateway = \{.*\};/, 'defaultGateway = "10.10.0.1";');
    expect(changes(text, gateway("10.10.0.254")).at(-1)).toBe('+defaultGateway = "10.10.0.254";');
    expect(changes(text, gateway("10.0.0.1", true)).at(-1)).toBe(
      '+defaultGateway = { address = "10.0.0.1"; interface = "enp1s0"; };',
    );
  });

  it("takes the default gateway away and sets one where there was none", () => {
    const without = edited(NETWORKING, gateway(null));
    expect(without).not.toContain("defaultGateway");
    expect(changes(without, gateway("10.10.0.1"))).toEqual([
      '+defaultGateway = { address = "10.10.0.1"; interface = "enp1s0"; };',
    ]);
  });

  it("adds routes beside the addresses, one line each, with metric and onlink", () => {
    const after = edited(
      NETWORKING,
      { kind: "route-add", route: route("10.0.0.0/16", { gateway: address("10.0.0.1"), isOnlink: true }) },
      { kind: "route-add", route: route("10.20.0.0/16", { metric: 50 }) },
    );
    expect(after).toContain(`      ];
      routes = [
        { address = "10.0.0.0"; prefixLength = 16; via = "10.0.0.1"; options.onlink = ""; }
        { address = "10.20.0.0"; prefixLength = 16; via = "10.10.0.9"; options.metric = "50"; }
      ];
    };`);
    expect(changes(after, { kind: "route-remove", route: route("10.20.0.0/16", { metric: 50 }) })).toEqual([
      '-{ address = "10.20.0.0"; prefixLength = 16; via = "10.10.0.9"; options.metric = "50"; }',
    ]);
  });

  it("gives a route another gateway where the old one stands", () => {
    const text = edited(NETWORKING, { kind: "route-add", route: route("10.20.0.0/16") });
    const next = route("10.20.0.0/16", { gateway: address("10.10.0.8") });
    expect(
      changes(
        text,
        { kind: "route-remove", route: route("10.20.0.0/16") },
        { kind: "route-add", route: next },
      ).at(-1),
    ).toBe('+{ address = "10.20.0.0"; prefixLength = 16; via = "10.10.0.8"; }');
  });

  it("puts a second default route among the routes", () => {
    const after = changes(NETWORKING, { kind: "route-add", route: route("default", { metric: 100 }) });
    expect(after).toContain(
      '+{ address = "0.0.0.0"; prefixLength = 0; via = "10.10.0.9"; options.metric = "100"; }',
    );
  });

  it("adds an address behind the last one and removes one with its line", () => {
    const two = edited(NETWORKING, add("10.20.0.2", 24));
    expect(difference(NETWORKING, two)).toEqual(['+{ address = "10.20.0.2"; prefixLength = 24; }']);
    expect(edited(two, remove("10.20.0.2", 24))).toBe(NETWORKING);
  });

  it("renumbers in place: the new address takes the line of the old one", () => {
    expect(changes(NETWORKING, remove("10.10.0.2", 16), add("10.30.0.2", 24))).toEqual([
      '-{ address = "10.10.0.2"; prefixLength = 16; }',
      '+{ address = "10.30.0.2"; prefixLength = 24; }',
    ]);
  });

  it("sets an MTU that was not set, and changes one that was", () => {
    const set = edited(NETWORKING, { kind: "mtu", link, mtu: 9000 });
    expect(difference(NETWORKING, set)).toEqual(["+interfaces.enp1s0.mtu = 9000;"]);
    expect(changes(set, { kind: "mtu", link, mtu: 1400 })).toEqual([
      "-interfaces.enp1s0.mtu = 9000;",
      "+interfaces.enp1s0.mtu = 1400;",
    ]);
  });

  it("edits modules in one line and with dotted paths, and keeps line ends of Windows", () => {
    const line = `{ networking.interfaces.enp1s0.ipv4.addresses = [ { address = "10.10.0.2"; prefixLength = 16; } ]; }\r\n`;
    expect(edited(line, length(16, 24), add("10.10.1.2", 24), { kind: "mtu", link, mtu: 9000 })).toBe(
      `{ networking.interfaces.enp1s0.ipv4.addresses = [ { address = "10.10.0.2"; prefixLength = 24; } { address = "10.10.1.2"; prefixLength = 24; } ]; networking.interfaces.enp1s0.mtu = 9000; }\r\n`,
    );
  });
});

describe("editNixos on values with a name", () => {
  const named = (body: string): string => `{ ... }:
let
  ip = "10.10.0.2"; # also in DNS
  bits = 16;
in
{
  networking.interfaces.enp1s0.ipv4.addresses = [ { address = ip; prefixLength = bits; } ];
${body}}
`;

  it("writes the literal of a `let`", () => {
    expect(changes(named(""), length(16, 24))).toEqual(["-bits = 16;", "+bits = 24;"]);
  });

  it("writes the literal of a `let` that gives an address to the link and to k3s, when both are asked for", () => {
    const text = named(`  services.k3s = { enable = true; extraFlags = [ "--node-ip=\${ip}" ]; };\n`);
    const both = [
      remove("10.10.0.2", 16),
      add("10.10.0.7", 16),
      { kind: "node-ip", ip: address("10.10.0.7") },
    ] as const;
    expect(changes(text, ...both)).toEqual([
      '-ip = "10.10.0.2"; # also in DNS',
      '+ip = "10.10.0.7"; # also in DNS',
    ]);
    const refusal = refused(text, ...both.slice(0, 2));
    expect(refusal.message).toBe(
      "Expected an edit that changes `10.10.0.7/16 on enp1s0` alone, found that it also changes k3s.",
    );
  });

  it("refuses where the literal means something else as well", () => {
    const text = named(
      "  networking.interfaces.eth1.ipv4.addresses = [ { address = ip; prefixLength = bits; } ];\n",
    );
    const refusal = refused(text, length(16, 24));
    expect(refusal.message).toContain("found that it also changes `address-add` of `eth1`");
    expect(refusal.source).toMatchObject({ file: "a.nix", line: 7 });
  });

  it("refuses what code computes, with the place and what to write", () => {
    const text = `{ lib, ... }: {
  networking.interfaces.enp1s0.ipv4.addresses = [
    { address = "10.10.0.2"; prefixLength = lib.networkBits "infra"; }
  ];
}
`;
    const refusal = refused(text, length(16, 24));
    expect(refusal.message).toContain("Expected `10.10.0.2/16 on enp1s0` in the files, found none.");
    expect(refusal.source).toMatchObject({ file: "a.nix", line: 3 });
    expect(refusal.hint).toBe(
      'Write `{ address = "10.10.0.2"; prefixLength = 24; }` for `enp1s0` by hand, or make the value literal and ask again.',
    );
  });

  it("edits a file that the module imports", () => {
    const tree = treeOf({
      "a.nix": '{ imports = [ ./common ]; networking.hostName = "a"; }\n',
      "common/default.nix": NETWORKING,
    });
    const result = editNixos(tree, "a.nix", [length(16, 24)]);
    expect(result.ok && result.value.map(({ path }) => path)).toEqual(["common/default.nix"]);
  });

  it("does not write into comments or other strings", () => {
    const text = `# 10.10.0.2 prefixLength = 16
${NETWORKING}# 10.10.0.2/16 16
`;
    const after = edited(text, remove("10.10.0.2", 16), add("10.10.0.3", 24));
    expect(after.startsWith("# 10.10.0.2 prefixLength = 16\n")).toBe(true);
    expect(after.endsWith("# 10.10.0.2/16 16\n")).toBe(true);
  });
});

describe("editNixos on systemd.network.*", () => {
  const unit = `{
  systemd.network.enable = true;
  systemd.network.networks."10-lan" = {
    matchConfig.Name = "enp1s0";
    address = [ "10.10.0.2/16" ];
    gateway = [ "10.10.0.1" ];
    linkConfig.RequiredForOnline = "routable";
  };
}
`;

  it("edits addresses, gateway, routes and MTU in the unit of the link", () => {
    expect(changes(unit, length(16, 24))).toEqual([
      '-address = [ "10.10.0.2/16" ];',
      '+address = [ "10.10.0.2/24" ];',
    ]);
    expect(changes(unit, gateway("10.10.0.254")).at(-1)).toBe('+gateway = [ "10.10.0.254" ];');
    expect(changes(unit, add("10.20.0.2", 24)).at(-1)).toBe('+address = [ "10.10.0.2/16" "10.20.0.2/24" ];');
    expect(changes(unit, { kind: "route-add", route: route("10.20.0.0/16", { isOnlink: true }) })).toEqual([
      "+routes = [",
      '+{ Destination = "10.20.0.0/16"; Gateway = "10.10.0.9"; GatewayOnLink = true; }',
      "+];",
    ]);
    expect(changes(unit, { kind: "mtu", link, mtu: 9000 })).toEqual(['+linkConfig.MTUBytes = "9000";']);
  });
});

describe("editNixos on services.k3s", () => {
  const nodeIp: ConfigurationEdit = { kind: "node-ip", ip: address("10.30.0.2") };
  const backend: ConfigurationEdit = { kind: "flannel-backend", backend: "host-gw" };

  it("writes flags in a list of strings, and adds one that is missing", () => {
    expect(changes(K3S, nodeIp, backend)).toEqual([
      '-"--node-ip=10.10.0.2"',
      '-"--flannel-backend=vxlan"',
      '+"--node-ip=10.30.0.2"',
      '+"--flannel-backend=host-gw"',
    ]);
    const without = K3S.replace(/.*flannel-backend.*\n/, "");
    expect(difference(without, edited(without, backend))).toEqual(['+"--flannel-backend=host-gw"']);
  });

  it.each([
    [
      "one string",
      '"--node-ip 10.10.0.2 --disable traefik"',
      '"--node-ip 10.30.0.2 --disable traefik --flannel-backend=host-gw"',
    ],
    [
      "lines of an indented string",
      "''\n      --node-ip=10.10.0.2\n      --disable=traefik\n    ''",
      "''\n      --node-ip=10.30.0.2\n      --disable=traefik\n      --flannel-backend=host-gw\n    ''",
    ],
  ])("writes flags in %s", (_name, before, after) => {
    const module = (flags: string): string => `{
  services.k3s = {
    enable = true;
    extraFlags = ${flags};
  };
}
`;
    expect(edited(module(before), nodeIp, backend)).toBe(module(after));
  });

  it("sets flags where there are none", () => {
    const text = "{\n  services.k3s = {\n    enable = true;\n  };\n}\n";
    expect(edited(text, backend)).toBe(
      '{\n  services.k3s = {\n    enable = true;\n    extraFlags = [\n      "--flannel-backend=host-gw"\n    ];\n  };\n}\n',
    );
  });

  it("refuses where the files do not speak of k3s", () => {
    expect(refused(NETWORKING, backend)).toMatchObject({
      message: "Expected the settings of k3s in `a.nix`, found none.",
      hint: "Name the file that starts k3s under `configuration` of the host in the fleet file.",
    });
  });
});
