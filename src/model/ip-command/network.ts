import { DEFAULT_PREFIX, type IPv4, ipv4, maskOf, type Prefix, parseIPv4, parseNetmask } from "#ip/index.js";
import { DEFAULT_TABLE, LOCAL_TABLE, MAIN_TABLE, type Scope } from "../host.js";
import { err, ok, type Result } from "../result.js";
import { parseUnsigned } from "./keywords.js";

/** Reads an address with or without length; a bare one has 32. iproute2 fills missing octets on the right: `10/8`. */
export function parseAddressWord(text: string): Result<Prefix, string> {
  const slash = text.indexOf("/");
  const address = parsePadded(slash === -1 ? text : text.slice(0, slash));
  const length = slash === -1 ? 32 : parseLength(text.slice(slash + 1));
  if (address === null || length === null) return err(notAnAddress(text));
  return ok({ address, length });
}

/** Reads a network as `ip route` and `ip rule` do; host bits are refused, as the kernel does (net/ipv4/fib_trie.c, fib_valid_key_len). */
export function parseNetworkWord(text: string): Result<Prefix, string> {
  if (text === "default" || text === "any" || text === "all") return ok(DEFAULT_PREFIX);
  const parsed = parseAddressWord(text);
  if (!parsed.ok) return parsed;
  const { address, length } = parsed.value;
  const hasHostBits = (address & ~maskOf(length)) !== 0;
  return hasHostBits
    ? err(
        `\`${text}\` has bits set below its length, which the kernel refuses (\`Invalid prefix for given prefix length\`)`,
      )
    : parsed;
}

/** Reads a full dotted quad. */
export function parseGatewayWord(text: string): Result<IPv4, string> {
  const address = parseIPv4(text);
  return address === null ? err(notAnAddress(text)) : ok(address);
}

/** Reads a table by number or by the three names that every system has; other names depend on the host's rt_tables. */
export function parseTableWord(text: string): Result<number, string> {
  const known = { main: MAIN_TABLE, local: LOCAL_TABLE, default: DEFAULT_TABLE } as const;
  if (text === "main" || text === "local" || text === "default") return ok(known[text]);
  const table = parseUnsigned(text);
  if (table === null || table === 0)
    return err(`table \`${text}\` is no number and not \`main\`, \`local\` or \`default\``);
  return ok(table);
}

const SCOPES: ReadonlyMap<string, Scope> = new Map([
  ["global", "global"],
  ["universe", "global"],
  ["0", "global"],
  ["site", "site"],
  ["200", "site"],
  ["link", "link"],
  ["253", "link"],
  ["host", "host"],
  ["254", "host"],
  ["nowhere", "nowhere"],
  ["255", "nowhere"],
]);

/** Reads a scope by name or by number; /etc/iproute2/rt_scopes. */
export function parseScopeWord(text: string): Result<Scope, string> {
  const scope = SCOPES.get(text);
  return scope === undefined ? err(`scope \`${text}\` is not known`) : ok(scope);
}

function parsePadded(text: string): IPv4 | null {
  const parts = text.split(".", 5);
  if (parts.length > 4 || text === "") return null;
  while (parts.length < 4) parts.push("0");
  const address = parseIPv4(parts.join("."));
  return address === null ? null : ipv4(address);
}

function parseLength(text: string): number | null {
  if (text.includes(".")) return parseNetmask(text);
  if (!/^\d{1,2}$/.test(text)) return null;
  const length = Number(text);
  return length <= 32 ? length : null;
}

function notAnAddress(text: string): string {
  return text.includes(":") ? `\`${text}\` is IPv6, which is not modelled` : `\`${text}\` is no IPv4 address`;
}
