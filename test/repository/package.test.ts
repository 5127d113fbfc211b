import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPointsman } from "./built.js";
import { ROOT } from "./root.js";

const manifest: { readonly version: string; readonly dependencies: Readonly<Record<string, string>> } =
  JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-package-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function npm(cwd: string, args: readonly string[]): string {
  const done = spawnSync("npm", args, { cwd, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`npm ${args.join(" ")} failed:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

function node(cwd: string, args: readonly string[]): { code: number | null; text: string } {
  const done = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  return { code: done.status, text: `${done.stdout}${done.stderr}` };
}

describe("The npm package", () => {
  it("runs where it was installed, without the checkout, and has no test in it", () => {
    buildPointsman();
    // The dependencies come from this checkout's node_modules, so that the test needs no network.
    const sources = [
      ROOT,
      ...Object.keys(manifest.dependencies).map((name) => join(ROOT, "node_modules", name)),
    ];
    const packed: { readonly filename: string; readonly files: readonly { readonly path: string }[] }[] =
      JSON.parse(npm(folder, ["pack", "--json", "--ignore-scripts", ...sources]));
    const home = join(folder, "home");
    mkdirSync(home);
    const tarballs = packed.map(({ filename }) => join(folder, filename));
    npm(home, ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", ...tarballs]);
    const installed = join(home, "node_modules", ".bin", "pointsman");
    expect(node(home, [installed, "--version"])).toEqual({ code: 0, text: `${manifest.version}\n` });
    const files = packed[0]?.files.map(({ path }) => path) ?? [];
    expect(files).toContain("schemas/pointsman.schema.json");
    expect(files.filter((path) => /[.]test[.]|^src\/|^test\/|^tools\//.test(path))).toEqual([]);
  }, 120_000);

  it("says how to build it where it was not", () => {
    const bare = join(folder, "bare");
    cpSync(join(ROOT, "bin"), join(bare, "bin"), { recursive: true });
    cpSync(join(ROOT, "package.json"), join(bare, "package.json"));
    expect(node(bare, [join(bare, "bin", "pointsman"), "--version"])).toEqual({
      code: 1,
      text: "This checkout of Pointsman is not built: dist/cli/main.js is missing. Run `npm start` or `npm run build`.\n",
    });
  });

  it("has a lock that names no registry", () => {
    const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
    expect(lock).not.toContain('"resolved"');
    expect(lock).not.toMatch(/https?:\/\/[^"]*registry/);
  });

  it("is locked to the dependencies of package.json", () => {
    expect(readLock()[""]?.dependencies).toEqual(manifest.dependencies);
  });

  it("is locked on every platform: `npm ci` refuses a lock that leaves out an optional package of another one", () => {
    const packages = readLock();
    const named = Object.values(packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}));
    const locked = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
    expect(named.filter((name) => !locked.has(name))).toEqual([]);
  });
});

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function readLock(): Readonly<Record<string, LockedPackage>> {
  const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
    readFileSync(join(ROOT, "package-lock.json"), "utf8"),
  );
  return lock.packages;
}
