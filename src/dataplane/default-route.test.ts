import { describe, expect, it } from "vitest";
import { formatIPv4 } from "#ip/index.js";
import { linkName } from "#model/index.js";
import { buildSnapshot, ip } from "../../test/fleet-builder.js";
import { buildChooser } from "./chooser.js";
import { selectDefault } from "./default-route.js";
import { learn, startRun } from "./run.js";
import { buildSnapshotWorld } from "./world.js";

const WORLD = buildSnapshotWorld(
  buildSnapshot({
    a: {
      links: { e0: { on: "s", addresses: ["10.0.0.1/24"] } },
      routes: ["default via 10.0.0.8", "default via 10.0.0.9"],
    },
  }),
);
const RIVALS = (WORLD.hosts[0]?.stages[0]?.host.routes ?? []).slice(-2);

/** The gateways that may be chosen, with these gateways in the cache. */
function chosen(cached: readonly string[], choices = 1): readonly string[] {
  const chooser = buildChooser();
  const seen: string[] = [];
  do {
    const run = startRun(WORLD, chooser, false);
    for (const gateway of cached) {
      learn(run, 0, linkName("e0"), { ip: ip(gateway), mac: "02:00:00:00:00:99" as never });
    }
    const each = Array.from({ length: choices }, () =>
      formatIPv4(selectDefault(run, 0, RIVALS)?.gateway ?? ip("0.0.0.0")),
    );
    seen.push(each.join(" then "));
  } while (chooser.advance());
  return [...new Set(seen)].sort();
}

describe("selectDefault", () => {
  it("makes no choice among fewer than two routes", () => {
    expect(selectDefault(startRun(WORLD, buildChooser(), false), 0, RIVALS.slice(0, 1))).toBeNull();
  });

  it("takes the first while its gateway is in no cache", () => {
    expect(chosen([])).toEqual(["10.0.0.8"]);
  });

  it("may take either once the first gateway is in the cache: the last choice is the kernel's own memory", () => {
    expect(chosen(["10.0.0.8"])).toEqual(["10.0.0.8", "10.0.0.9"]);
  });

  it("remembers its choice within the flow and passes over it where its gateway is in the cache", () => {
    expect(chosen(["10.0.0.8", "10.0.0.9"], 2)).toEqual(["10.0.0.8 then 10.0.0.9", "10.0.0.9 then 10.0.0.8"]);
  });
});
