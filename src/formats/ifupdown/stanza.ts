import type { Issue, Operation, Source } from "#model/index.js";
import { linkName } from "#model/index.js";
import { addAddresses, linesOf } from "./addresses.js";
import type { Boot } from "./boot-state.js";
import { isIpv6Command, readCommand } from "./commands.js";
import type { IfaceStanza, InterfaceOption } from "./document.js";
import { addStep } from "./draft.js";
import { canonicalName, type Interface } from "./interfaces.js";
import { commandIssue, ignoredOptionIssue, ipv6CommandIssue, methodIssue } from "./messages.js";
import { parseShell, type ShellCommand } from "./shell.js";

/** Methods that ask somebody else for an address, by family, with the protocol they speak. */
const DYNAMIC: ReadonlyMap<string, string> = new Map([
  ["inet dhcp", "dhcp"],
  ["inet bootp", "bootp"],
  ["inet ipv4ll", "ipv4ll"],
  ["inet6 dhcp", "dhcpv6"],
  ["inet6 auto", "ra"],
]);

/** Does what the method of one stanza says: addresses, or a client that asks for them. */
export function applyStanza(
  boot: Boot,
  given: { readonly iface: Interface; readonly stanza: IfaceStanza; readonly unit: string },
): void {
  const { iface, stanza, unit } = given;
  const { draft } = boot;
  const method = stanza.method ?? "static";
  const protocol = DYNAMIC.get(`${stanza.family ?? "inet"} ${method}`);
  if (protocol !== undefined)
    draft.dynamicLinks.push({ link: linkName(iface.link), protocol, source: stanza.source });
  else if (!STATIC.has(method)) draft.issues.push(methodIssue(stanza.name, method));
  const takesAddresses = method === "static" || (draft.flavour === "ifupdown2" && protocol === undefined);
  if (takesAddresses) addAddresses({ stanza, link: iface.link, unit }, draft);
  else for (const option of linesOf(stanza, "address")) draft.issues.push(ignoredOptionIssue(option, method));
}

const STATIC: ReadonlySet<string> = new Set(["static", "manual", "loopback"]);

/** Runs the lines of the given names (`up`, `post-up`, ...) in the order of the file. */
export function runLines(boot: Boot, iface: Interface, names: readonly string[]): void {
  for (const option of iface.options) if (names.includes(canonicalName(option))) runLine(boot, iface, option);
}

function runLine(boot: Boot, iface: Interface, option: InterfaceOption): void {
  const commands = parseShell(option.value.text, iface.name.text);
  if (typeof commands === "string") {
    boot.draft.issues.push(commandIssue(option, commands));
    return;
  }
  for (const command of commands) {
    const issue = runCommand(boot, { unit: `iface ${iface.name.text}`, option, command });
    if (issue !== null) boot.draft.issues.push(issue);
  }
}

function runCommand(
  boot: Boot,
  given: { readonly unit: string; readonly option: InterfaceOption; readonly command: ShellCommand },
): Issue | null {
  const { unit, option, command } = given;
  if (isIpv6Command(command)) return ipv6CommandIssue(option);
  const read = readCommand(command, boot.draft.rulePriority - 1);
  if (!read.ok) return commandIssue(option, read.error);
  const { source } = option.value;
  for (const operation of read.value) {
    if (operation.kind === "link-add") boot.made.add(operation.link.name);
    if (operation.kind === "link-up") boot.ups.add(operation.link);
    addStep(boot.draft, withSource(operation, source), { unit, source, isTolerated: command.isTolerated });
  }
  return null;
}

/** The records of an operation carry the line they come from. */
function withSource(operation: Operation, source: Source): Operation {
  switch (operation.kind) {
    case "address-add":
      return { ...operation, address: { ...operation.address, source } };
    case "route-add":
    case "route-append":
    case "route-replace":
      return { ...operation, route: { ...operation.route, source } };
    case "link-add":
      return { ...operation, link: { ...operation.link, source } };
    default:
      return operation;
  }
}
