import type { Issue, Severity, Source } from "#model/index.js";
import type { UciSection, UciValue } from "./document.js";
import { labelOf } from "./document.js";

function issue(
  severity: Severity,
  code: string,
  source: Source | null,
  text: readonly [message: string, hint: string],
): Issue {
  return { code: `uci/${code}`, severity, source, message: text[0], hint: text[1] };
}

export function syntaxIssue(source: Source, expected: string, found: string): Issue {
  return issue("error", "syntax", source, [
    `Expected ${expected}, found ${found}; the line is left out.`,
    "Correct the line: libuci loads nothing of a file with a line like this.",
  ]);
}

export function tooManyIssue(source: Source, more: number): Issue {
  return issue("error", "syntax", source, [
    `Expected a UCI file, found ${more} more lines like the ones above; the last is here.`,
    "Check that the path names the right file.",
  ]);
}

export function commentInWordIssue(source: Source): Issue {
  return issue("warning", "comment-in-word", source, [
    "Expected quotes around a value with `#`, found a bare one; libuci ends the line there.",
    "Put the value in single quotes if the `#` belongs to it.",
  ]);
}

export function missingFileIssue(file: string): Issue {
  return issue("error", "no-such-file", { file, line: 1, column: 1 }, [
    `Expected a UCI file, found none at \`${file}\`.`,
    "Correct the path in the fleet file, or add the file to the configuration tree.",
  ]);
}

export function unknownFileIssue(file: string): Issue {
  return issue("unmodelled", "unknown-file", { file, line: 1, column: 1 }, [
    `Expected the sections of \`network\` or \`dhcp\`, found neither in \`${file}\`.`,
    "Name the files `network` and `dhcp`; other files of /etc/config are not read.",
  ]);
}

/** A value that is not what its option needs. */
export function badValueIssue(section: UciSection, option: string, value: UciValue, expected: string): Issue {
  return issue("error", "bad-value", value.source, [
    `Expected ${expected} as \`${option}\` of \`${labelOf(section)}\`, found \`${value.text}\`; it is left out.`,
    "Write the value out; a template must be filled in before it is read.",
  ]);
}

export function missingOptionIssue(section: UciSection, option: string): Issue {
  return issue("error", "missing-option", section.source, [
    `Expected \`${option}\` in \`${labelOf(section)}\`, found none; the section has no effect.`,
    `Add \`option ${option}\`, or remove the section.`,
  ]);
}

export function unknownSectionIssue(section: UciSection): Issue {
  return issue("unmodelled", "unknown-section", section.source, [
    `Expected a section type that is modelled, found \`${section.type}\`.`,
    "What it does to the network is not known; check it by hand.",
  ]);
}

export function unknownOptionIssue(section: UciSection, option: string, value: UciValue): Issue {
  return issue("unmodelled", "unknown-option", value.source, [
    `Expected an option of \`${labelOf(section)}\` that is modelled, found \`${option}\` with \`${value.text}\`.`,
    "What it does to the network is not known; check it by hand.",
  ]);
}

export function unknownProtocolIssue(section: UciSection, protocol: UciValue): Issue {
  return issue("unmodelled", "unknown-protocol", protocol.source, [
    `Expected a protocol that is modelled in \`${labelOf(section)}\`, found \`${protocol.text}\`.`,
    "Its links, addresses and routes are not known; collect them from the live host.",
  ]);
}

/** `facts` are what the section says, for the reader of the report. */
export function notAtBootIssue(section: UciSection, why: UciValue | null, facts: string): Issue {
  const found = why === null ? "no `proto`" : `\`${why.text}\``;
  const code = why === null ? "no-protocol" : "not-at-boot";
  return issue("warning", code, why?.source ?? section.source, [
    `Expected \`${labelOf(section)}\` to come up at boot, found ${found}: it does not. It says ${facts}.`,
    "Nothing to do if that is meant; else set `proto` and remove `disabled` and `auto`.",
  ]);
}

export function noDeviceIssue(section: UciSection, facts: string): Issue {
  return issue("unmodelled", "no-device", section.source, [
    `Expected \`device\` in \`${labelOf(section)}\`, found none. It says ${facts}.`,
    "If Wi-Fi or a modem gives it a link at run time, collect that from the live host.",
  ]);
}

export function badDeviceIssue(section: UciSection, device: UciValue): Issue {
  return issue("unmodelled", "bad-device", device.source, [
    `Expected the name of a link in \`${labelOf(section)}\`, found \`${device.text}\`.`,
    "The link it makes at run time is not known; collect it from the live host.",
  ]);
}

