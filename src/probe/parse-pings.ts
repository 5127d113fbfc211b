/** What one echo request came to. */
export type PingReading =
  | { readonly kind: "delivered" }
  | { readonly kind: "lost" }
  | { readonly kind: "not-measured"; readonly why: string };

const DELIVERED: PingReading = { kind: "delivered" };
const LOST: PingReading = { kind: "lost" };

const FPING_LINE = /^(\d[\d.]*)\s+: (-|[\d.]+)(?:\s|$)/;
const PING_LINE = /^(\d[\d.]*) (\d+) ?(.*)$/;

/**
 * What ping(8) says where the packet was sent, or the kernel would not send it (no route, a route of type `unreachable`, `blackhole` or
 * `prohibit`, a firewall): the way is lost, and that was measured. Anything else is a ping that could not ask.
 */
const ASKED = /\bpackets? transmitted\b|\b(?:connect|sendto|sendmsg): |\bping broadcast\b/;

/**
 * Reads what the ping script of one host printed, for these addresses and no others. Never throws; an address without a line of its own
 * was not measured.
 *
 * @example parsePings("by fping\n10.0.0.1 : 0.05\n10.0.0.2 : -\n", ["10.0.0.1"]) // 10.0.0.1 delivered
 */
export function parsePings(stdout: string, addresses: readonly string[]): ReadonlyMap<string, PingReading> {
  const [head = "", ...lines] = stdout.split("\n");
  const said = readLines(head.trim(), lines);
  const otherwise: PingReading = { kind: "not-measured", why: whySilent(head.trim()) };
  return new Map(addresses.map((address) => [address, said.get(address) ?? otherwise]));
}

function readLines(head: string, lines: readonly string[]): ReadonlyMap<string, PingReading> {
  switch (head) {
    case "by fping":
      return new Map(lines.flatMap(readFpingLine));
    case "by ping":
      return new Map(lines.flatMap(readPingLine));
    default:
      return new Map();
  }
}

function readFpingLine(line: string): readonly (readonly [string, PingReading])[] {
  const match = FPING_LINE.exec(line);
  if (match === null) return [];
  return [[match[1] ?? "", match[2] === "-" ? LOST : DELIVERED]];
}

function readPingLine(line: string): readonly (readonly [string, PingReading])[] {
  const match = PING_LINE.exec(line);
  if (match === null) return [];
  const [, address = "", code = "", words = ""] = match;
  if (code === "0") return [[address, DELIVERED]];
  if (ASKED.test(words) && !/\bsocket: /.test(words)) return [[address, LOST]];
  return [[address, { kind: "not-measured", why: `ping ended with ${code}: ${words.trim() || "no words"}` }]];
}

function whySilent(head: string): string {
  switch (head) {
    case "by nothing":
      return "the host has neither fping nor ping";
    case "by fping":
    case "by ping":
      return "the host gave no line for this address";
    default:
      return "the host's answer is none of the ping script";
  }
}
