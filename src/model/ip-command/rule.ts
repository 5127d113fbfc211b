import type { Prefix } from "#ip/index.js";
import { MAIN_TABLE, type Rule, type RuleAction } from "../host.js";
import { linkName } from "../identifiers.js";
import type { Operation } from "../kernel/operation.js";
import { err, ok, type Result } from "../result.js";
import { abbreviated, type KeywordValues, keywordTable, parseUnsigned, readKeywords } from "./keywords.js";
import { parseNetworkWord, parseTableWord } from "./network.js";

const ACTIONS = ["list", "show", "lst", "save", "add", "delete", "flush", "restore"];

const UNMODELLED = [
  "tos",
  "dsfield",
  "ipproto",
  "sport",
  "dport",
  "uidrange",
  "goto",
  "nat",
  "realms",
  "tun_id",
  "suppress_ifgroup",
  "sup_group",
];

const KEYWORDS = keywordTable(
  [
    "flag not",
    "value from",
    "value to",
    "value iif dev",
    "value oif",
    "value fwmark",
    "value priority preference pref order",
    "value table lookup",
    "value suppress_prefixlength sup_pl",
    "value protocol",
    "value type",
    "flag blackhole",
    "flag unreachable",
    "flag prohibit",
    "flag l3mdev",
    ...UNMODELLED.map((word) => `value ${word}`),
  ],
  [],
);

/**
 * Reads the words behind `ip rule`; ip-rule(8).
 *
 * @param freePriority what the kernel gives a rule without priority, or null where that is not known.
 */
export function parseRuleCommand(
  words: readonly string[],
  freePriority: number | null,
): Result<readonly Operation[], string> {
  const action = abbreviated(words[0] ?? "show", ACTIONS);
  if (action === "list" || action === "show" || action === "lst" || action === "save") return ok([]);
  if (action !== "add" && action !== "delete") return err(`\`ip rule ${words[0] ?? ""}\` is not modelled`);
  const read = readKeywords(words.slice(1), KEYWORDS);
  if (!read.ok) return read;
  const rule = readRule(read.value, action === "add" ? freePriority : null);
  return rule.ok ? ok([{ kind: `rule-${action}`, rule: rule.value }]) : rule;
}

function readRule(values: KeywordValues, freePriority: number | null): Result<Rule, string> {
  const priorityWord = values.get("priority");
  const priority = priorityWord === undefined ? freePriority : parseUnsigned(priorityWord);
  if (priority === null) return err("the rule has no number as `priority`");
  const from = readSelector(values.get("from"));
  if (!from.ok) return from;
  const to = readSelector(values.get("to"));
  if (!to.ok) return to;
  const mark = readMark(values.get("fwmark"));
  if (!mark.ok) return mark;
  const action = readAction(values);
  if (!action.ok) return action;
  const incoming = values.get("iif");
  const outgoing = values.get("oif");
  return ok({
    priority,
    isInverted: values.has("not"),
    from: from.value,
    to: to.value,
    incoming: incoming === undefined ? null : linkName(incoming),
    outgoing: outgoing === undefined ? null : linkName(outgoing),
    mark: mark.value,
    action: action.value,
  });
}

function readSelector(text: string | undefined): Result<Prefix | null, string> {
  if (text === undefined) return ok(null);
  const parsed = parseNetworkWord(text);
  return parsed.ok ? ok(parsed.value.length === 0 ? null : parsed.value) : parsed;
}

function readMark(text: string | undefined): Result<Rule["mark"], string> {
  if (text === undefined) return ok(null);
  const slash = text.indexOf("/");
  const value = parseUnsigned(slash === -1 ? text : text.slice(0, slash));
  const mask = slash === -1 ? 0xffffffff : parseUnsigned(text.slice(slash + 1));
  return value === null || mask === null ? err(`fwmark \`${text}\` is no number`) : ok({ value, mask });
}

function readAction(values: KeywordValues): Result<RuleAction, string> {
  const outside = UNMODELLED.concat("l3mdev").find((word) => values.has(word));
  if (outside !== undefined)
    return ok({ kind: "unmodelled", text: `${outside} ${values.get(outside) ?? ""}`.trim() });
  for (const kind of ["blackhole", "unreachable", "prohibit"] as const) {
    if (values.has(kind) || values.get("type") === kind) return ok({ kind });
  }
  const tableWord = values.get("table");
  const table = tableWord === undefined ? ok(MAIN_TABLE) : parseTableWord(tableWord);
  if (!table.ok) return table;
  const suppressWord = values.get("suppress_prefixlength");
  const suppressPrefixLength = suppressWord === undefined ? null : parseUnsigned(suppressWord);
  if (suppressWord !== undefined && suppressPrefixLength === null)
    return err(`suppress_prefixlength \`${suppressWord}\` is no number`);
  return ok({ kind: "lookup", table: table.value, suppressPrefixLength });
}
