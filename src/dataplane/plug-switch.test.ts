import { describe, expect, it } from "vitest";
import { type Host, type HostId, hostId, linkName, type Segment, segmentId } from "#model/index.js";
import { buildHost, buildSnapshot, ip } from "../../test/fleet-builder.js";
import { buildChooser } from "./chooser.js";
import { walkFlow } from "./flow.js";
import { startRun } from "./run.js";
import type { StagedHost } from "./staged-host.js";
import { buildWorld, type World } from "./world.js";

const COUNT = 6;

/** Hosts `h0` to `h5`, each behind a switch port that is in segment `a` or `b`. */
function fleet(): { readonly staged: readonly StagedHost[]; readonly segments: readonly Segment[] } {
  const { hosts } = buildSnapshot(
    Object.fromEntries(
      Array.from({ length: COUNT }, (_, index) => [
        `h${index}`,
        { links: { e0: { addresses: [`10.0.0.${index + 1}/24`] } } },
      ]),
    ),
  );
  const ports = [...hosts.keys()].map((id, index) => switchPort(id, index));
  const plugged = ports.flatMap(({ id, end }) => [
    {
      id: segmentId(`plug of ${id}`),
      ports: [
        { host: end, link: linkName("e0") },
        { host: id, link: linkName("plug") },
      ],
    },
  ]);
  const joined = ["a", "b"].map((name) => ({
    id: segmentId(name),
    ports: ports.map(({ id }) => ({ host: id, link: linkName(`to-${name}`) })),
  }));
  return {
    staged: [...[...hosts.values()].map((host) => ({ id: host.id, stages: [host] })), ...ports],
    segments: [...joined, ...plugged],
  };
}

function switchPort(end: HostId, index: number): StagedHost & { readonly end: HostId } {
  const bridge = (name: string): object => ({
    type: { kind: "bridge", isVlanAware: false } as const,
    mac: `0e:00:00:00:0${name}:${index}0`,
  });
  const at = (master: string): Host =>
    buildHost(`s${index}`, {
      links: {
        "in-a": bridge("a"),
        "in-b": bridge("b"),
        plug: { master, mac: null },
        "to-a": { master: "in-a", mac: null },
        "to-b": { master: "in-b", mac: null },
      },
    });
  return { id: hostId(`s${index}`), end, stages: [at("in-a"), at("in-b")] };
}

/** The verdicts of every walk, each with the ports that it asked for their place. */
function walks(
  world: World,
  from: number,
  to: string,
): readonly { readonly verdict: string; readonly asked: readonly string[] }[] {
  const chooser = buildChooser();
  const seen: { readonly verdict: string; readonly asked: readonly string[] }[] = [];
  do {
    const run = startRun(world, chooser, false);
    const { verdict } = walkFlow(run, { host: from, to: ip(to) });
    seen.push({ verdict, asked: run.support.map((host) => world.hosts[host]?.id ?? "") });
  } while (chooser.advance());
  return seen;
}

describe("Switch ports that move", () => {
  it("are asked for their place only where a walk meets what is plugged in", () => {
    const { staged, segments } = fleet();
    const seen = walks(buildWorld(staged, segments), 0, "10.0.0.2");
    expect(seen.map(({ verdict, asked }) => `${asked.join(" ")}: ${verdict}`)).toEqual([
      "s0 s1: delivered",
      "s0 s1: lost",
      "s0 s1: lost",
      "s0 s1: delivered",
    ]);
  });

  it("give in each state what they give where nothing moves", () => {
    const { staged, segments } = fleet();
    const world = buildWorld(staged, segments);
    for (let state = 0; state < 2 ** COUNT; state += 1) {
      const stageOf = (index: number): number => (index < COUNT ? 0 : (state >> (index - COUNT)) & 1);
      const still = buildWorld(
        staged.map(({ id, stages }, index) => ({
          id,
          stages: stages.slice(stageOf(index), stageOf(index) + 1),
        })),
        segments,
      );
      const moving = world.layer2(stageOf);
      const fixed = still.layer2(() => 0);
      for (const host of [0, 1, 5]) {
        const legs = (layer2: typeof fixed): readonly string[] =>
          (layer2.domainOf(host, linkName("e0"))?.legs ?? []).map((leg) => `${leg.host} ${leg.mac}`).sort();
        expect(legs(moving), `state ${state}`).toEqual(legs(fixed));
      }
    }
  });

  it("are asked in every walk where a bridge has an entry for what is plugged in: it may draw frames astray", () => {
    const { staged, segments } = fleet();
    const [first] = staged;
    const mac = first?.stages[0]?.links.find(({ name }) => name === "e0")?.mac ?? null;
    if (mac === null) throw new Error("no link");
    const entry = {
      mac,
      link: linkName("to-a"),
      master: linkName("in-a"),
      vlan: null,
      remote: null,
      isPermanent: false,
    };
    const withEntry = staged.map(({ id, stages }) => ({
      id,
      stages: id === "s5" ? stages.map((stage) => ({ ...stage, fdb: [entry] })) : stages,
    }));
    const world = buildWorld(withEntry, segments);
    expect(walks(world, 1, "10.0.0.3")[0]?.asked).toEqual(["s0", "s1", "s2"]);
  });
});
