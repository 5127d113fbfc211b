import type { YamlTree } from "#formats/yaml/index.js";
import { parseCidr } from "#ip/index.js";
import type { Issue } from "#model/index.js";
import type { NetplanAddress, NetplanDevice } from "./document.js";
import { closeFields, describeTree, openFields } from "./fields.js";
import { netplanIssue } from "./messages.js";

const ADDRESS_OPTIONS = { harmless: new Set(["label"]), unmodelled: new Set(["lifetime"]) };

/** Reads the items of `addresses`: `10.0.0.1/24`, or `{10.0.0.1/24: {label: ...}}`; an address that comes twice is one, as netplan has it. */
export function parseAddresses(
  items: readonly YamlTree[],
  given: { readonly issues: Issue[]; readonly ipv6: NetplanDevice["ipv6"][number][] },
): readonly NetplanAddress[] {
  const found = new Map<string, NetplanAddress>();
  for (const item of items) {
    const named = nameOf(item, given.issues);
    if (named === null) continue;
    const { text, source } = named;
    const cidr = parseCidr(text);
    if (cidr !== null) found.set(text, found.get(text) ?? { ip: cidr.address, length: cidr.length, source });
    else if (text.includes(":")) given.ipv6.push({ kind: "address", text, source });
    else
      given.issues.push(
        netplanIssue("wrong-value", source, ["an address with its prefix length", "addresses", text]),
      );
  }
  return [...found.values()];
}

function nameOf(item: YamlTree, issues: Issue[]): { text: string; source: YamlTree["source"] } | null {
  if (item.kind === "scalar") return item;
  const entry = item.kind === "map" && item.entries.length === 1 ? item.entries[0] : undefined;
  if (entry === undefined) {
    issues.push(netplanIssue("wrong-kind", item.source, ["an address", "addresses", describeTree(item)]));
    return null;
  }
  const options = openFields(entry.value, entry.key, issues);
  if (options !== null) closeFields(options, ADDRESS_OPTIONS);
  return { text: entry.key, source: entry.source };
}
