import type { StagedHost } from "#dataplane/index.js";
import { buildLongestPrefixMatch, hostPrefix, type IPv4, type Prefix } from "#ip/index.js";
import type { Host, Route } from "#model/index.js";

/** An address of no host, and the network that it stands for. */
export interface Inside {
  readonly network: Prefix;
  readonly address: IPv4;
}

/** What is known of one network, as a text that is the same for networks that nobody tells apart. */
interface Said {
  text: string;
}

/**
 * The first of those that no host treats differently in any stage. Two are alike where the networks around them, the longest first, are held by
 * the same routes of the same hosts in the same stages and in the same order; the length of a network counts, since a rule may suppress by it. A
 * network that is named by anything else is like no other.
 */
export function foldOutside(
  found: readonly Inside[],
  staged: readonly StagedHost[],
  named: readonly Prefix[],
): readonly Inside[] {
  const said = collectSaid(staged, named);
  const table = buildLongestPrefixMatch([...said.values()].map(({ prefix, value }) => ({ prefix, value })));
  const textNumbers = new Map<string, number>();
  const numbers = new Map<Said, number>();
  const numberOf = (value: Said): number => {
    const known = numbers.get(value) ?? textNumbers.get(value.text) ?? textNumbers.size;
    numbers.set(value, known);
    textNumbers.set(value.text, known);
    return known;
  };
  const kinds = new Map<string, Inside>();
  for (const inside of found) {
    const around: number[] = [];
    table.search(inside.address, (values) => {
      for (const value of values) around.push(numberOf(value));
      return false;
    });
    const kind = around.join();
    if (!kinds.has(kind)) kinds.set(kind, inside);
  }
  return [...kinds.values()];
}

type SaidOf = ReadonlyMap<number, { readonly prefix: Prefix; readonly value: Said }>;

function collectSaid(staged: readonly StagedHost[], named: readonly Prefix[]): SaidOf {
  const said = new Map<number, { readonly prefix: Prefix; readonly value: Said }>();
  const say = (prefix: Prefix, text: string): void => {
    const key = prefix.address * 64 + prefix.length;
    const known = said.get(key) ?? { prefix, value: { text: "" } };
    said.set(key, known);
    known.value.text += text;
  };
  const restOf = numberRests();
  staged.forEach(({ stages }, host) => {
    let last: Host | null = null;
    stages.forEach((stage, index) => {
      if (stage.routes !== last?.routes) {
        for (const route of stage.routes) say(route.destination, `${host}.${index}.${restOf(route)} `);
      }
      last = stage;
    });
  });
  for (const prefix of [...named, ...staged.flatMap(({ stages }) => stages.flatMap(namedBy))]) {
    say(prefix, `named ${prefix.address}/${prefix.length} `);
  }
  return said;
}

/** What a host says of destinations besides its routes. */
function namedBy({ rules, neighbours }: Host): readonly Prefix[] {
  return [...rules.flatMap(({ to }) => to ?? []), ...neighbours.map(({ ip }) => hostPrefix(ip))];
}

/** A number for all of a route but the address of its network and the place where it was read. */
function numberRests(): (route: Route) => number {
  const numbers = new Map<string, number>();
  const known = new Map<Route, number>();
  return (route) => {
    const found = known.get(route);
    if (found !== undefined) return found;
    const { destination, source: _, ...rest } = route;
    const text = JSON.stringify([destination.length, rest]);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    known.set(route, number);
    return number;
  };
}
