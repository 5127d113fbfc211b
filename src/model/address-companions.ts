import { hostPrefix, prefix, samePrefix } from "#ip/index.js";
import type { BootStep } from "./configuration.js";
import type { Address } from "./host.js";

/**
 * The steps that a platform takes together with addresses because of their files' table or metric: the connected network in
 * another place (netifd, interface_handle_subnet_route) and rules for the address. They stand at the place of the address.
 *
 * @param addresses steps of kind `address-add`; others have no companions.
 */
export function companionSteps(
  steps: readonly BootStep[],
  addresses: readonly BootStep[],
): ReadonlySet<BootStep> {
  const byPlace = new Map<string, Address[]>();
  for (const step of addresses) {
    if (step.operation.kind !== "address-add") continue;
    const known = byPlace.get(placeOf(step));
    if (known === undefined) byPlace.set(placeOf(step), [step.operation.address]);
    else known.push(step.operation.address);
  }
  return new Set(
    steps.filter(
      (step) => byPlace.get(placeOf(step))?.some((address) => isCompanion(step, address)) === true,
    ),
  );
}

function placeOf({ source }: BootStep): string {
  return `${source.file}:${source.line}:${source.column}`;
}

function isCompanion({ operation }: BootStep, { ip, length, peer }: Address): boolean {
  const network = prefix(peer ?? ip, length);
  switch (operation.kind) {
    case "route-delete":
    case "route-replace":
      return operation.route.gateway === null && samePrefix(operation.route.destination, network);
    case "rule-add": {
      const { from, to } = operation.rule;
      const isFrom = from !== null && samePrefix(from, hostPrefix(ip));
      return isFrom || (to !== null && samePrefix(to, prefix(ip, length)));
    }
    default:
      return false;
  }
}
