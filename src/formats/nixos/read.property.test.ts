import { describe, expect, it } from "vitest";
import type { ConfigurationTree, HostConfiguration } from "#model/index.js";
import { describeReader } from "../../../test/contract/reader-contract.js";
import { readNixos } from "./index.js";

const VALID = `{ config, lib, pkgs, ... }@args:
let inherit (lib) mkIf; gw = "10.0.0.1"; f = { a ? 1, ... }: a; in rec {
  imports = [ ./other.nix ] ++ lib.optional (!true) <nixpkgs/x>;
  networking.interfaces."eth\${toString 0}" = { useDHCP = false; mtu = 9000;
    ipv4.addresses = [ { address = "10.10.0.2"; prefixLength = 16; } ];
    ipv4.routes = [ { address = "10.0.0.0"; prefixLength = 16; via = gw; options = { onlink = ""; }; } ]; };
  networking.defaultGateway = { address = gw; interface = "eth0"; };
  systemd.network.networks.x = { matchConfig.Name = "eth1"; address = [ "10.1.0.1/24" ]; extraConfig = ''
      [Route]
      Gateway=\${gw}
    ''; };
  services.k3s = { enable = true; extraFlags = ''--flannel-backend=host-gw "--node-ip \${gw}"''; };
  boot.kernel.sysctl."net.ipv4.ip_forward" = 1; # comment
  a = x: y: /* c */ if x -> y then assert 1 < 2; with pkgs; [ -1 1.5 ] else a.b or c ? d.e;
}`;

function read(text: string): HostConfiguration {
  const tree: ConfigurationTree = { read: (path) => (path === "a.nix" ? text : null), list: () => [] };
  return readNixos(tree, "a.nix");
}

function codes(text: string): readonly string[] {
  return read(text).issues.map((issue) => issue.code);
}

const TOKENS = [
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ";",
  "=",
  ".",
  "''",
  '"',
  "${",
  "let ",
  "in ",
  "rec ",
  "with ",
  "if ",
  "then ",
  "else ",
  "assert ",
  "inherit ",
  "config.",
  "lib.mkIf ",
  "lib.mkMerge ",
  "builtins.",
  "networking.",
  "map ",
  "toString ",
  "import ./a.nix ",
  "a ",
  "x: ",
  "{ a ? 1, ... }: ",
  "1 ",
  "++ ",
  "// ",
  "-> ",
  "!",
  "-",
  "? ",
  "or ",
  "# c\n",
  "/* c */",
  "./a.nix ",
  "<nixpkgs> ",
];

describeReader({ name: "nixos", read: readNixos, paths: ["a.nix"], samples: [VALID], tokens: TOKENS });

