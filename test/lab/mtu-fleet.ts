import type { FleetSpecification, FlowQuestion, HostSpecification } from "./fleet-specification.js";
import { randomFleet } from "./random-fleet.js";
import { type RandomSource, randomSource } from "./random-source.js";

/** What MTUs are made of: usual ones, their neighbours by the four bytes of a VLAN tag and by a tunnel's fifty, and small ones. */
const MTUS = [9000, 9000, 1500, 1500, 1500, 1504, 1503, 1450, 1454, 1400, 2000, 600, 1600, 8950] as const;
const SIZES = ["full", "full", "full", 1500, 1504, 1505, 1450, 1455, 1550, 9000] as const;
const PROFILES = ["flat", "routers-in-a-row", "multi-leg", "bridged", "overlay", "overlay"] as const;

/**
 * A random fleet whose links have random MTUs. Nobody sends redirects, and no host has two default routes of one metric: what the
 * kernel remembers of them would lead the second packet of a flow another way than the first.
 */
export function randomMtuFleet(seed: number): FleetSpecification {
  const random = randomSource(seed * 7 + 3);
  const fleet = randomFleet(seed, PROFILES[seed % PROFILES.length]);
  return {
    ...fleet,
    origin: `mtu ${fleet.origin}`,
    hosts: fleet.hosts.map((host) => withMtus(random, host)),
  };
}

function withMtus(random: RandomSource, host: HostSpecification): HostSpecification {
  const ports = host.ports.map(({ link }) => `${link} mtu ${random.pick(MTUS)}`);
  const bridges = host.bridges
    .filter(() => random.chance(0.4))
    .map(({ link }) => `${link} mtu ${random.pick(MTUS)}`);
  const tunnels = host.vxlans.map(({ link }) => `${link} mtu ${random.pick(MTUS) - 50}`);
  // What is below a tunnel may shrink under it.
  const later = ports.filter(() => host.vxlans.length > 0 && random.chance(0.3));
  const shrunk = later.map((line) => line.replace(/\d+$/, String(random.pick(MTUS))));
  const links = [...host.ports, ...host.bridges, ...host.vxlans].map(({ link }) => link);
  const silent = ["all", ...links].map((link) => `conf.${link.replaceAll(".", "/")}.send_redirects=0`);
  return {
    ...host,
    mtus: [...ports, ...bridges, ...tunnels, ...shrunk],
    sysctls: [...host.sysctls, ...silent],
    routes: host.routes.filter((line, index) => !isRivalDefault(host, line, index)),
  };
}

function isRivalDefault(host: HostSpecification, line: string, index: number): boolean {
  return line.startsWith("default") && host.routes.findIndex((other) => other.startsWith("default")) < index;
}

/** The questions with a size each, not more than so many. */
export function sizedQuestions(
  questions: readonly FlowQuestion[],
  { seed, most }: { readonly seed: number; readonly most: number },
): readonly FlowQuestion[] {
  const random = randomSource(seed + 11);
  return random
    .shuffled(questions)
    .slice(0, most)
    .map((question) => ({ ...question, size: random.pick(SIZES) }));
}
