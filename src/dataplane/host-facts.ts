import type { Address, Host, Link, LinkType, Neighbour, Operation, Rule } from "#model/index.js";
import { type FactsContext, FactWords, type Mention, word } from "./fact-words.js";
import { narrowestAround } from "./fixed-networks.js";
import { eachClaim } from "./homes.js";
import {
  buildFdbReader,
  buildNeighbourReader,
  buildRouteReader,
  type FieldKinds,
  type ListFacts,
  restFields,
} from "./list-facts.js";
import { addressName, networkName } from "./names.js";
import { everyStage, type StagedHost } from "./staged-host.js";

/** What a host is in all its stages. Two hosts of one key differ at most in the names that have their home there, and in whom they mention. */
export interface HostFacts {
  readonly key: string;
  readonly mentions: readonly Mention[];
}

/** Reads the hosts of a fleet, each with all its stages; what is in several stages of a host is read once. */
export function buildFactsReader(context: FactsContext): (host: StagedHost, self: number) => HostFacts {
  const readers = {
    routes: buildRouteReader(),
    neighbours: buildNeighbourReader(),
    fdb: buildFdbReader(),
    rules: buildRulesWriter(),
    addresses: buildAddressesWriter(),
  };
  return (host, self) => {
    const words = new FactWords(context, self);
    const lists = new HostLists(words, readers);
    const stages = everyStage(host).map((stage) => lists.read(stage));
    const [claims, way] = [readClaims(context, host), wayText(words, host)];
    return { key: [claims, way, stages.join(";"), ...lists.texts].join("\n"), mentions: lists.mentions };
  };
}

/** How the host came to its stages. What an operation makes of it is in the stages; what it makes it forget is not. */
function wayText(words: FactWords, { way }: StagedHost): string {
  if (way === undefined) return "";
  const operations = way.operations.map((operation) => operationText(words, operation));
  return `${way.left.length} ${way.starts.join()} ${operations.join(";")}`;
}

function operationText(words: FactWords, operation: Operation): string {
  const { kind } = operation;
  switch (kind) {
    case "neighbour-replace":
      return `${kind} ${entryText(words, operation.neighbour)}`;
    case "neighbour-delete":
      return `${kind} ${entryText(words, operation)} ${operation.isProxy}`;
    default: {
      const places = [
        "link" in operation ? operation.link : null,
        "bridge" in operation ? operation.bridge : null,
      ];
      return [kind, ...places.map((name) => (typeof name === "string" ? word(name) : "-"))].join(" ");
    }
  }
}

function entryText(words: FactWords, entry: Pick<Neighbour, "link" | "ip">): string {
  return `${word(entry.link)} ${words.ordered(addressName(entry.ip))}`;
}

/** The host's own names: those of several hosts as they are, the others by what holds them. */
function readClaims({ homes, fixed }: FactsContext, host: StagedHost): string {
  let text = "";
  eachClaim(host, (name) => {
    if (homes.homeOf(name) === null) text += ` ${name}`;
    else if (typeof name === "string") text += " mac";
    else text += ` in ${homes.placeInNetwork(name) ?? narrowestAround(fixed, name)}`;
  });
  return text;
}

/** Writes rules; those that name nobody have the same text for every host, and hosts of one fleet often share the list. */
function buildRulesWriter(): (words: FactWords, rules: readonly Rule[]) => string {
  let last: { readonly rules: readonly Rule[]; readonly text: string } | null = null;
  return (words, rules) => {
    if (last?.rules === rules) return last.text;
    const text = rules.map((rule) => ruleText(words, rule)).join("\n");
    if (rules.every(({ from, to }) => from === null && to === null)) last = { rules, text };
    return text;
  };
}

interface Readers {
  readonly routes: ReturnType<typeof buildRouteReader>;
  readonly neighbours: ReturnType<typeof buildNeighbourReader>;
  readonly fdb: ReturnType<typeof buildFdbReader>;
  readonly rules: (words: FactWords, rules: readonly Rule[]) => string;
  readonly addresses: (words: FactWords, addresses: readonly Address[]) => string;
}

/** Reads the lists of one host's stages, each list once, and says which of them a stage has. */
class HostLists {
  readonly texts: string[] = [];
  readonly mentions: Mention[] = [];
  readonly #known = new Map<unknown, number>();
  readonly #words: FactWords;
  readonly #readers: Readers;

