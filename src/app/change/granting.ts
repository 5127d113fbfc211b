import type { Source } from "#model/index.js";
import type { HostAim } from "./host-aim.js";
import { mistake } from "./messages.js";
import type { Scoped } from "./scope.js";

/** The wishes of one entry on their way to its hosts. */
export interface Granting extends Scoped {
  readonly aims: readonly HostAim[];
  readonly notes: string[];
  /** What was wished already, by host and thing, with its value and place. */
  readonly settled: Map<string, { readonly value: string; readonly source: Source }>;
}

/** Notes a wish; another one for the same thing with another value is a contradiction. */
export function settle(
  granting: Granting,
  aim: HostAim,
  wish: { readonly what: string; readonly value: string; readonly source: Source },
): void {
  const { settled, issues } = granting;
  const key = `${aim.host.id} ${wish.what}`;
  const first = settled.get(key);
  if (first === undefined) settled.set(key, wish);
  else if (first.value !== wish.value)
    issues.push(
      mistake.contradiction(`${wish.what} of \`${aim.host.id}\``, {
        first: first.source,
        source: wish.source,
      }),
    );
}
