import type { ConfigurationTree, HostConfiguration } from "#model/index.js";
import { emptyConfiguration } from "#model/index.js";
import { convertNetwork } from "./convert.js";
import { convertDhcp, type ServerAddress } from "./dhcp.js";
import type { UciDocument } from "./document.js";
import { missingFileIssue, unknownFileIssue } from "./messages.js";
import { parseUci } from "./parse.js";

/**
 * Reads /etc/config/network or /etc/config/dhcp of a tree; which of them it is, is told by the file name (`network`, `x.dhcp`),
 * else by the sections. For `dhcp` the addresses come from the `network` file beside it. Never throws.
 */
export function readUci(tree: ConfigurationTree, path: string): HostConfiguration {
  const text = tree.read(path);
  if (text === null) return { ...emptyConfiguration(), issues: [missingFileIssue(path)] };
  const document = parseUci(text, path);
  switch (kindOf(document)) {
    case "network":
      return convertNetwork(document);
    case "dhcp":
      return convertDhcp(document, addressesOf(tree, siblingOf(path)));
    case null:
      return { ...emptyConfiguration(), issues: [...document.issues, unknownFileIssue(path)] };
  }
}

const NETWORK_SECTIONS: ReadonlySet<string> = new Set([
  "interface",
  "device",
  "route",
  "globals",
  "switch",
  "rule",
  "bridge-vlan",
]);
const DHCP_SECTIONS: ReadonlySet<string> = new Set(["dhcp", "dnsmasq", "host", "odhcpd"]);

function kindOf(document: UciDocument): "network" | "dhcp" | null {
  const name = document.file.slice(document.file.lastIndexOf("/") + 1);
  if (name === "network" || name.endsWith(".network")) return "network";
  if (name === "dhcp" || name.endsWith(".dhcp")) return "dhcp";
  if (document.sections.some((section) => NETWORK_SECTIONS.has(section.type))) return "network";
  return document.sections.some((section) => DHCP_SECTIONS.has(section.type)) ? "dhcp" : null;
}

function siblingOf(path: string): string {
  return path.endsWith(".dhcp")
    ? path.replace(/\.dhcp$/, ".network")
    : `${path.slice(0, path.lastIndexOf("/") + 1)}network`;
}

/** The first address of each interface, by the unit that its steps carry. */
function addressesOf(tree: ConfigurationTree, path: string): (interfaceName: string) => ServerAddress | null {
  const text = tree.read(path);
  const first = new Map<string, ServerAddress>();
  for (const { unit, operation } of text === null ? [] : convertNetwork(parseUci(text, path)).steps) {
    if (operation.kind !== "address-add" || first.has(unit)) continue;
    const { link, ip, length } = operation.address;
    first.set(unit, { link, ip, length });
  }
  return (interfaceName) => first.get(`interface ${interfaceName}`) ?? null;
}
