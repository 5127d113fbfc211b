import { type Mac, mac } from "#ip/index.js";
import type { HostId, LinkName } from "#model/index.js";

/** FNV-1a, 32 bits; http://www.isthe.com/chongo/tech/comp/fnv/ */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Gives a link that no file gives an Ethernet address one of its own, always the same for the same names. */
export type MacSource = (host: HostId, link: LinkName) => Mac;

/**
 * A source of locally administered addresses (02:...) that differ from each other and from the known ones. Where two
 * names hash to one address, the one that is asked for later gets another.
 */
export function buildMacSource(known: Iterable<Mac>): MacSource {
  const taken = new Map<string, string>([...known].map((address) => [address, ""]));
  return (host, link) => {
    const name = `${host} ${link}`;
    for (let attempt = 0; ; attempt++) {
      const derived = deriveMac(attempt === 0 ? name : `${name} ${attempt}`);
      const owner = taken.get(derived);
      if (owner !== undefined && owner !== name) continue;
      taken.set(derived, name);
      return derived;
    }
  };
}

function deriveMac(text: string): Mac {
  const low = fnv1a(text);
  const high = fnv1a(`${text} `);
  return mac([0x02, high & 255, low >>> 24, (low >>> 16) & 255, (low >>> 8) & 255, low & 255]);
}

function fnv1a(text: string): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME) >>> 0;
  }
  return hash;
}
