import type { Issue, Severity, Source } from "#model/index.js";
import type { InterfaceOption, Word } from "./document.js";

function issue(
  severity: Severity,
  code: string,
  source: Source,
  text: readonly [message: string, hint: string],
): Issue {
  return { code: `ifupdown/${code}`, severity, source, message: text[0], hint: text[1] };
}

/** Messages quote no more of a word than a line can hold. */
function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}...`;
}

export function missingFileIssue(file: string): Issue {
  return issue("error", "no-such-file", { file, line: 1, column: 1 }, [
    `Expected an interfaces file, found none at \`${file}\`.`,
    "Correct the path in the fleet file, or add the file to the configuration tree.",
  ]);
}

export function syntaxIssue(source: Source, expected: string, found: string): Issue {
  return issue("error", "syntax", source, [
    `Expected ${expected}, found \`${shorten(found)}\`; the line is left out.`,
    "Correct the line: `ifquery --list` on the host shows whether ifupdown reads the file.",
  ]);
}

export function tooManyIssue(source: Source, more: number): Issue {
  return issue("error", "syntax", source, [
    `Expected an interfaces file, found ${more} more lines like the ones above; the last is here.`,
    "Check that the path names the right file.",
  ]);
}

export function templateIssue(source: Source, lines: number, isClosed: boolean): Issue {
  const end = isClosed ? "" : " that does not end";
  return issue("unmodelled", "template", source, [
    `Expected plain stanzas, found a template${end}; ${lines} lines are left out.`,
    "Give the file as `ifquery -a` prints it on the host: templates are not run here.",
  ]);
}

export function sourceNotFoundIssue(pattern: Word): Issue {
  return issue("warning", "source-not-found", pattern.source, [
    `Expected files of the tree that match \`${shorten(pattern.text)}\`, found none.`,
    "Add them to the tree if the host has any; what they say is not known.",
  ]);
}

export function sourcedTwiceIssue(pattern: Word, file: string): Issue {
  return issue("warning", "sourced-twice", pattern.source, [
    `Expected each file once, found \`${file}\` again; it is read the first time only.`,
    "Remove one of the `source` lines.",
  ]);
}

export function noStanzaIssue(name: Word): Issue {
  return issue("warning", "no-stanza", name.source, [
    `Expected an \`iface\` stanza for \`${shorten(name.text)}\`, found none; it is not configured.`,
    "Add the stanza, or remove the name.",
  ]);
}

/** `facts` are what the stanza says, for the reader of the report. */
export function notAtBootIssue(name: Word, facts: string): Issue {
  return issue("warning", "not-at-boot", name.source, [
    `Expected \`auto\` or \`allow-hotplug\` for \`${shorten(name.text)}\`, found neither: a boot does not bring it up. It says ${facts}.`,
    `Add \`auto ${shorten(name.text)}\` if it is meant to come up.`,
  ]);
}

export function badValueIssue(option: InterfaceOption, expected: string): Issue {
  return issue("error", "bad-value", option.value.source, [
    `Expected ${expected} as \`${shorten(option.name.text)}\`, found \`${shorten(option.value.text)}\`; it is left out.`,
    "Write the value out; a comment needs a line of its own.",
  ]);
}

export function noNetmaskIssue(option: InterfaceOption): Issue {
  return issue("unmodelled", "no-netmask", option.value.source, [
    `Expected a prefix length, found \`${shorten(option.value.text)}\` without one and no \`netmask\`; it is left out.`,
    "Write `ADDRESS/LENGTH`: which length ifupdown takes depends on its version.",
  ]);
}

export function ignoredOptionIssue(option: InterfaceOption, method: string): Issue {
  return issue("warning", "ignored-option", option.value.source, [
    `Expected \`${shorten(option.name.text)}\` with method \`static\`, found \`${shorten(option.value.text)}\` under \`${shorten(method)}\`; it has no effect.`,
    "Remove the option, or change the method.",
  ]);
}

