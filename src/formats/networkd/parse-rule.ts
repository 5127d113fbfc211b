import type { Placed, UnrankedRule } from "#formats/systemd/index.js";
import { parsePrefix } from "#ip/index.js";
import { type Ipv6Fact, linkName, MAIN_TABLE, type Rule } from "#model/index.js";
import { RULE_KEYS } from "./known-keys.js";
import { readTable } from "./parse-route.js";
import { closeSettings, type Settings, takeBoolean, takeNumber, takeParsed, takeText } from "./settings.js";

const MAX_U32 = 2 ** 32 - 1;

/** Selectors and actions that the model has no words for: the rule is kept, what it does is not known. */
const OPAQUE_KEYS = [
  "TypeOfService",
  "SourcePort",
  "DestinationPort",
  "IPProtocol",
  "SuppressInterfaceGroup",
  "L3MasterDevice",
  "GoTo",
] as const;

/** Reads one `[RoutingPolicyRule]` section; an IPv6 rule goes to `ipv6` and gives null. */
export function parseRuleSection(
  settings: Settings,
  ipv6: Omit<Ipv6Fact, "link">[],
): Placed<UnrankedRule> | null {
  const family = takeText(settings, "Family")?.value ?? null;
  const from = takeText(settings, "From");
  const to = takeText(settings, "To");
  if (family === "ipv6" || [from, to].some((text) => text?.value.includes(":") === true)) {
    const text = `rule from ${from?.value ?? "all"} to ${to?.value ?? "all"}`;
    ipv6.push({ kind: "route", text, source: settings.source });
    return null;
  }
  const rule: UnrankedRule = {
    priority: takeNumber(settings, "Priority", 0, MAX_U32)?.value ?? null,
    isInverted: takeBoolean(settings, "InvertRule")?.value ?? false,
    from: takeParsed(settings, "From", "an IPv4 network", parsePrefix)?.value ?? null,
    to: takeParsed(settings, "To", "an IPv4 network", parsePrefix)?.value ?? null,
    incoming: takeLink(settings, "IncomingInterface"),
    outgoing: takeLink(settings, "OutgoingInterface"),
    mark: takeParsed(settings, "FirewallMark", "a mark such as `7` or `7/255`", readMark)?.value ?? null,
    action: takeAction(settings),
  };
  closeSettings(settings, RULE_KEYS);
  return { value: rule, source: settings.source };
}

function takeLink(settings: Settings, key: string): Rule["incoming"] {
  const text = takeText(settings, key);
  return text === null ? null : linkName(text.value);
}

function readMark(text: string): Rule["mark"] {
  const match = /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i.exec(text);
  if (match === null) return null;
  return { value: Number(match[1]), mask: match[2] === undefined ? MAX_U32 : Number(match[2]) };
}

function takeAction(settings: Settings): Rule["action"] {
  const table =
    takeParsed(settings, "Table", "a table number, or `main`, `default` or `local`", readTable)?.value ??
    MAIN_TABLE;
  const suppressed = takeNumber(settings, "SuppressPrefixLength", 0, 32)?.value ?? null;
  const type = takeText(settings, "Type")?.value ?? "table";
  const opaque = OPAQUE_KEYS.flatMap((key) => {
    const text = takeText(settings, key);
    return text === null ? [] : [`${key}=${text.value}`];
  });
  const isSimple = opaque.length === 0;
  if (isSimple && (type === "blackhole" || type === "unreachable" || type === "prohibit"))
    return { kind: type };
  if (isSimple && type === "table") return { kind: "lookup", table, suppressPrefixLength: suppressed };
  return { kind: "unmodelled", text: [type, ...opaque, `table ${table}`].join(" ") };
}
