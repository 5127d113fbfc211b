import { formatPrefix, type Prefix } from "#ip/index.js";
import type { BootStep, DynamicLink } from "../configuration.js";
import type { Issue, Severity, Source } from "../issue.js";
import type { Refusal } from "./refusal.js";

/** The texts of what a cold boot may have to say; each gives one issue. */
export const sayOfBoot = {
  refused: (
    step: BootStep,
    refusal: Refusal,
    way: { readonly hint: string; readonly severity: Severity },
  ): Issue =>
    issue(way.severity, refusalCode(step), step.source, [
      `Expected the kernel to take ${describe(step)} at boot, but it answers \`${refusal.kernelMessage.trim()}\`.`,
      way.hint,
    ]),
  skipped: (step: BootStep, refused: BootStep): Issue =>
    issue("warning", "boot/skipped-step", step.source, [
      `Expected ${describe(step)} at boot, but \`${step.unit}\` stops at line ${refused.source.line}, which the kernel refuses.`,
      "Make the refused line acceptable, or put this one before it.",
    ]),
  unknownLink: (link: string, source: Source): Issue =>
    issue("warning", "boot/unknown-link", source, [
      `Expected a link that the hardware has or the configuration makes, found \`${link}\`; it is taken to be a port without a cable.`,
      "Name the link in the wiring of the fleet file, or correct its name here.",
    ]),
  dynamicAddress: ({ link, protocol, source }: DynamicLink): Issue =>
    issue("unmodelled", "boot/dynamic-address", source, [
      `Found link \`${link}\` configured by \`${protocol}\`: its addresses and the routes that come with them are not in the files.`,
      "Verdicts that depend on this host are unknown; use a live snapshot (`--snapshot`), or configure the link statically.",
    ]),
} as const;

/** What to do about a gateway that is no neighbour. */
export function gatewayHint(connected: readonly Prefix[], gateway: string): string {
  const names = connected.map((network) => `\`${formatPrefix(network)}\``).join(", ");
  const inside =
    names === "" ? "give the link an address first" : `use a gateway inside a connected prefix (${names})`;
  return `Gateway \`${gateway}\` is in no connected prefix: ${inside}, or add \`onlink\` if it answers ARP on that link all the same.`;
}

function issue(
  severity: Severity,
  code: string,
  source: Source,
  [message, hint]: readonly [string, string],
): Issue {
  return { code, severity, message, source, hint };
}

function refusalCode({ operation }: BootStep): string {
  const [subject = "operation"] = operation.kind.split("-");
  return `boot/refused-${subject}`;
}

/** An operation in a few words, without the detail that its source line has anyway. */
function describe({ operation }: BootStep): string {
  switch (operation.kind) {
    case "address-add":
      return `address \`${formatPrefix({ address: operation.address.ip, length: operation.address.length })}\` on \`${operation.address.link}\``;
    case "route-add":
    case "route-append":
    case "route-replace":
      return `the route to \`${formatPrefix(operation.route.destination)}\``;
    default:
      return `operation \`${operation.kind}\``;
  }
}
