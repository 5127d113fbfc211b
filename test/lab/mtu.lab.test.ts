import { expect, it } from "vitest";
import { buildSnapshotWorld, judgeFlow, type World } from "#dataplane/index.js";
import { parseIPv4 } from "#ip/index.js";
import { hostId } from "#model/index.js";
import { compareFlow } from "./compare.js";
import { allQuestions, type FleetSpecification, type FlowQuestion } from "./fleet-specification.js";
import { canBuildNamespaces, type KernelFlow, type Laboratory, openLaboratory } from "./laboratory.js";
import { randomMtuFleet, sizedQuestions } from "./mtu-fleet.js";
import { shrinkFleet } from "./shrink.js";
import { readLabSnapshot } from "./simulator.js";

/** POINTSMAN_LAB_MTU_FLEETS and POINTSMAN_LAB_MTU_SEED make the run longer or another one. */
const FLEETS = Number(process.env["POINTSMAN_LAB_MTU_FLEETS"] ?? 24);
const SEED = Number(process.env["POINTSMAN_LAB_MTU_SEED"] ?? 1);
const FLOWS_PER_FLEET = 30;

// Without root the campaign beside this file fails and says why: one failure is enough.
it.runIf(canBuildNamespaces())(
  "the simulator gives the kernel's verdict and paths for packets of a size in random fleets of random MTUs",
  async () => {
    const laboratory = openLaboratory();
    const verdicts = new Map<string, number>();
    const faults: string[] = [];
    try {
      for (let seed = SEED; seed < SEED + FLEETS; seed += 1) {
        const fleet = randomMtuFleet(seed);
        const asked = sizedQuestions(allQuestions(fleet), { seed, most: FLOWS_PER_FLEET });
        for (const { flow, differences } of await judge(laboratory, fleet, asked)) {
          verdicts.set(flow.verdict, (verdicts.get(flow.verdict) ?? 0) + 1);
          if (differences.length === 0) continue;
          const isReal = await differsAgain(laboratory, fleet, flow);
          if (isReal) faults.push(await describeFault(laboratory, fleet, { flow, differences }));
        }
      }
    } finally {
      await laboratory.close();
    }
    process.stdout.write(`\n${FLEETS} fleets from seed ${SEED}: ${JSON.stringify([...verdicts])}\n`);
    expect(faults).toEqual([]);
    expect([...verdicts.keys()].toSorted()).toEqual(
      expect.arrayContaining(["delivered", "lost", "lost-reply"]),
    );
  },
);

interface Judged {
  readonly flow: KernelFlow;
  readonly differences: readonly string[];
}

async function judge(
  laboratory: Laboratory,
  fleet: FleetSpecification,
  asked: readonly FlowQuestion[],
  pace: "hasty" | "patient" = "hasty",
): Promise<readonly Judged[]> {
  const { snapshot } = await laboratory.build(fleet);
  const world = buildSnapshotWorld(readLabSnapshot(snapshot));
  const flows = await laboratory.run(asked, pace);
  return flows.map((flow) => ({ flow, differences: compare(world, flow) }));
}

function compare(world: World, flow: KernelFlow): readonly string[] {
  const to = parseIPv4(flow.to);
  const host = world.indexOf.get(hostId(flow.from));
  if (to === null || host === undefined || flow.size === undefined) return ["the flow cannot be read"];
  const judged = judgeFlow(world, { host, to, size: flow.size }, false);
  const lists = { verdicts: [...judged.verdicts], path: [...judged.path], back: [...judged.back] };
  const [paths, backs] = [judged.paths, judged.backs].map((all) => all.map((path) => [...path]));
  const simulated = { ...judged, ...lists, paths: paths ?? [], backs: backs ?? [] };
  const comparison = compareFlow(flow, simulated);
  if (comparison.kind === "unknown") return ["the simulator says `unknown`"];
  if (comparison.kind === "disagreed") return comparison.differences;
  const isOneWay = judged.verdicts.length === 1 && judged.paths.length === 1 && judged.backs.length === 1;
  const bytes = flow.size === "full" ? judged.bytes : undefined;
  return isOneWay && bytes !== flow.bytes ? [`bytes: kernel ${flow.bytes}, simulator ${bytes}`] : [];
}

/** A busy machine may be too slow for the first look. */
async function differsAgain(
  laboratory: Laboratory,
  fleet: FleetSpecification,
  { from, to, size }: KernelFlow,
): Promise<boolean> {
  for (let look = 0; look < 2; look += 1) {
    const [again] = await judge(
      laboratory,
      fleet,
      [{ from, to, ...(size === undefined ? {} : { size }) }],
      "patient",
    );
    if (again === undefined || again.differences.length === 0) return false;
  }
  return true;
}

async function describeFault(
  laboratory: Laboratory,
  fleet: FleetSpecification,
  { flow, differences }: Judged,
): Promise<string> {
  const asked = { from: flow.from, to: flow.to, ...(flow.size === undefined ? {} : { size: flow.size }) };
  const smallest = await shrinkFleet({ ...fleet, strangers: [flow.to] }, [flow.from], async (smaller) => {
    try {
      const [again] = await judge(laboratory, smaller, [asked]);
      return again !== undefined && again.differences.length > 0;
    } catch {
      return false;
    }
  });
  return `${fleet.origin}: ${JSON.stringify(asked)}: ${differences.join("; ")} in ${JSON.stringify(smallest.hosts)}`;
}
