import type { HostId } from "#model/index.js";
import { askHost, type SessionOf, TOOL_PATH } from "#probe/index.js";
import { say } from "./messages.js";

/** The services of one host and its clock. */
export type HostUnits =
  | {
      readonly kind: "seen";
      /** By unit: `active`, `failed`, `inactive` and so on; see systemctl(1). */
      readonly states: ReadonlyMap<string, string>;
      /** Seconds since 1970 by the host's own clock. */
      readonly clock: number;
    }
  | { readonly kind: "not-measured"; readonly why: string };

/** Each argument is a unit that is asked for besides those of k3s; `is-active` also answers of units that are not loaded. */
const UNITS_SCRIPT = `
${TOOL_PATH}
echo "clock $(date +%s)"
command -v systemctl >/dev/null 2>&1 || { echo 'no systemctl'; exit 0; }
systemctl list-units --all --plain --no-legend --no-pager 'k3s*.service' 2>/dev/null | while read -r unit load active rest; do
  echo "unit $active $unit"
done
for unit do echo "unit $(systemctl is-active "$unit" 2>/dev/null | head -n 1) $unit"; done
`;

const UNITS_MS = 15_000;

/** Asks a host for the state of its k3s units and of these. Never throws. */
export async function askUnits(
  sessionOf: SessionOf,
  host: HostId,
  units: readonly string[],
): Promise<HostUnits> {
  const answer = await askHost(sessionOf, host, { script: UNITS_SCRIPT, words: units, timeoutMs: UNITS_MS });
  if (!answer.ok) return { kind: "not-measured", why: answer.error };
  return parseUnits(answer.value.stdout);
}

/** Reads what the host said. Pure. */
export function parseUnits(stdout: string): HostUnits {
  const lines = stdout.split("\n");
  if (lines.includes("no systemctl")) return { kind: "not-measured", why: say.noSystemctl };
  const clock = Number(/^clock (\d+)$/.exec(lines[0] ?? "")?.[1] ?? Number.NaN);
  if (Number.isNaN(clock)) return { kind: "not-measured", why: say.noAnswer };
  const states = new Map(
    lines.flatMap((line) => {
      const match = /^unit (\S*) (\S+)$/.exec(line);
      return match === null ? [] : [[match[2] ?? "", match[1] || "unknown"] as const];
    }),
  );
  return { kind: "seen", states, clock };
}
