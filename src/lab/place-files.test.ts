import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeFiles } from "./place-files.js";

describe("Files of a host", () => {
  let folder: string;
  let layers: { readonly root: string; readonly upper: string };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "place-files-"));
    layers = { root: join(folder, "root"), upper: join(folder, "upper") };
    mkdirSync(join(layers.root, "usr/lib"), { recursive: true });
    mkdirSync(join(layers.root, "root"), { mode: 0o700 });
    mkdirSync(layers.upper);
    symlinkSync("usr/lib", join(layers.root, "lib"));
    symlinkSync("/loop", join(layers.root, "loop"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("go behind the links of the shared root, which stay", () => {
    placeFiles([{ path: "/lib/systemd/x", mode: 0o640, text: "x" }], layers);
    expect(readFileSync(join(layers.upper, "usr/lib/systemd/x"), "utf8")).toBe("x");
    expect(statSync(join(layers.upper, "usr/lib/systemd/x")).mode & 0o777).toBe(0o640);
    expect(existsSync(join(layers.upper, "lib"))).toBe(false);
    expect(existsSync(join(layers.root, "usr/lib/systemd"))).toBe(false);
  });

  it("leave a folder as open as the root has it", () => {
    placeFiles([{ path: "/root/.ssh/authorized_keys", mode: 0o600, text: "" }], layers);
    expect(statSync(join(layers.upper, "root")).mode & 0o777).toBe(0o700);
  });

  it("take the place of one that came before, be it a link", () => {
    placeFiles([{ path: "/a", symlink: "/etc/passwd" }], layers);
    expect(lstatSync(join(layers.upper, "a")).isSymbolicLink()).toBe(true);
    placeFiles([{ path: "/a", mode: 0o600, text: "own" }], layers);
    expect(readFileSync(join(layers.upper, "a"), "utf8")).toBe("own");
  });

  it.each(["relative", "/a/../../b"])("are refused at `%s`", (path) => {
    expect(() => placeFiles([{ path, mode: 0o600, text: "" }], layers)).toThrow("Expected an absolute path");
  });

  it("are refused behind a link that leads back to itself", () => {
    expect(() => placeFiles([{ path: "/loop/a", symlink: "b" }], layers)).toThrow("a circle of links");
  });
});
