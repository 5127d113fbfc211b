import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConfigurationTree } from "#model/index.js";
import { buildNixosReader } from "./read-nixos-file.js";
import { openFolderTree } from "./tree/folder-tree.js";

const HAS_NIX = spawnSync("nix-instantiate", ["--version"]).status === 0;
/** `fromTOML` is beyond the static reader, on purpose. */
const COMPUTED = `{ lib, ... }: {
  networking.interfaces.eth0.ipv4.addresses = [ {
    address = "10.0.0.7"; prefixLength = (builtins.fromTOML "a = 24").a;
  } ];
}
`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-modules-"));
  mkdirSync(join(folder, "h1"));
  mkdirSync(join(folder, "temporary"));
  vi.stubEnv("TMPDIR", join(folder, "temporary"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function tree(text: string): ConfigurationTree {
  writeFileSync(join(folder, "h1", "networking.nix"), text);
  const opened = openFolderTree(folder);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

function unknowns(use: "auto" | "never", from: ConfigurationTree): readonly string[] {
  const read = buildNixosReader(use)(from, "h1/networking.nix");
  return read.issues.filter(({ severity }) => severity === "unmodelled").map(({ code }) => code);
}

describe("A module that is not literal", () => {
  it("is asked of nix where that is installed, from a folder and from any other tree", () => {
    const onDisk = tree(COMPUTED);
    const elsewhere: ConfigurationTree = { read: onDisk.read, list: onDisk.list };
    const expected = HAS_NIX ? [] : ["nixos/unknown-value"];
    expect(unknowns("auto", onDisk)).toEqual(expected);
    expect(unknowns("auto", elsewhere)).toEqual(expected);
    expect(readdirSync(tmpdir()), "the private store is removed").toEqual([]);
  });

  it("stays unknown in part where nix is not to be asked", () => {
    expect(unknowns("never", tree(COMPUTED))).toEqual(["nixos/unknown-value"]);
  });

  it("keeps what was read without nix where nix says no", () => {
    const read = buildNixosReader("auto")(
      tree(COMPUTED.replace("lib, ...", "lib, missing, ...").replace('"a = 24"', "missing")),
      "h1/networking.nix",
    );
    expect(read.issues.some(({ severity }) => severity === "unmodelled")).toBe(true);
    expect(read.issues.map(({ code }) => code).includes("nixos/not-evaluated")).toBe(HAS_NIX);
  });
});
