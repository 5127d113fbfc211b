import { type Prefix, parseIPv4, parsePrefix, prefix } from "#ip/index.js";
import type { Rule, RuleAction, Source } from "#model/index.js";
import { linkName } from "#model/index.js";
import { say } from "./messages.js";
import type { Reading } from "./reading.js";
import type { RawRule } from "./schema.js";
import type { TableNames } from "./table-names.js";

/** Keys that this reader understands, and those that select nothing. Any other is a selector or action outside the model. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  "priority",
  "not",
  "src",
  "srclen",
  "dst",
  "dstlen",
  "iif",
  "oif",
  "fwmark",
  "fwmask",
  "table",
  "action",
  "suppress_prefixlen",
  "protocol",
  "iif_detached",
  "oif_detached",
]);

/** The rules of `ip -j rule show`, in their order. */
export function readRules(
  reading: Reading,
  raw: readonly RawRule[],
  given: { readonly tables: TableNames; readonly source: Source },
): Rule[] {
  return raw.map((rule) => ({
    priority: rule.priority,
    isInverted: rule.not !== undefined,
    from: readSelector(reading, rule.src, rule.srclen, given.source),
    to: rule.dst === undefined ? null : readSelector(reading, rule.dst, rule.dstlen, given.source),
    incoming: rule.iif === undefined ? null : linkName(rule.iif),
    outgoing: rule.oif === undefined ? null : linkName(rule.oif),
    mark: readMark(rule),
    action: readAction(rule, given.tables),
  }));
}

function readSelector(
  reading: Reading,
  text: string,
  length: number | undefined,
  source: Source,
): Prefix | null {
  if (text === "all") return null;
  const address = parseIPv4(text);
  const network = address === null ? parsePrefix(text) : prefix(address, length ?? 32);
  if (network === null) reading.errors.push(say.badValue(source, "`all` or an IPv4 prefix", text));
  return network;
}

function readMark(rule: RawRule): Rule["mark"] {
  if (rule.fwmark === undefined) return null;
  const [value, mask] = rule.fwmark.split("/");
  return { value: Number(value) >>> 0, mask: Number(rule.fwmask ?? mask ?? "0xffffffff") >>> 0 };
}

function readAction(rule: RawRule, tables: TableNames): RuleAction {
  const isUnderstood = Object.keys(rule).every((key) => UNDERSTOOD.has(key));
  if (!isUnderstood) return { kind: "unmodelled", text: JSON.stringify(rule) };
  switch (rule.action) {
    case "blackhole":
      return { kind: "blackhole" };
    case "unreachable":
      return { kind: "unreachable" };
    case "prohibit":
      return { kind: "prohibit" };
    default:
      break;
  }
  const isLookup = rule.table !== undefined && (rule.action === undefined || rule.action === "to_tbl");
  if (!isLookup) return { kind: "unmodelled", text: JSON.stringify(rule) };
  const suppressed = rule.suppress_prefixlen;
  return {
    kind: "lookup",
    table: tables.numberOf(rule.table ?? "main"),
    suppressPrefixLength: suppressed === undefined || suppressed < 0 ? null : suppressed,
  };
}