export function unknownOptionIssue(option: InterfaceOption): Issue {
  return issue("unmodelled", "unknown-option", option.name.source, [
    `Expected an option that is modelled, found \`${shorten(option.name.text)}\` with \`${shorten(option.value.text)}\`.`,
    "What it does to the network is not known; check it by hand.",
  ]);
}

export function methodIssue(name: Word, method: string): Issue {
  return issue("unmodelled", "method", name.source, [
    `Expected a method that is modelled for \`${shorten(name.text)}\`, found \`${shorten(method)}\`.`,
    "Its links, addresses and routes are not known; collect them from the live host.",
  ]);
}

export function mappingIssue(names: readonly Word[], source: Source): Issue {
  return issue("unmodelled", "mapping", source, [
    `Expected stanzas under the names of links, found a mapping of \`${names.map((name) => name.text).join(" ")}\`.`,
    "Which stanza its script chooses is not known; collect the live state.",
  ]);
}

export function inheritsIssue(name: Word, other: string): Issue {
  return issue("error", "inherits", name.source, [
    `Expected an earlier stanza \`${other}\` for \`${shorten(name.text)}\` to inherit from, found none.`,
    "Move that stanza up, or correct the name.",
  ]);
}

export function commandIssue(option: InterfaceOption, why: string): Issue {
  return issue("unmodelled", "command", option.value.source, [
    `Expected a command that is modelled, found \`${shorten(option.value.text)}\`: ${why}.`,
    "What it does to the network is not known; check it by hand.",
  ]);
}

export function ipv6CommandIssue(option: InterfaceOption): Issue {
  return issue("warning", "ipv6-command", option.value.source, [
    `Expected an IPv4 command, found \`${shorten(option.value.text)}\`.`,
    "IPv6 is kept as text and not modelled.",
  ]);
}

export function portsIssue(option: InterfaceOption): Issue {
  return issue("unmodelled", "ports", option.value.source, [
    `Expected names of ports as \`${shorten(option.name.text)}\`, found \`${shorten(option.value.text)}\`.`,
    "Which links match depends on the hardware; name them, or collect the live state.",
  ]);
}

export function bridgeVlanIssue(option: InterfaceOption, link: string): Issue {
  return issue("unmodelled", "bridge-vlan", option.value.source, [
    `Expected no VLAN membership of \`${link}\`, found \`${shorten(option.name.text)}\` \`${shorten(option.value.text)}\`.`,
    "Which port carries which VLAN is not modelled; describe the segments in the fleet file.",
  ]);
}

export function linkTypeIssue(name: Word, type: string): Issue {
  return issue("unmodelled", "link-type", name.source, [
    `Expected a link type that is modelled for \`${shorten(name.text)}\`, found \`${type}\`.`,
    "Its traffic is unknown to the checks; verify it by hand.",
  ]);
}

export function nestingIssue(name: Word): Issue {
  return issue("error", "link-nesting", name.source, [
    `Expected links that end in a physical one, found \`${shorten(name.text)}\` inside itself or more than eight deep.`,
    "Correct the ports, slaves and raw devices.",
  ]);
}

export function loopbackNameIssue(name: Word): Issue {
  return issue("warning", "loopback-name", name.source, [
    `Expected \`lo\` with method \`loopback\`, found \`${shorten(name.text)}\`, which Linux does not have.`,
    "Rename it to `lo`.",
  ]);
}

export function addressedPortIssue(name: Word, master: string): Issue {
  return issue("warning", "addressed-port", name.source, [
    `Expected no addresses on \`${shorten(name.text)}\`, a port of \`${master}\`, found a stanza that gives it some.`,
    `Move them to \`${master}\`: what arrives on a port is the bridge's.`,
  ]);
}

export function broadcastIssue(option: InterfaceOption): Issue {
  return issue("warning", "broadcast", option.value.source, [
    `Expected the broadcast address of the network, found \`${shorten(option.value.text)}\`.`,
    "Remove the option: it follows from address and length.",
  ]);
}

export function badNameIssue(name: Word): Issue {
  return issue("error", "bad-name", name.source, [
    `Expected the name of a link, found \`${shorten(name.text)}\`; it is left out.`,
    "Link names have at most 15 characters, without white space and slash.",
  ]);
}