  constructor(words: FactWords, readers: Readers) {
    this.#words = words;
    this.#readers = readers;
  }

  read(host: Host): string {
    const { id: _, links, addresses, routes, rules, neighbours, fdb, sysctls, unmodelled, ...rest } = host;
    const words = this.#words;
    const { numberOf } = words.context;
    return [
      this.#once(links, () => numberOf(`links ${links.map((link) => linkText(words, link)).join("\n")}`)),
      this.#once(addresses, () => this.#readers.addresses(words, addresses)),
      this.#once(routes, (list) => this.#take(list, this.#readers.routes(words, routes))),
      this.#once(rules, () => this.#readers.rules(words, rules)),
      this.#once(neighbours, (list) => this.#take(list, this.#readers.neighbours(words, neighbours))),
      this.#once(fdb, (list) => this.#take(list, this.#readers.fdb(words, fdb))),
      this.#once(sysctls, () => numberOf(`sysctls ${[...sysctls].join()}`)),
      this.#once(unmodelled, () => JSON.stringify(unmodelled.map(({ code }) => code))),
      restText(words, rest),
    ].join();
  }

  #once(list: unknown, read: (index: number) => string | number): number {
    const known = this.#known.get(list);
    if (known !== undefined) return known;
    const index = this.texts.length;
    this.#known.set(list, index);
    this.texts.push("");
    this.texts[index] = String(read(index));
    return index;
  }

  #take(list: number, { own, mentions }: ListFacts): string {
    for (const [fact, hosts] of mentions) {
      this.mentions.push({ fact: this.#words.context.numberOf(`${list} says ${fact}`), hosts });
    }
    return own;
  }
}

/** What a host has besides its lists, so that nothing is left out. */
function restText(words: FactWords, { etcdPeer, ...rest }: Omit<Host, keyof HostListsOf>): string {
  return `${etcdPeer === undefined ? "" : words.ordered(addressName(etcdPeer))} ${JSON.stringify(rest)}`;
}

type HostListsOf = Pick<
  Host,
  "id" | "links" | "addresses" | "routes" | "rules" | "neighbours" | "fdb" | "sysctls" | "unmodelled"
>;

function linkText(words: FactWords, { type, mac, source: _, ...rest }: Link): string {
  const ends = `${typeText(words, type)} ${mac === null ? "-" : words.ordered(mac)}`;
  return `${ends} ${JSON.stringify(rest)}`;
}

function typeText(words: FactWords, type: LinkType): string {
  if (type.kind === "ethernet" || type.kind === "loopback") return type.kind;
  if (type.kind !== "vxlan" || type.local === null) return JSON.stringify(type);
  return `${JSON.stringify({ ...type, local: null })} ${words.ordered(addressName(type.local))}`;
}

const ADDRESS_FIELDS: FieldKinds<Address> = {
  link: "rest",
  ip: "name",
  length: "rest",
  peer: "name",
  broadcast: "name",
  scope: "rest",
  isSecondary: "rest",
  hasNoPrefixRoute: "rest",
  source: "origin",
};

/** Writes addresses; what is no name is often the same as in the same place of the list before. */
function buildAddressesWriter(): (words: FactWords, addresses: readonly Address[]) => string {
  const keys = restFields<Address>(ADDRESS_FIELDS);
  const last: { readonly address: Address; readonly text: string }[] = [];
  const restOf = (address: Address, place: number): string => {
    const known = last[place];
    if (known !== undefined && keys.every((key) => known.address[key] === address[key])) return known.text;
    const text = JSON.stringify(keys.map((key) => address[key]));
    last[place] = { address, text };
    return text;
  };
  const addressText = (words: FactWords, address: Address, place: number): string => {
    const ends = [address.ip, address.peer, address.broadcast];
    const names = ends.map((end) => (end === null ? "-" : words.ordered(addressName(end))));
    return `${names.join(" ")} ${restOf(address, place)}`;
  };
  return (words, addresses) =>
    addresses.map((address, place) => addressText(words, address, place)).join("\n");
}

function ruleText(words: FactWords, { from, to, ...rest }: Rule): string {
  const ends = [from, to].map((end) => (end === null ? "-" : words.ordered(networkName(end))));
  return `${ends.join(" ")} ${JSON.stringify(rest)}`;
}
