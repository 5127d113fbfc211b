import type { Mac } from "#ip/index.js";
import type { Domain } from "./layer2.js";
import type { Leg } from "./leg.js";
import type { Run } from "./run.js";
import type { SwitchPlace, Wiring } from "./wiring.js";

/** A broadcast leaves a leg: every switch and bridge of the domain now knows where its address is. */
export function sendBroadcast(run: Run, domain: Domain, from: Leg): void {
  const { wiring } = domain;
  if (wiring?.strays.has(from.mac) === true) {
    const home = wiring.placeOf.get(from) ?? "";
    for (const place of wiring.places.values()) {
      learnPort(run, place, { from, back: wiring.stepTowards(place.name, home) });
    }
  }
  speak(run, domain, from);
}

/**
 * A unicast frame leaves a leg: the legs that take it. Several where the address has several owners and no switch has heard any of
 * them; the sender is never among them.
 */
export function sendUnicast(run: Run, domain: Domain, from: Leg, mac: Mac): readonly Leg[] {
  const { wiring } = domain;
  const isStray = wiring?.strays.has(mac) === true;
  if (isStray) run.hasMetStrayAddress = true;
  const takers =
    wiring !== null && (isStray || wiring.strays.has(from.mac))
      ? followFrame(run, { domain, wiring, from, mac })
      : takersOf(run, domain, mac);
  speak(run, domain, from);
  return takers.filter((leg) => leg.host !== from.host || leg.link !== from.link);
}

function takersOf(run: Run, domain: Domain, mac: Mac): readonly Leg[] {
  const known = run.lastSpeaker.get(domain)?.get(mac);
  return known === undefined ? (domain.byMac.get(mac) ?? []) : [known];
}

/** The switches of the domain know the port of the leg's address. */
function speak(run: Run, domain: Domain, leg: Leg): void {
  const speakers = run.lastSpeaker.get(domain) ?? new Map<Mac, Leg>();
  run.lastSpeaker.set(domain, speakers);
  if (speakers.get(leg.mac) === leg) return;
  if (speakers.has(leg.mac)) run.version += 1;
  speakers.set(leg.mac, leg);
}

interface Frame {
  readonly domain: Domain;
  readonly wiring: Wiring;
  readonly from: Leg;
  readonly mac: Mac;
}

/** Where a frame stands, and the neighbour it came from; null where it comes from a leg here. */
interface Visit {
  readonly place: SwitchPlace;
  readonly back: string | null;
}

/** From place to place, learning its sender; where nobody knows the address it goes everywhere. */
function followFrame(run: Run, frame: Frame): readonly Leg[] {
  const { wiring, from } = frame;
  const takers: Leg[] = [];
  const start = wiring.places.get(wiring.placeOf.get(from) ?? "");
  const open: Visit[] = start === undefined ? [] : [{ place: start, back: null }];
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const { place, back } = visit;
    learnPort(run, place, { from, back });
    const decision = decide(run, frame, visit);
    takers.push(...decision.takers);
    for (const name of decision.next) {
      const next = wiring.places.get(name);
      if (next !== undefined && name !== back) open.push({ place: next, back: place.name });
    }
  }
  return takers;
}

interface Decision {
  readonly takers: readonly Leg[];
  readonly next: readonly string[];
}

const NOWHERE: Decision = { takers: [], next: [] };

function decide(run: Run, frame: Frame, visit: Visit): Decision {
  const { place, back } = visit;
  if (place.kind === "bridge") return decideBridge(run, frame, visit);
  const learnt = place.kind === "bond" ? undefined : portOf(run, frame, place);
  if (learnt === undefined) {
    return {
      takers: place.legs.filter((leg) => leg.mac === frame.mac),
      next: place.edges.map((edge) => edge.to),
    };
  }
  if (typeof learnt !== "string") return { takers: [learnt], next: [] };
  return learnt === back ? NOWHERE : { takers: [], next: [learnt] };
}

/** net/bridge/br_input.c (br_handle_frame_finish), and br_device.c (br_dev_xmit) for what the host itself sends. */
function decideBridge(run: Run, frame: Frame, { place, back }: Visit): Decision {
  const own = place.legs.find((leg) => leg.mac === frame.mac);
  if (own !== undefined) return decideOwn(place, own, back);
  const entry = place.entries.get(frame.mac);
  if (entry?.isLocal === true) return back === null && entry.to !== null ? towards(entry.to) : NOWHERE;
  const learnt = entry?.isSticky === true ? undefined : portOf(run, frame, place);
  if (typeof learnt === "string") return towards(learnt);
  if (entry !== undefined) return entry.to === null ? NOWHERE : towards(entry.to);
  return { takers: [], next: place.edges.map((edge) => edge.to) };
}

/** The bridge takes frames for its own address, and for a port's address what comes in there; others it takes and layer 3 drops. */
function decideOwn(place: SwitchPlace, own: Leg, back: string | null): Decision {
  if (back === null) {
    const edge = place.edges.find(({ port }) => port === own.port);
    return edge === undefined || own.port === null ? NOWHERE : towards(edge.to);
  }
  const incoming = place.edges.find(({ to }) => to === back)?.port;
  return own.port === null || own.port === incoming ? { takers: [own], next: [] } : NOWHERE;
}

function towards(name: string): Decision {
  return { takers: [], next: [name] };
}

/** What a place has learnt of an address in the flow: a neighbour, a leg of its own, or nothing. */
function portOf(run: Run, { domain, wiring, mac }: Frame, place: SwitchPlace): string | Leg | undefined {
  if (wiring.strays.has(mac)) return run.learntPorts.get(`${place.name} ${mac}`);
  const speaker = run.lastSpeaker.get(domain)?.get(mac);
  if (speaker === undefined) return undefined;
  return wiring.stepTowards(place.name, wiring.placeOf.get(speaker) ?? "") ?? speaker;
}

/** net/bridge/br_fdb.c, br_fdb_update: entries of the bridge itself and sticky ones stay, static ones move. */
function learnPort(
  run: Run,
  place: SwitchPlace,
  { from, back }: { readonly from: Leg; readonly back: string | null },
): void {
  const entry = place.entries.get(from.mac);
  const isFixed = entry !== undefined && (entry.isLocal || entry.isSticky);
  if (isFixed || (place.kind === "bridge" && back === null) || place.kind === "bond") return;
  const key = `${place.name} ${from.mac}`;
  const port = back ?? from;
  if (run.learntPorts.get(key) === port) return;
  run.learntPorts.set(key, port);
  run.version += 1;
}
