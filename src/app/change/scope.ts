import type { ChangeScope } from "#formats/change/index.js";
import { contains, type IPv4 } from "#ip/index.js";
import type { Fleet, Issue, LinkName, Source } from "#model/index.js";
import type { AimedAddress, HostAim } from "./host-aim.js";
import { mistake } from "./messages.js";

/** Who and where: the hosts of one entry and the part of each that it names. */
export interface Scoped {
  readonly fleet: Fleet;
  readonly scope: ChangeScope;
  readonly issues: Issue[];
}

/** The links of a host that `link` and `segment` leave, or null where the entry has neither. */
export function linksInScope({ fleet, scope }: Scoped, aim: HostAim): ReadonlySet<LinkName> | null {
  if (scope.links === null && scope.segment === null) return null;
  const named = scope.links === null ? null : new Set(scope.links.names);
  const plugged = scope.segment === null ? null : new Set(segmentLinks(fleet, scope.segment.name, aim));
  return new Set(linkNames(aim).filter((name) => (named?.has(name) ?? true) && (plugged?.has(name) ?? true)));
}

/** A port, and the bridges and bonds that it belongs to: they have the addresses. */
function segmentLinks(fleet: Fleet, segment: string, aim: HostAim): readonly LinkName[] {
  const found: LinkName[] = [];
  for (const port of portsOf(fleet, segment, aim)) {
    let next: LinkName | null = port;
    while (next !== null && !found.includes(next)) {
      const name: LinkName = next;
      found.push(name);
      next = aim.booted.links.find((link) => link.name === name)?.master ?? null;
    }
  }
  return found;
}

/** The links of a host that are plugged into a segment themselves. */
export function portsOf(fleet: Fleet, segment: string, aim: HostAim): readonly LinkName[] {
  return fleet.segments
    .filter(({ id }) => id === segment)
    .flatMap(({ ports }) => ports.filter(({ host }) => host === aim.host.id).map(({ link }) => link));
}

/** The names of a host's links but the loopback's and those that flannel makes when k3s starts. */
export function linkNames(aim: HostAim): readonly LinkName[] {
  return aim.booted.links
    .filter(({ type, name }) => type.kind !== "loopback" && !/^(?:flannel[.-]|cni0$)/.test(name))
    .map(({ name }) => name);
}

/** The addresses of a host that the entry is about. */
export function addressesInScope(scoped: Scoped, aim: HostAim): readonly AimedAddress[] {
  const links = linksInScope(scoped, aim);
  const { within } = scoped.scope;
  return aim.addresses.filter(
    ({ link, ip }) => (links === null || links.has(link)) && (within === null || contains(within, ip)),
  );
}

/** Whether hosts that have nothing of what the entry names are passed over: a network or segment says so itself. */
export function passesOver({ scope }: Scoped): boolean {
  return scope.within !== null || scope.segment !== null;
}

/** `in 10.0.0.0/8 on eth0`: what was looked for, for a message. */
export function scopeText(
  { scope }: Scoped,
  network: (within: NonNullable<ChangeScope["within"]>) => string,
): string {
  const parts = [
    ...(scope.within === null ? [] : [`in \`${network(scope.within)}\``]),
    ...(scope.links === null ? [] : [`on \`${scope.links.names.join("`, `")}\``]),
    ...(scope.segment === null ? [] : [`on segment \`${scope.segment.name}\``]),
  ];
  return parts.length === 0 ? "to change" : parts.join(" ");
}

/** Checks that a host has a link that `link` names, and that the segment is one of the fleet. */
export function checkScope(scoped: Scoped, aims: readonly HostAim[]): void {
  const { fleet, scope, issues } = scoped;
  const { links, segment } = scope;
  if (segment !== null) {
    const known = fleet.segments.map(({ id }) => id);
    if (!known.some((id) => id === segment.name)) {
      issues.push(mistake.unknown("segment", { name: segment.name, known, source: segment.source }));
    } else if (aims.every((aim) => portsOf(fleet, segment.name, aim).length === 0))
      issues.push(mistake.noPort(segment.name, segment.source));
  }
  if (links === null) return;
  for (const aim of aims) {
    const known = linkNames(aim);
    if (links.names.some((name) => known.includes(name))) continue;
    issues.push(mistake.unknownLink(aim.host.id, { names: links.names, known, source: links.source }));
  }
}

/**
 * The link by which a host reaches an address: the one that the entry names, else the one whose network has it (the longest
 * counts, as the kernel has it), else that of the default route, else the only one that has addresses.
 */
export function linkTowards(
  scoped: Scoped,
  aim: HostAim,
  given: { readonly ip: IPv4 | null; readonly what: string; readonly source: Source },
): LinkName | null {
  const { ip, what, source } = given;
  const links = linksInScope(scoped, aim);
  const addresses = aim.addresses.filter(({ link }) => links === null || links.has(link));
  const reaching = addresses
    .filter(({ ip: own, length }) => ip !== null && contains({ address: own, length }, ip))
    .sort((a, b) => b.length - a.length);
  const nearest = namesOf(reaching.filter(({ length }) => length === reaching[0]?.length));
  if (nearest.length === 1 && nearest[0] !== undefined) return nearest[0];
  const byDefault = namesOf(aim.defaults.filter(({ link }) => links === null || links.has(link)));
  if (byDefault.length === 1 && byDefault[0] !== undefined) return byDefault[0];
  const all = namesOf(addresses);
  const left = all.length === 0 && links !== null ? [...links] : all;
  if (left.length === 1 && left[0] !== undefined) return left[0];
  scoped.issues.push(mistake.severalLinks(aim.host.id, { what, candidates: left, source }));
  return null;
}

function namesOf(things: readonly { readonly link: LinkName }[]): readonly LinkName[] {
  return [...new Set(things.map(({ link }) => link))];
}
