import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { labDownAll, labList } from "#lab/index.js";
import { buildPointsman } from "../repository/built.js";
import { ROOT } from "../repository/root.js";
import { footprint } from "./footprint.js";
import { testPlaces } from "./places.js";

const { places, remove } = testPlaces("lcr");
const FLEET = [
  "--fleet",
  join(ROOT, "examples/inc-0004/pointsman.yaml"),
  "--from",
  join(ROOT, "examples/inc-0004/before"),
];
const UP = ["lab", "up", ...FLEET, "--no-nix", "--name", "inc", "--operator", "nl-pve-01"];
const POINTSMAN = join(ROOT, "bin", "pointsman");
const env = { ...process.env, POINTSMAN_LAB_LABEL: places.label, POINTSMAN_LAB_FOLDER: places.base };
/** What the command line registers, which has a registry of its own for each label. */
const CLI_PLACES = { ...places, registry: join("/run/pointsman-lab", places.label) };

beforeAll(buildPointsman, 120_000);
afterEach(async () => {
  await labDownAll(CLI_PLACES);
});
afterAll(remove);

function pointsman(...words: readonly string[]): { readonly code: number | null; readonly text: string } {
  const done = spawnSync(process.execPath, [POINTSMAN, ...words], { env, encoding: "utf8" });
  return { code: done.status, text: `${done.stdout}${done.stderr}` };
}

describe("`pointsman lab`", () => {
  it("builds, lists, enters, cuts, heals and removes a lab", () => {
    expect(pointsman(...UP)).toMatchObject({
      code: 0,
      text: expect.stringContaining("Lab `inc` stands: 7 hosts."),
    });
    expect(pointsman("lab", "list").text).toContain("inc  7 of 7 hosts run\n  nl-k8s-01  netns\n");
    const ping = ["lab", "exec", "inc", "operator", "--", "ping", "-n", "-c", "1", "-W", "1", "10.10.0.3"];
    expect(pointsman(...ping)).toMatchObject({ code: 0 });
    expect(pointsman("lab", "exec", "inc", "r5c", "--", "sh", "-c", "exit 7")).toMatchObject({ code: 7 });
    expect(pointsman("lab", "cut", "inc", "nl-k8s-04", "enp1s0", "--direction", "in")).toMatchObject({
      code: 0,
    });
    expect(pointsman(...ping)).toMatchObject({ code: 1 });
    expect(pointsman("lab", "heal", "inc", "nl-k8s-04", "enp1s0")).toMatchObject({ code: 0 });
    expect(pointsman(...ping)).toMatchObject({ code: 0 });
    expect(pointsman("lab", "down", "--all")).toEqual({ code: 0, text: "Removed: inc.\n" });
    expect(footprint(CLI_PLACES)).toEqual([]);
  });

  it("refuses a host that is not there by its name, and hosts with systemd from a snapshot", () => {
    expect(pointsman("lab", "exec", "inc", "h", "true")).toMatchObject({ code: 64 });
    const snapshot = join(ROOT, "examples/inc-0004/snapshots/same-mac");
    const refused = pointsman("lab", "up", "--snapshot", snapshot, "--systemd");
    expect(refused).toMatchObject({
      code: 64,
      text: expect.stringContaining("it has no files to boot from"),
    });
  });

  it("refuses whoever is not root", () => {
    // It may read everything, wherever this checkout lies; what it lacks is the rest of root.
    const user = [
      "--reuid=65534",
      "--clear-groups",
      "--inh-caps=+dac_override",
      "--ambient-caps=+dac_override",
    ];
    const done = spawnSync(
      "setpriv",
      [...user, process.execPath, join(ROOT, "dist/cli/main.js"), "lab", "list"],
      {
        env,
        encoding: "utf8",
      },
    );
    expect(done.stderr).toContain("Expected to run as root, found another user");
    expect(done.status).toBe(3);
  });

  it.each(Array.from({ length: 8 }, (_, index) => 100 + index * 150))(
    "that is killed %i ms after its first file leaves only what `down --all` finds",
    async (delay) => {
      const child = spawn(process.execPath, [POINTSMAN, ...UP], { env, stdio: "ignore" });
      const ended = new Promise((resolve) => child.on("close", resolve));
      await expect
        .poll(() => footprint(CLI_PLACES).length, { timeout: 20_000, interval: 5 })
        .toBeGreaterThan(0);
      await sleep(delay);
      child.kill("SIGKILL");
      await ended;
      expect(labList(CLI_PLACES).map(({ name }) => name)).toEqual(["inc"]);
      expect(await labDownAll(CLI_PLACES)).toEqual(["inc"]);
      expect(footprint(CLI_PLACES)).toEqual([]);
    },
  );
});
