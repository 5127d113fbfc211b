import { renderOperation } from "#formats/iproute2/index.js";
import type { HostId } from "#model/index.js";
import type { BadState } from "./bad-state.js";

/** A shell function that gives hosts the neighbours that they remember in this state: nothing there would teach them any more. */
export function memoryLines({ memories }: BadState, numbers: ReadonlyMap<HostId, number>): readonly string[] {
  const commands = memories.flatMap(({ host, entry }) => {
    if (entry.kind !== "neighbour") return [];
    const { link, ip, mac } = entry;
    const neighbour = { link, ip, mac, state: "stale", isProxy: false };
    return [`  at ${numbers.get(host) ?? 0} ${renderOperation({ kind: "neighbour-replace", neighbour })}`];
  });
  return ["", "remember() {", ...(commands.length === 0 ? ["  :"] : commands), "}"];
}

/** A redirect is taught by a packet alone: no command makes what a host remembers of one. */
export function restsOnRedirect({ memories }: BadState): boolean {
  return memories.some(({ entry }) => entry.kind === "redirect");
}
