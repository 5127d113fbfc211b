import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { collectSnapshot, openWholeNetwork, readCollected, specifyLab } from "#app/index.js";
import { type LabPlaces, labReach, labUp } from "#lab/index.js";
import { err, type Host, type Link, type Snapshot } from "#model/index.js";
import { differences } from "../lab-operations/comparable.js";
import { ROOT } from "../repository/root.js";
import { testPlaces } from "./places.js";

const { places, remove } = testPlaces("ltw");
afterAll(remove);

/** The state of a lab's hosts as they say it themselves. */
async function collectLab(name: string, wanted: Snapshot, at: LabPlaces): Promise<Snapshot> {
  const reach = labReach(name, at);
  try {
    const collected = await collectSnapshot({
      sessionOf: (host) => reach.open(host, "probe"),
      hosts: [...wanted.hosts.keys()],
      segments: [],
    });
    const reading = readCollected(collected, "lab");
    if (!reading.ok) throw new Error(reading.error.message);
    return reading.value.snapshot;
  } finally {
    await reach.close();
  }
}

/** The pods' ends are no part of a snapshot that comes from files: in the twin, a bridge without a port has no carrier. */
function withoutPods(host: Host): Host {
  const hasPort = (link: Link): boolean => host.links.some(({ master }) => master === link.name);
  const links = host.links.map((link) =>
    link.type.kind === "bridge" && !hasPort(link) ? { ...link, hasCarrier: false } : link,
  );
  return { ...host, links };
}

describe("A twin of namespaces", () => {
  it.each(["before", "fixed", "transitional"])(
    "of the incident's `%s` has the state of each host",
    async (tree) => {
      const file = join(ROOT, "examples/inc-0004/pointsman.yaml");
      const source = {
        kind: "fleet",
        file,
        tree: join(ROOT, "examples/inc-0004", tree),
        nix: "never",
      } as const;
      const network = openWholeNetwork(source);
      const name = `twin-${tree}`;
      const specification = await specifyLab({ name, source, kind: "netns", operator: null });
      if (!network.ok || !specification.ok) throw new Error(JSON.stringify([network, specification]));
      await labUp(specification.value, places);
      const { snapshot } = network.value;
      const live = await collectLab(name, snapshot, places);
      for (const [id, host] of snapshot.hosts) {
        const twin = live.hosts.get(id);
        expect(twin === undefined ? err("lost") : differences(withoutPods(host), twin), id).toEqual([]);
      }
    },
  );
});
