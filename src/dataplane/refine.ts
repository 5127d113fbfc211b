import type { Mention } from "./fact-words.js";

/**
 * The coarsest classes, from those of equal texts, in which each host mentions all hosts of a class or none of them in each of its
 * facts (itself left out), and hosts of one class mention the same classes. Then any two hosts of a class can be exchanged.
 *
 * @param start the text of each host
 * @param mentions what each host says of others
 */
export function refineClasses(
  start: readonly string[],
  mentions: readonly (readonly Mention[])[],
): Int32Array {
  const partition = new Partition(start.length);
  partition.regroup((host) => start[host] ?? "");
  for (;;) {
    const before = partition.count;
    mentions.forEach((own, host) => {
      for (const { hosts } of own) partition.split(host, hosts);
    });
    partition.regroup((host) => signature(partition, host, mentions[host] ?? []));
    if (partition.count === before) return partition.classes;
  }
}

/** Whom a host mentions, by class: after the splits each is mentioned whole. */
function signature({ classes }: Partition, host: number, mentions: readonly Mention[]): string {
  if (mentions.length === 0) return `${classes[host]}`;
  const said = mentions.map(({ fact, hosts }) => {
    const mentioned = new Set<number>();
    for (const other of hosts) mentioned.add(classes[other] ?? -1);
    return `${fact}: ${[...mentioned].sort((a, b) => a - b).join()}`;
  });
  return `${classes[host]}\n${said.sort().join("\n")}`;
}

/** Hosts in numbered classes; classes only ever become smaller. */
class Partition {
  readonly classes: Int32Array;
  #sizes: number[] = [];

  constructor(hosts: number) {
    this.classes = new Int32Array(hosts);
    this.#sizes = [hosts];
  }

  get count(): number {
    return this.#sizes.length;
  }

  /** Hosts of one text are of one class from now on, the others of another one; the text has to hold the class before. */
  regroup(textOf: (host: number) => string): void {
    const numbers = new Map<string, number>();
    const sizes: number[] = [];
    const next = this.classes.map((_, host) => {
      const text = textOf(host);
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      sizes[number] = (sizes[number] ?? 0) + 1;
      return number;
    });
    this.classes.set(next);
    this.#sizes = sizes;
  }

  /** Takes hosts that one host mentions out of each class of which it mentions some and not all. */
  split(host: number, mentioned: readonly number[]): void {
    const counts = new Map<number, number>();
    for (const other of mentioned) {
      const own = this.classes[other] ?? 0;
      counts.set(own, (counts.get(own) ?? 0) + 1);
    }
    const moved = new Map<number, number>();
    for (const [own, count] of counts) {
      const others = (this.#sizes[own] ?? 0) - (this.classes[host] === own ? 1 : 0);
      if (count === others) continue;
      moved.set(own, this.#sizes.length);
      this.#sizes[own] = (this.#sizes[own] ?? 0) - count;
      this.#sizes.push(count);
    }
    if (moved.size === 0) return;
    for (const other of mentioned) {
      this.classes[other] = moved.get(this.classes[other] ?? 0) ?? this.classes[other] ?? 0;
    }
  }
}
