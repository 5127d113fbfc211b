import fc from "fast-check";
import type { StagedHost } from "#dataplane/index.js";
import type { Host, Operation, Segment } from "#model/index.js";
import { buildSnapshot, type HostSketch } from "./fleet-builder.js";

/** A small fleet in the last of one to three phases, with all that its hosts have behind them. */
export interface RememberingNetwork {
  readonly hosts: readonly StagedHost[];
  readonly segments: readonly Segment[];
}

/** Addresses that go from host to host. */
const FLOATING = ["10.0.0.100", "10.0.0.101"] as const;
const MACS = ["02:00:00:aa:00:01", "02:00:00:aa:00:02"] as const;

const NOTHING: Operation = { kind: "sysctl", key: "conf.all.log_martians", value: 0 };
const FLUSH: Operation = { kind: "neighbour-flush", link: null };

interface Stage {
  readonly floating: readonly string[];
  readonly isWide: boolean;
  readonly forwards: boolean;
  readonly gateway: string | null;
  readonly mac: string | null;
  readonly sysctls: Readonly<Record<string, number>>;
}

const stage: fc.Arbitrary<Stage> = fc.record({
  floating: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.subarray([...FLOATING], { minLength: 1, maxLength: 1 }) },
  ),
  isWide: fc.boolean(),
  forwards: fc.boolean(),
  gateway: fc.constantFrom(null, ...FLOATING, "10.0.0.1", "10.0.0.2"),
  mac: fc.constantFrom(null, null, null, ...MACS),
  sysctls: fc.constantFrom(
    {},
    {},
    { "conf.all.arp_ignore": 1 },
    { "conf.all.rp_filter": 1 },
    { "conf.e0.proxy_arp": 1 },
    { "conf.all.arp_announce": 2 },
  ),
});

interface HostPlan {
  readonly stages: readonly Stage[];
  readonly flushes: readonly boolean[];
  readonly legs: readonly number[];
  readonly cuts: readonly number[];
}

const hostPlan: fc.Arbitrary<HostPlan> = fc.record({
  stages: fc.array(stage, { minLength: 1, maxLength: 3 }),
  flushes: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
  legs: fc.constantFrom([0], [0], [0, 1]),
  cuts: fc.array(fc.nat(2), { minLength: 2, maxLength: 2 }),
});

/** Fleets of two to `maxHosts` hosts with one to three stages each, in the first, second or third of their phases. */
export function rememberingNetwork(maxHosts: number): fc.Arbitrary<RememberingNetwork> {
  return fc
    .tuple(fc.array(hostPlan, { minLength: 2, maxLength: maxHosts }), fc.integer({ min: 1, max: 3 }))
    .map(([plans, phases]) => build(plans, phases));
}

function build(plans: readonly HostPlan[], phases: number): RememberingNetwork {
  const most = Math.max(...plans.map(({ stages }) => stages.length));
  const layers = Array.from({ length: most }, (_, at) =>
    buildSnapshot(
      Object.fromEntries(
        plans.map((own, index) => [`h${index}`, sketch(own, index, Math.min(at, own.stages.length - 1))]),
      ),
    ),
  );
  const hosts = plans.map((own, index): StagedHost => {
    const all = own.stages.flatMap((_, at): readonly Host[] => {
      const state = [...(layers[at]?.hosts.values() ?? [])][index];
      return state === undefined ? [] : [state];
    });
    const [id] = all.map((state) => state.id);
    if (id === undefined) throw new RangeError("expected a stage");
    const last = all.length - 1;
    const starts = [0, ...own.cuts.map((cut) => Math.min(cut, last)).sort((a, b) => a - b)].slice(0, phases);
    const from = starts.at(-1) ?? 0;
    const operations = own.stages.slice(1).map((_, at) => (own.flushes[at] === true ? FLUSH : NOTHING));
    return { id, stages: all.slice(from), way: { operations, left: all.slice(0, from), starts } };
  });
  return { hosts, segments: layers[0]?.segments ?? [] };
}

/** Every host has its own address on every leg; the links are the same in all stages, so that the wiring is. */
function sketch({ legs, stages }: HostPlan, index: number, at: number): HostSketch {
  const own = stages[at];
  if (own === undefined) throw new RangeError("expected a stage");
  const { floating, isWide, forwards, gateway, mac, sysctls } = own;
  const length = isWide ? 8 : 24;
  const links = legs.map((leg): [string, NonNullable<HostSketch["links"]>[string]] => [
    `e${leg}`,
    {
      on: `s${leg}`,
      addresses: [
        `10.${leg}.0.${index + 1}/${length}`,
        ...(leg === 0 ? floating.map((ip) => `${ip}/${length}`) : []),
      ],
      ...(mac === null || leg === 1 ? {} : { mac }),
    },
  ]);
  return {
    links: Object.fromEntries(links),
    routes: gateway === null ? [] : [`default via ${gateway} dev e0 onlink`],
    sysctls: { ip_forward: forwards ? 1 : 0, ...(sysctls as Record<string, number>) },
  };
}
