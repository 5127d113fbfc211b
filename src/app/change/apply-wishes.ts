import type { Wish } from "#formats/change/index.js";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { Issue, LinkName, Source } from "#model/index.js";
import { applyRouteWish } from "./apply-route-wishes.js";
import { type Granting, settle } from "./granting.js";
import { type AimedAddress, aimedText, type HostAim } from "./host-aim.js";
import { mistake, note } from "./messages.js";
import { renumberNetwork } from "./renumber.js";
import { addressesInScope, linksInScope, linkTowards, passesOver, portsOf, scopeText } from "./scope.js";

/** Carries one wish out on each host that the entry selects. */
export function applyWish(granting: Granting, wish: Wish): void {
  switch (wish.kind) {
    case "renumber":
      renumberNetwork(granting, wish);
      return;
    case "prefix":
      applyPrefix(granting, wish);
      return;
    case "address-add":
      addAddress(granting, wish);
      return;
    case "address-remove":
      for (const aim of granting.aims) removeAddress(granting, aim, wish);
      return;
    case "mtu":
      for (const aim of granting.aims) applyMtu(granting, aim, wish);
      return;
    case "gateway":
    case "route-add":
    case "route-remove":
      for (const aim of granting.aims) applyRouteWish(granting, aim, wish);
      return;
  }
}

function applyPrefix(granting: Granting, { length, source }: Extract<Wish, { kind: "prefix" }>): void {
  let isFound = false;
  for (const aim of granting.aims) {
    const candidates = addressesInScope(granting, aim);
    isFound ||= candidates.length > 0;
    const problem = prefixProblem(granting, aim, { candidates, source });
    if (problem !== null) granting.issues.push(problem);
    else setLengths(granting, aim, { candidates, length, source });
  }
  if (isFound || !passesOver(granting)) return;
  const has = granting.aims.flatMap((aim) => aim.addresses.map(aimedText));
  granting.issues.push(
    mistake.noAddress(null, { what: scopeText(granting, formatPrefix), has: [...has], source }),
  );
}

function prefixProblem(
  granting: Granting,
  aim: HostAim,
  { candidates, source }: { readonly candidates: readonly AimedAddress[]; readonly source: Source },
): Issue | null {
  const { id } = aim.host;
  if (candidates.length === 0 && !passesOver(granting)) {
    const has = aim.addresses.map(aimedText);
    return mistake.noAddress(id, { what: scopeText(granting, formatPrefix), has, source });
  }
  const isNetwork = granting.scope.within !== null;
  return candidates.length > 1 && !isNetwork
    ? mistake.severalAddresses(id, candidates.map(aimedText), source)
    : null;
}

function setLengths(
  granting: Granting,
  aim: HostAim,
  given: { readonly candidates: readonly AimedAddress[]; readonly length: number; readonly source: Source },
): void {
  const { candidates, length, source } = given;
  for (const { ip, link } of candidates) {
    const what = `the prefix length of \`${formatIPv4(ip)}\` on \`${link}\``;
    settle(granting, aim, { what, value: String(length), source });
  }
  aim.addresses = aim.addresses.map((each) => (candidates.includes(each) ? { ...each, length } : each));
}

function addAddress(granting: Granting, { address, source }: Extract<Wish, { kind: "address-add" }>): void {
  const { aims, issues } = granting;
  const [aim] = aims;
  const text = formatPrefix(address);
  if (aim === undefined) return;
  if (aims.length > 1) {
    issues.push(
      mistake.oneHost(
        text,
        aims.map(({ host }) => host.id),
        source,
      ),
    );
    return;
  }
  const { address: ip, length } = address;
  const link = linkTowards(granting, aim, { ip, what: `for \`${text}\``, source });
  if (link === null) return;
  const isThere = aim.addresses.some(
    (each) => each.link === link && each.ip === ip && each.length === length,
  );
  if (!isThere) aim.addresses = [...aim.addresses, { link, ip, length, was: null }];
}

function removeAddress(
  granting: Granting,
  aim: HostAim,
  { ip, length }: Extract<Wish, { kind: "address-remove" }>,
): void {
  const links = linksInScope(granting, aim);
  const removed = aim.addresses.filter(
    (each) => each.ip === ip && (length ?? each.length) === each.length && (links?.has(each.link) ?? true),
  );
  aim.addresses = aim.addresses.filter((each) => !removed.includes(each));
  if (removed.length === 0)
    granting.notes.push(note.nothingToRemove(aim.host.id, `address \`${formatIPv4(ip)}\``));
}

function applyMtu(granting: Granting, aim: HostAim, { mtu, source }: Extract<Wish, { kind: "mtu" }>): void {
  for (const link of linksForMtu(granting, aim, source)) {
    settle(granting, aim, { what: `the MTU of \`${link}\``, value: String(mtu), source });
    aim.mtus.set(link, mtu);
  }
}

/** A segment means the link that is plugged in: what stands on it has an MTU of its own, or follows. */
function linksForMtu(granting: Granting, aim: HostAim, source: Source): readonly LinkName[] {
  const { fleet, scope } = granting;
  if (scope.segment !== null) {
    const ports = portsOf(fleet, scope.segment.name, aim);
    return ports.filter((port) => scope.links?.names.includes(port) ?? true);
  }
  if (scope.links !== null || scope.within !== null) {
    const links = linksInScope(granting, aim);
    return links === null
      ? [...new Set(addressesInScope(granting, aim).map(({ link }) => link))]
      : [...links];
  }
  const link = linkTowards(granting, aim, { ip: null, what: "for the MTU", source });
  return link === null ? [] : [link];
}
