import { isLabName } from "./lab-record.js";
import { say } from "./messages.js";
import type { LabSpecification } from "./specification.js";
import { cableKey } from "./switch-plan.js";

/** The kernel's IFNAMSIZ without the zero at its end. */
const LONGEST_LINK_NAME = 15;

/** Throws where a specification contradicts itself, before anything is made. */
export function checkSpecification(specification: LabSpecification): void {
  const { name, hosts, segments, operator } = specification;
  if (!isLabName(name)) throw say.badName(name);
  if (hosts.length === 0) throw say.badSpecification("Expected a host at least, found none.");
  const ids = new Set(hosts.map(({ id }) => id));
  if (ids.size < hosts.length) throw say.badSpecification("Expected each host once, found two of one name.");
  if (operator !== null && !ids.has(operator))
    throw say.badSpecification(`Expected the operator to be a host of the lab, found \`${operator}\`.`);
  const cables = checkCables(specification);
  const used = new Set<string>();
  for (const { id, ports } of segments) {
    for (const { host, link } of ports) {
      const key = cableKey(host, link);
      if (used.has(key))
        throw say.badSpecification(
          `Expected link \`${link}\` of \`${host}\` on one segment, found it on \`${id}\` too.`,
        );
      if (!cables.has(key))
        throw say.badSpecification(
          `Expected a cable for port \`${link}\` of \`${host}\` on \`${id}\`, found none.`,
        );
      used.add(key);
    }
  }
}

function checkCables({ hosts }: LabSpecification): ReadonlySet<string> {
  const cables = new Set<string>();
  for (const { id, links } of hosts) {
    for (const { name } of links) {
      const key = cableKey(id, name);
      if (cables.has(key))
        throw say.badSpecification(`Expected link \`${name}\` of \`${id}\` once, found it twice.`);
      if (!isLinkName(name))
        throw say.badSpecification(
          `Expected a name that the kernel takes for a link of \`${id}\`, found \`${name}\`.`,
        );
      cables.add(key);
    }
  }
  return cables;
}

/** net/core/dev.c, dev_valid_name. */
function isLinkName(name: string): boolean {
  const length = Buffer.byteLength(name);
  return length > 0 && length <= LONGEST_LINK_NAME && name !== "." && name !== ".." && !/[/:\s\0]/.test(name);
}
