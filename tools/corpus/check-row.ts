import type { Expectation } from "./expectations.js";

/** What a reader said of one file. */
export interface FactText {
  /** From describeFacts. */
  readonly facts: readonly string[];
  /** Messages of issues: a token that is only here was read and reported. */
  readonly reports: readonly string[];
}

/** How one expectation fared. */
export interface Outcome {
  readonly expectation: Expectation;
  readonly status: "fact" | "reported" | "missing" | "present-but-forbidden";
  /** The lines that decided, for a failure the nearest ones. */
  readonly evidence: readonly string[];
}

/** Looks one expectation up. */
export function checkExpectation(expectation: Expectation, text: FactText): Outcome {
  const pattern = patternFor(expectation);
  const isFact =
    expectation.kind === "nothing"
      ? isEmpty(text.facts)
      : text.facts.some((line) => fits(line, expectation, pattern, text.facts));
  const evidence = text.facts.filter((line) => pattern.test(line));
  if (expectation.isForbidden) {
    const inAddress = evidence.filter((line) => /^(?:address|route|k3s)\b/.test(line));
    return {
      expectation,
      status: inAddress.length > 0 ? "present-but-forbidden" : "fact",
      evidence: inAddress,
    };
  }
  if (isFact) return { expectation, status: "fact", evidence };
  const reports = text.reports.filter((line) => looseFor(expectation).test(line));
  if (reports.length > 0) return { expectation, status: "reported", evidence: reports };
  return { expectation, status: "missing", evidence };
}

function isEmpty(facts: readonly string[]): boolean {
  return !facts.some((line) => /^(?:address|route|dynamic)\b/.test(line) && !/ dev lo\b/.test(line));
}

/** An address that the row puts on a link of this file must be on it. */
function fits(line: string, expectation: Expectation, pattern: RegExp, facts: readonly string[]): boolean {
  if (!pattern.test(line)) return false;
  const { link } = expectation;
  if (link === null || !expectation.token.includes("/") || !line.startsWith("address ")) return true;
  const isLinkHere = facts.some((each) => each.startsWith("address ") && each.endsWith(` dev ${link}`));
  return !isLinkHere || facts.some((each) => pattern.test(each) && each.endsWith(` dev ${link}`));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function patternFor({ kind, token }: Expectation): RegExp {
  const exact = escaped(token);
  switch (kind) {
    case "address":
      return token.includes("/")
        ? new RegExp(`(?<![\\d.])${exact}(?!\\d)`)
        : new RegExp(`(?<![\\d.])${exact}(?![\\d]|\\.\\d)`);
    case "ipv6":
      return new RegExp(`(?<![\\w:])${exact}(?![\\w])`, "i");
    case "vlan":
      return new RegExp(`\\bvlan id ${exact}\\b`);
    case "mtu":
    case "metric":
    case "table":
    case "priority":
      return new RegExp(`\\b${kind} ${exact}\\b`);
    case "backend":
      return new RegExp(`^k3s flannel-backend ${exact}$`);
    case "flannel-iface":
      return new RegExp(`^k3s flannel-iface ${exact}$`);
    case "url":
      return new RegExp(`^k3s server ${exact}`);
    case "dhcp":
      return /^dynamic \S+ dhcp/;
    case "name":
      return new RegExp(`(?<![\\w.-])${exact}(?![\\w.-])`);
    case "nothing":
      return /(?!)/;
  }
}

/** In prose of a report the token alone is enough. */
function looseFor(expectation: Expectation): RegExp {
  const { kind, token } = expectation;
  // A report may quote the address with its netmask beside it.
  if (kind === "address") return patternFor({ ...expectation, token: token.replace(/\/\d+$/, "") });
  if (kind === "ipv6") return patternFor(expectation);
  return new RegExp(`(?<![\\w.])${escaped(token)}(?![\\w.]\\w)`);
}
