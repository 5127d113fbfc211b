import { compareRoutes, type FdbEntry, type Neighbour, type Route } from "#model/index.js";
import { type FactWords, NOBODY, SEVERAL } from "./fact-words.js";
import { type Name, networkName } from "./names.js";

/** How each field is read: a name, all that is no name, or not at all because no packet depends on it. */
export type FieldKinds<T> = Readonly<Record<keyof Required<T>, "name" | "rest" | "origin">>;

/** The fields that are no names. */
export function restFields<T>(fields: FieldKinds<T>): readonly (keyof T)[] {
  const keys: (keyof T)[] = [];
  for (const key in fields) if (fields[key] === "rest") keys.push(key);
  return keys;
}

/** One kind of list of a host whose items have an order only among those of one slot. */
interface ListKind<T> {
  readonly fields: FieldKinds<T>;
  readonly names: (item: T) => readonly (Name | null)[];
  readonly areOneSlot: (a: T, b: T) => boolean;
  /** The order in which items of one slot stand side by side, where such lists have one. */
  readonly compare: ((a: T, b: T) => number) | null;
  readonly slot: (item: T) => string | number;
}

/** The facts of one list: those that name nobody else as one text, and whom the others name, by the number of what they say. */
export interface ListFacts {
  readonly own: string;
  readonly mentions: ReadonlyMap<number, readonly number[]>;
}

/** Reads the lists of one kind of a fleet's hosts. */
export type ListReader<T> = (words: FactWords, items: readonly T[]) => ListFacts;

/** Reads routes; those of one destination and table are in the order in which the kernel asks them. */
export function buildRouteReader(): ListReader<Route> {
  return buildListReader<Route>({
    fields: {
      table: "rest",
      type: "rest",
      destination: "name",
      gateway: "name",
      link: "rest",
      metric: "rest",
      scope: "rest",
      preferredSource: "name",
      isOnlink: "rest",
      isDead: "rest",
      protocol: "rest",
      source: "origin",
    },
    names: ({ destination, gateway, preferredSource }) => [
      networkName(destination),
      gateway,
      preferredSource,
    ],
    compare: compareRoutes,
    areOneSlot: (a, b) =>
      a.table === b.table &&
      a.destination.address === b.destination.address &&
      a.destination.length === b.destination.length,
    slot: ({ table, destination }) => `${table} ${networkName(destination)}`,
  });
}

/** Reads neighbour entries. */
export function buildNeighbourReader(): ListReader<Neighbour> {
  return buildListReader<Neighbour>({
    fields: { link: "rest", ip: "name", mac: "name", state: "rest", isProxy: "rest" },
    names: ({ ip, mac }) => [ip, mac],
    compare: null,
    areOneSlot: (a, b) => a.ip === b.ip,
    slot: ({ ip }) => ip,
  });
}

/** Reads forwarding entries. */
export function buildFdbReader(): ListReader<FdbEntry> {
  return buildListReader<FdbEntry>({
    fields: {
      mac: "name",
      link: "rest",
      master: "rest",
      vlan: "rest",
      remote: "name",
      isPermanent: "rest",
      isStatic: "rest",
      isSticky: "rest",
    },
    names: ({ mac, remote }) => [mac, remote],
    compare: null,
    areOneSlot: (a, b) => a.mac === b.mac,
    slot: ({ mac }) => mac,
  });
}

function buildListReader<T>(kind: ListKind<T>): ListReader<T> {
  const restOf = rememberRests(kind);
  let last: ReadList<T> | null = null;
  return (words, items) => {
    const ranks = rankItems(kind, items);
    const known = last?.words === words && ranks === null ? last : NOTHING_READ;
    let cursor = 0;
    const facts = items.map((item, place): Fact => {
      const at = findNear(known.items, item, cursor);
      const fact = known.facts[at];
      const rank = ranks?.[place] ?? 0;
      if (fact === undefined) {
        return readFact(words, `${restOf(words, item, place)}.${rank}`, kind.names(item));
      }
      cursor = at + 1;
      return fact;
    });
    last = ranks === null ? { words, items, facts } : null;
    return collectFacts(facts);
  };
}

const NOTHING_READ = { items: [], facts: [] } as const;

/** The list that was read before, where it is of the same host: most items of its next stage are the same values. */
interface ReadList<T> {
  readonly words: FactWords;
  readonly items: readonly T[];
  readonly facts: readonly Fact[];
}

/** The number of what is said, or null where it is left out, and the other host that it names, or NOBODY. */
interface Fact {
  readonly number: number | null;
  readonly other: number;
}

/** Few items come or go between two stages. */
const NEAR = 4;

function findNear<T>(items: readonly T[], item: T, from: number): number {
  for (let at = from; at < from + NEAR; at += 1) if (items[at] === item) return at;
  return -1;
}

function readFact(words: FactWords, rest: string, names: readonly (Name | null)[]): Fact {
  let said = rest;
  for (const name of names) said += ` ${words.name(name)}`;
  const other = words.takeOther();
  if (other !== SEVERAL) return { number: words.context.numberOf(said), other };
  // What names several hosts ties them: they are taken as they are.
  const all = names.map((name) => (name === null ? "-" : words.ordered(name)));
  const isLeftOut = words.context.constants === null;
  return {
    number: isLeftOut ? null : words.context.numberOf(`${said} ${all.join(" ")}`),
    other: NOBODY,
  };
}

function collectFacts(facts: readonly Fact[]): ListFacts {
  const own: number[] = [];
  const mentions = new Map<number, number[]>();
  for (const { number, other } of facts) {
    if (number === null) continue;
    if (other === NOBODY) own.push(number);
    else addMention(mentions, number, other);
  }
  return { own: own.sort((a, b) => a - b).join(), mentions };
}

function addMention(mentions: Map<number, number[]>, fact: number, other: number): void {
  const known = mentions.get(fact);
  if (known === undefined) mentions.set(fact, [other]);
  else known.push(other);
}

/** The number of the rest; often it is that of the item that stood in the same place of the list before. */
function rememberRests<T>({ fields }: ListKind<T>): (words: FactWords, item: T, place: number) => number {
  const keys = restFields<T>(fields);
  const last: { readonly item: T; readonly number: number }[] = [];
  return ({ context }, item, place) => {
    const known = last[place];
    if (known !== undefined && keys.every((key) => known.item[key] === item[key])) return known.number;
    const number = context.numberOf(
      `${keys.join()}: ${JSON.stringify(keys.map((key) => item[key] ?? null))}`,
    );
    last[place] = { item, number };
    return number;
  };
}

/** How many of its slot stand before each item; null where every slot has one. */
function rankItems<T>(kind: ListKind<T>, items: readonly T[]): readonly number[] | null {
  return areSingleSlots(kind, items) ? null : countSlots(kind, items);
}

/** Whether a list is sorted, so that items of one slot stand side by side, and no two of them do. */
function areSingleSlots<T>({ compare, areOneSlot }: ListKind<T>, items: readonly T[]): boolean {
  if (items.length < 2) return true;
  if (compare === null) return false;
  return items.every((item, index) => {
    const before = items[index - 1];
    return before === undefined || (compare(before, item) <= 0 && !areOneSlot(before, item));
  });
}

function countSlots<T>({ slot }: ListKind<T>, items: readonly T[]): readonly number[] {
  const seen = new Map<string | number, number>();
  return items.map((item) => {
    const key = slot(item);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return count;
  });
}
