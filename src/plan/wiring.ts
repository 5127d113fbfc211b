import {
  type Host,
  type HostId,
  hostId,
  type Port,
  type Segment,
  type SegmentId,
  type Snapshot,
} from "#model/index.js";
import {
  buildCableHost,
  buildPortHost,
  freeMacs,
  PLUG,
  segmentOfLink,
  type WiringHost,
  wiringPartOf,
} from "./wiring-hosts.js";
import { type MatchedPort, type MatchedWiring, matchWiring } from "./wiring-match.js";

/** Both ends of a change in one wiring: what differs between theirs stands in hosts of bridges, whose stages are those of the wiring. */
export interface JoinedWiring {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** Whether a host of the model is a part of the wiring (a port that moves, a cable) and no host of the fleet. */
export function isWiringHost(id: HostId): boolean {
  return wiringPartOf(id) !== null;
}

/**
 * Tells both ends of a change in one list of segments. Each port that moves and each cable that joins or cuts segments becomes a host
 * that only bridges: so the wiring changes by operations of hosts, one for each, with a stage after each, as everything else. Segments
 * that stay as they are stay as they are; a link that is not there at one end is plugged in where it is at the other. Snapshots of one
 * wiring come back as they are.
 */
export function joinWiring(before: Snapshot, after: Snapshot): JoinedWiring {
  if (haveSameWiring(before, after)) return { before, after };
  const matched = settleOwnLinks(matchWiring(before.segments, after.segments), { before, after });
  const nextMac = freeMacs([...before.hosts.values(), ...after.hosts.values()]);
  const parts = [
    ...matched.ports.filter(isMoving).map((port) => buildPortHost(port, nextMac)),
    ...matched.cables.map((cable) => buildCableHost(cable, nextMac)),
  ];
  const segments = buildSegments(matched, parts);
  return {
    before: { hosts: withParts(before, parts, "before"), segments },
    after: { hosts: withParts(after, parts, "after"), segments },
  };
}

/** Whether the wiring of two snapshots is one, whatever the order in which it is told; mostly the order is one too, and no text is made. */
export function haveSameWiring(one: Snapshot, other: Snapshot): boolean {
  return isListedAlike(one.segments, other.segments) || describeWiring(one) === describeWiring(other);
}

function isListedAlike(some: readonly Segment[], others: readonly Segment[]): boolean {
  if (some === others) return true;
  return (
    some.length === others.length &&
    some.every(({ id, ports }, index) => {
      const other = others[index];
      return other?.id === id && arePortsAlike(ports, other.ports);
    })
  );
}

function arePortsAlike(some: readonly Port[], others: readonly Port[]): boolean {
  if (some === others) return true;
  return (
    some.length === others.length &&
    some.every(({ host, link }, index) => others[index]?.host === host && others[index].link === link)
  );
}

/** The segments as a text that is the same for the same wiring. */
export function describeWiring({ segments }: Snapshot): string {
  return segments
    .map(({ id, ports }) => {
      const names = ports.map(({ host, link }) => `${host}/${link}`).sort();
      return `${id}: ${names.join(" ")}`;
    })
    .sort()
    .join("; ");
}

function isMoving({ before, after }: MatchedPort): boolean {
  return before !== after;
}

/** A link that only one end has is made or removed by its host: where it is plugged in then, its place waits for it. */
function settleOwnLinks(matched: MatchedWiring, { before, after }: JoinedWiring): MatchedWiring {
  const ports = matched.ports.map((port) => {
    if (!hasLink(before, port)) return { ...port, before: port.after };
    return hasLink(after, port) ? port : { ...port, after: port.before };
  });
  return { ...matched, ports };
}

function hasLink({ hosts }: Snapshot, { host, link }: Port): boolean {
  return hosts.get(host)?.links.some(({ name }) => name === link) === true;
}

function buildSegments({ segments, ports }: MatchedWiring, parts: readonly WiringHost[]): readonly Segment[] {
  const staying = ports.filter((port) => !isMoving(port));
  const plugs = parts.flatMap((part) => part.plugs);
  return [
    ...segments.map((id) => ({
      id,
      ports: [
        ...staying.filter((port) => port.before === id).map(({ host, link }) => ({ host, link })),
        ...plugs.filter((plug) => plug.segment === id).map(({ host, link }) => ({ host, link })),
      ],
    })),
    ...parts.flatMap((part) => part.own),
  ];
}

/** Behind the hosts of the fleet, whose numbers stay. */
function withParts(
  { hosts }: Snapshot,
  parts: readonly WiringHost[],
  end: "before" | "after",
): ReadonlyMap<HostId, Host> {
  return new Map([...hosts, ...parts.map((part) => [part[end].id, part[end]] as const)]);
}

/**
 * The same network told without parts of the wiring: each moved port in the segment that it is in now, joined segments as one. What a
 * laboratory builds and a person draws. A snapshot without such parts comes back as it is.
 */
export function resolveWiring(snapshot: Snapshot): Snapshot {
  const parts = [...snapshot.hosts.values()].filter(({ id }) => isWiringHost(id));
  if (parts.length === 0) return snapshot;
  const places = parts.flatMap(placesOf);
  const joints = parts.flatMap(jointsOf);
  const nameOf = (id: SegmentId): SegmentId => {
    const joint = joints.find(({ other }) => other === id);
    return joint === undefined ? id : nameOf(joint.one);
  };
  const isPart = ({ host }: Port): boolean => isWiringHost(host);
  const plain = snapshot.segments
    .filter(({ id }) => wiringPartOf(hostId(id)) === null)
    .map(({ id, ports }) => ({
      id: nameOf(id),
      ports: [
        ...ports.filter((port) => !isPart(port)),
        ...places.filter(({ segment }) => segment === id).map(({ port }) => port),
      ],
    }));
  const ids = [...new Set(plain.map(({ id }) => id))];
  return {
    hosts: new Map([...snapshot.hosts].filter(([id]) => !isWiringHost(id))),
    segments: ids.map((id) => ({
      id,
      ports: plain.filter((segment) => segment.id === id).flatMap(({ ports }) => ports),
    })),
  };
}

function placesOf({ id, links }: Host): readonly { readonly port: Port; readonly segment: SegmentId }[] {
  const part = wiringPartOf(id);
  const master = links.find(({ name }) => name === PLUG)?.master ?? null;
  if (part?.kind !== "port" || master === null) return [];
  return [{ port: { host: part.host, link: part.link }, segment: segmentOfLink(master) }];
}

function jointsOf({ id, links }: Host): readonly { readonly one: SegmentId; readonly other: SegmentId }[] {
  if (wiringPartOf(id)?.kind !== "cable") return [];
  const [one, other] = links.filter(({ master }) => master !== null);
  const isJoined = one?.isUp === true && other?.isUp === true;
  return isJoined ? [{ one: segmentOfLink(one.name), other: segmentOfLink(other.name) }] : [];
}