describe("readNixos on any input", () => {
  it.each([
    ["parentheses", (n: number) => `${"(".repeat(n)}1${")".repeat(n)}`],
    ["open parentheses", (n: number) => "(".repeat(n)],
    ["lists", (n: number) => "[".repeat(n)],
    ["sets", (n: number) => "{a=".repeat(n)],
    ["recursive sets", (n: number) => "rec{a=".repeat(n)],
    ["interpolations", (n: number) => '"${'.repeat(n)],
    ["indented interpolations", (n: number) => "''${".repeat(n)],
    ["negations", (n: number) => `${"!".repeat(n)}true`],
    ["minus signs", (n: number) => `${"- ".repeat(n)}1`],
    ["functions", (n: number) => `${"a: ".repeat(n)}1`],
    ["implications", (n: number) => `${"a -> ".repeat(n)}a`],
    ["list operators", (n: number) => `${"[] ++ ".repeat(n)}[]`],
    ["conditions", (n: number) => "if ".repeat(n)],
    ["lets", (n: number) => "let a = ".repeat(n)],
    ["defaults", (n: number) => "a.b or ".repeat(n)],
    ["formal defaults", (n: number) => "{ a ? ".repeat(n)],
  ])("refuses %s nested a hundred thousand deep with an issue", (_, build) => {
    const found = codes(build(100_000));
    expect(found.length).toBeGreaterThan(0);
    expect(
      found.every((code) => ["nixos/too-deep", "nixos/syntax", "nixos/missing-import"].includes(code)),
    ).toBe(true);
  });

  it.each([
    ["sums", `{ networking.defaultGateway = ${"1 + ".repeat(100_000)}1; }`],
    ["applications", `{ networking.defaultGateway = f ${"a ".repeat(100_000)}; }`],
    ["attribute paths", `{ ${"a.".repeat(100_000)}a = 1; networking = a; }`],
    ["selections", `let a = { }; in { networking.defaultGateway = a${".a".repeat(100_000)}; }`],
    ["comments", `${"/* */ # x\n".repeat(100_000)}{ networking.defaultGateway = x; }`],
    ["one comment", `/*${"*".repeat(1_000_000)}*/ { networking.defaultGateway = x; }`],
    ["paths", `{ networking.defaultGateway = ${"./a".repeat(300_000)}; }`],
    ["words", `{ networking.defaultGateway = ${"a_.".repeat(300_000)}a; }`],
    ["strings", `{ networking.defaultGateway = "${"a".repeat(1_500_000)}"; }`],
    ["dollars", `{ networking.defaultGateway = ''${"$ ".repeat(500_000)}''; }`],
  ])("reads long %s to the end", (_, text) => {
    expect(codes(text).length).toBeGreaterThan(0);
  });

  it("refuses ten megabytes without parsing them", () => {
    expect(codes("[ 1 ".repeat(2_500_000))).toContain("nixos/too-large");
  });

  it.each([
    ["a function that calls itself", "let f = x: f (x + 1); in { networking.defaultGateway = f 0; }"],
    ["a value that is itself", "let a = a; in { networking.defaultGateway = a; }"],
    [
      "an option that is itself",
      "{ config, ... }: { networking.defaultGateway = config.networking.defaultGateway; }",
    ],
    [
      "a condition on its own option",
      "{ config, lib, ... }: { networking = lib.mkIf (config.networking ? useDHCP) { useDHCP = true; }; }",
    ],
    [
      "a text that doubles",
      `let a0 = "xxxxxxxx"; ${Array.from({ length: 60 }, (_, i) => `a${i + 1} = a${i} + a${i};`).join(" ")} in { networking.defaultGateway = a60; }`,
    ],
    [
      "a list that doubles",
      `let a0 = [ 1 ]; ${Array.from({ length: 60 }, (_, i) => `a${i + 1} = a${i} ++ a${i};`).join(" ")} in { networking.defaultGateway = a60; }`,
    ],
    [
      "a long list",
      "{ networking.defaultGateway = builtins.length (builtins.genList (x: x) 100000000000); }",
    ],
    ["two recursive calls", "let f = n: f (n - 1) + f (n - 1); in { networking.defaultGateway = f 60; }"],
    [
      "nested folds",
      "{ lib, ... }: let r = lib.range 1 2000; in { networking.defaultGateway = toString (map (x: map (y: map (z: z) r) r) r); }",
    ],
    ["an import of itself", "{ networking.defaultGateway = import ./a.nix; }"],
    [
      "a module that imports itself by calls",
      "{ imports = [ (import ./a.nix) ]; networking.defaultGateway = x; }",
    ],
    [
      "a chain of options",
      `{ config, ... }: { ${Array.from({ length: 500 }, (_, i) => `own.a${i} = config.own.a${i + 1};`).join(" ")} networking.defaultGateway = config.own.a0; }`,
    ],
    ["a function that returns itself", "let f = x: f; in f"],
    ["mkMerge of itself", "{ lib, ... }: let a = lib.mkMerge [ a ]; in { config = a; }"],
    ["deep data", "let f = n: { a = f (n + 1); }; in { networking.interfaces = f 0; }"],
    [
      "deep JSON",
      `{ networking.defaultGateway = builtins.fromJSON "${"[".repeat(50_000)}${"]".repeat(50_000)}"; }`,
    ],
  ])("ends on %s", (_, text) => {
    const { issues } = read(text);
    expect(issues.length).toBeGreaterThan(0);
  });
});
