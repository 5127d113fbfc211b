import { testPlaces } from "../lab-hosts/places.js";
import { IncidentLab, NODES } from "./incident-lab.js";
import type { Ended } from "./start.js";
import { type EtcdWatched, watchEtcd } from "./watch-etcd.js";

/** What one way of making the change cost. */
export interface MeasuredWay extends EtcdWatched {
  readonly way: string;
  readonly exitCode: number | null;
  /** Until the command ended. */
  readonly seconds: number;
  readonly sentProbes: number;
  readonly lostProbes: number;
  readonly longestGapMs: number;
  readonly worstPair: string;
  /** How many terms of etcd began meanwhile: one for each election that was held. */
  readonly elections: number;
  /** What the command said was not as it should be. */
  readonly complaints: readonly string[];
}

type Way = (lab: IncidentLab, systems: readonly string[]) => Promise<Ended>;

async function applied(
  lab: IncidentLab,
  systems: readonly string[],
  options: readonly string[],
): Promise<Ended> {
  const { path } = await lab.plan("fixed", ...options.filter((word) => !word.startsWith("--one")));
  return lab.apply(path, systems, ...options.filter((word) => word.startsWith("--one"))).ended;
}

function waysWith(procedure: string): Readonly<Record<string, Way>> {
  const byHand =
    (option: string, order: string): Way =>
    async (lab) => {
      for (const [node] of NODES)
        await lab.must(node, "sh", "-c", `echo ${order} > /usr/local/lib/nixos-standin/order`);
      return lab.operate(["bash", procedure, lab.sshConfig, option]).ended;
    };
  return {
    "pointsman live": (lab, systems) => applied(lab, systems, []),
    "pointsman full-stop": (lab, systems) => applied(lab, systems, ["--strategy", "full-stop"]),
    "procedure, parallel, NixOS units restarted": byHand("parallel", "units"),
    "procedure, sequential, NixOS units restarted": byHand("sequential", "units"),
    "procedure, parallel, make before break": byHand("parallel", "make-before-break"),
  };
}

/** Carries the change out in each way whose name has this in it, each on hosts that were booted for it. */
export async function measureWays(only: string, procedure: string): Promise<readonly MeasuredWay[]> {
  const chosen = Object.entries(waysWith(procedure)).filter(([name]) => name.includes(only));
  const measured: MeasuredWay[] = [];
  for (const [name, way] of chosen) measured.push(await measureWay(name, way));
  return measured;
}

async function measureWay(name: string, way: Way): Promise<MeasuredWay> {
  const { places, remove } = testPlaces("inb");
  try {
    const lab = await IncidentLab.boot({ name: "bench", places });
    try {
      return await measureOn(lab, name, way);
    } finally {
      await lab.remove();
    }
  } finally {
    await remove();
  }
}

async function measureOn(lab: IncidentLab, name: string, way: Way): Promise<MeasuredWay> {
  const systems = await lab.installSystems("fixed");
  const before = await lab.etcd();
  const etcdWatch = watchEtcd(lab);
  const flowWatch = lab.watch();
  const done = await way(lab, systems);
  if (done.code !== 0) throw new Error(`${name} ended with ${done.code}: ${done.stdout}${done.stderr}`);
  await lab.waitForEtcd();
  const flows = (await flowWatch.stop()).flatMap(({ from, owner, gaps }) =>
    gaps === null ? [] : [{ pair: `${from} to ${owner}`, ...gaps }],
  );
  const etcd = await etcdWatch.stop();
  const after = await lab.etcd();
  if (flows.length !== NODES.length * (NODES.length - 1))
    throw new Error("a flow was not measured to its end");
  const worst = flows.reduce((one, other) => (other.longestGapMs > one.longestGapMs ? other : one));
  const terms = after.map(({ term }, index) => term - (before[index]?.term ?? 0));
  return {
    way: name,
    exitCode: done.code,
    seconds: Math.round(done.seconds),
    sentProbes: flows.reduce((sum, { sent }) => sum + sent, 0),
    lostProbes: flows.reduce((sum, { lost }) => sum + lost, 0),
    longestGapMs: worst.longestGapMs,
    worstPair: worst.longestGapMs === 0 ? "none" : worst.pair,
    elections: Math.max(...terms),
    complaints: done.stdout.split("\n").filter((line) => /^(lost|not reachable)/.test(line)),
    ...etcd,
  };
}
