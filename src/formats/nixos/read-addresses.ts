import { type Cidr, type IPv4, type Prefix, parseCidr, parseIPv4, prefix } from "#ip/index.js";
import { linkName } from "#model/index.js";
import type { BootPlan } from "./boot-plan.js";
import { child, type Fact, readInteger, readText, wrongType } from "./fact.js";

/** `{ address = "10.0.0.1"; prefixLength = 16; }`; null where a part is missing, unknown or wrong, which is reported. */
export function readAddressPair(fact: Fact): Cidr | null {
  const addressFact = child(fact, "address");
  const lengthFact = child(fact, "prefixLength");
  if (addressFact === null || lengthFact === null) {
    const isKnownSet = fact.value.kind === "attributes";
    return isKnownSet && (addressFact ?? lengthFact) === null
      ? wrongType(fact, "`address` and `prefixLength`")
      : reportParts(fact, addressFact, lengthFact);
  }
  const text = readText(addressFact);
  const length = readInteger(lengthFact);
  if (text === null || length === null) return null;
  const address = parseIPv4(text);
  if (address === null) return wrongType(addressFact, "an IPv4 address");
  if (length < 0 || length > 32) return wrongType(lengthFact, "a prefix length of 0 to 32");
  return { address, length };
}

function reportParts(fact: Fact, address: Fact | null, length: Fact | null): null {
  if (address !== null) readText(address);
  if (length !== null) readInteger(length);
  if (fact.value.kind === "unknown") readText(fact);
  else wrongType(fact, "`address` and `prefixLength`");
  return null;
}

/** The network of an address pair. */
export function readNetworkPair(fact: Fact): Prefix | null {
  const pair = readAddressPair(fact);
  return pair === null ? null : prefix(pair.address, pair.length);
}

/** An IPv4 address as text; what is none is reported. */
export function readIPv4(fact: Fact | null): IPv4 | null {
  const text = readText(fact);
  if (fact === null || text === null || text === "") return null;
  return parseIPv4(text) ?? wrongType(fact, "an IPv4 address");
}

/** An IPv6 pair or text, kept as it is written. */
export function addIpv6(
  plan: BootPlan,
  fact: Fact,
  given: { readonly link: string | null; readonly kind: "address" | "gateway" | "route" },
): void {
  const text = fact.value.kind === "attributes" ? pairText(fact) : readText(fact);
  if (text === null || text === "") return;
  plan.ipv6.push({
    link: given.link === null ? null : linkName(given.link),
    kind: given.kind,
    text,
    source: fact.source,
  });
}

function pairText(fact: Fact): string | null {
  const address = readText(child(fact, "address"));
  const length = child(fact, "prefixLength");
  const via = readText(child(fact, "via"));
  if (address === null) return null;
  const network = length === null ? address : `${address}/${readInteger(length) ?? "?"}`;
  return via === null ? network : `${network} via ${via}`;
}

/** `10.0.0.1/24`, or a bare address as /32, as systemd-networkd takes it; null for IPv6 and for what is no address. */
export function parseAddressText(text: string): Cidr | null {
  const cidr = parseCidr(text);
  if (cidr !== null) return cidr;
  const address = parseIPv4(text);
  return address === null ? null : { address, length: 32 };
}