export function deviceNestingIssue(device: string, source: Source): Issue {
  return issue("error", "device-nesting", source, [
    `Expected devices that end in a physical one, found \`${device}\` inside itself or more than eight deep.`,
    "Correct `ports` and `ifname` of the device sections.",
  ]);
}

export function deviceTypeIssue(source: Source, device: string, type: string): Issue {
  return issue("unmodelled", "device-type", source, [
    `Expected a device type that is modelled for \`${device}\`, found \`${type}\`.`,
    "Its traffic is unknown to the checks; verify it by hand.",
  ]);
}

export function unusedDeviceIssue(source: Source, device: string, facts: string): Issue {
  return issue("warning", "unused-device", source, [
    `Expected an interface on \`${device}\` (${facts}), found none; netifd does not make it.`,
    "Remove the device section, or add an interface that uses it.",
  ]);
}

export function bridgeFlagIssue(section: UciSection, type: UciValue, device: string): Issue {
  return issue("warning", "bridge-flag", type.source, [
    `Expected \`type\` \`bridge\` in a device section, found it beside \`device\` \`${device}\` in \`${labelOf(section)}\`; the device is used as it is.`,
    "Move the bridge and its ports to a `config device` section.",
  ]);
}

export function bridgeVlanIssue(section: UciSection, facts: string): Issue {
  return issue("unmodelled", "bridge-vlan", section.source, [
    `Expected \`device\` and a \`vlan\` of 1 to 4094 in a \`bridge-vlan\` section, found ${facts}; netifd leaves it out.`,
    "Give it both, or remove the section.",
  ]);
}

export function switchVlanIssue(section: UciSection, facts: string): Issue {
  return issue("unmodelled", "switch-vlan", section.source, [
    `Expected links that the kernel sees, found ${facts} of a built-in switch.`,
    "The ports of a built-in switch are not modelled; describe the segments in the fleet file.",
  ]);
}

export function staleAddressIssue(section: UciSection, address: UciValue, protocol: string): Issue {
  return issue("warning", "stale-address", address.source, [
    `Expected \`ipaddr\` with \`proto\` \`static\`, found \`${address.text}\` under \`${protocol}\` in \`${labelOf(section)}\`; it is no address of the link.`,
    "Remove the left-over option.",
  ]);
}

export function noAddressIssue(section: UciSection): Issue {
  return issue("error", "no-address", section.source, [
    `Expected an address in \`${labelOf(section)}\` with \`proto\` \`static\`, found none; netifd does not bring it up.`,
    "Add `ipaddr`, or set `proto` to `none`.",
  ]);
}

export function routeInterfaceIssue(section: UciSection, found: string, facts: string): Issue {
  return issue("error", "route-interface", section.source, [
    `Expected \`${labelOf(section)}\` (${facts}) on an interface that comes up, found ${found}; netifd leaves it out.`,
    "Name an interface of this file that has a device.",
  ]);
}

export function routingTableIssue(section: UciSection, facts: string): Issue {
  return issue("unmodelled", "ip4table", section.source, [
    `Expected \`${labelOf(section)}\` in the main table, found ${facts}: netifd also adds a rule for its incoming link and one for \`lo\`.`,
    "Those two rules are not derived; collect them from the live host.",
  ]);
}

export function ruleIssue(section: UciSection, found: string): Issue {
  return issue("unmodelled", "rule", section.source, [
    `Expected a rule with \`priority\` and selectors that are modelled, found ${found} in \`${labelOf(section)}\`.`,
    "Look-ups that this rule may decide are unknown; check them by hand.",
  ]);
}

export function sameDefaultIssue(source: Source, first: string, second: string): Issue {
  return issue("warning", "same-default-route", source, [
    `Expected default routes of different metrics, found the same one in \`${first}\` and \`${second}\`; netifd replaces the first by the second.`,
    "Give each of the two interfaces its own `metric`.",
  ]);
}

export function dhcpRangeIssue(section: UciSection, interfaceName: string, facts: string): Issue {
  return issue("unmodelled", "dhcp-range", section.source, [
    `Expected a static address of interface \`${interfaceName}\` in the \`network\` file beside this one, found none; \`${labelOf(section)}\` hands out ${facts}.`,
    "Add the `network` file to the tree, or check by hand that no host has an address in the range.",
  ]);
}
