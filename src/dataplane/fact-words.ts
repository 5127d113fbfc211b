import type { IPv4 } from "#ip/index.js";
import type { FixedNetworks } from "./fixed-networks.js";
import type { Homes } from "./homes.js";
import { addressName, type Name } from "./names.js";

/** What the facts of a fleet's hosts are read against. */
export interface FactsContext {
  readonly homes: Homes;
  readonly fixed: FixedNetworks;
  /** Hosts whose names stand for themselves, as nobody else is like them; null where that is not known yet: what names several hosts is then left out. */
  readonly constants: ReadonlySet<number> | null;
  /** Takes each host that is named together with another one, or where the order of facts has a meaning. */
  readonly freeze: (host: number) => void;
  /** The number of a text, the same for the same text in all the fleet. */
  readonly numberOf: (text: string) => number;
}

/** Numbers texts in the order in which they come. */
export function buildNumbers(): FactsContext["numberOf"] {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
}

/** Something that a host says of others, by a number for its text without their names, and the others of whom it says it. */
export interface Mention {
  readonly fact: number;
  readonly hosts: readonly number[];
}

/** Whom the words of a fact name, where it is not one other host. */
export const NOBODY = -1;
export const SEVERAL = -2;

/** Writes the names of one host's facts. */
export class FactWords {
  readonly context: FactsContext;
  readonly #self: number;
  #other = NOBODY;

  constructor(context: FactsContext, self: number) {
    this.context = context;
    this.#self = self;
  }

  /** A name in a list whose order means something: other hosts' names are taken as they are. */
  ordered(name: Name): string {
    const home = this.context.homes.homeOf(name);
    if (home?.host === this.#self) return `@${home.place}`;
    if (home !== null) this.context.freeze(home.host);
    return `${name}`;
  }

  /** A name of a fact that has no order among others; null for none. */
  name(name: Name | null): string {
    if (name === null) return "-";
    const home = this.context.homes.homeOf(name);
    if (home === null || this.context.constants?.has(home.host) === true) return `${name}`;
    if (home.host === this.#self) return `@${home.place}`;
    this.#other = this.#other === NOBODY || this.#other === home.host ? home.host : SEVERAL;
    return `?${home.place}`;
  }

  address(ip: IPv4 | null): string {
    return ip === null ? "-" : this.name(addressName(ip));
  }

  /** Ends a fact of names and says whom of the others it named. */
  takeOther(): number {
    const other = this.#other;
    this.#other = NOBODY;
    return other;
  }
}

const PLAIN_WORD = /^[\w.@-]+$/;

/** A name from outside, so that it ends where it seems to end. */
export function word(text: string): string {
  return PLAIN_WORD.test(text) ? text : JSON.stringify(text);
}
