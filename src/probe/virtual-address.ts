import type { HostId } from "#model/index.js";
import { askHost } from "./ask-host.js";
import { inParallel } from "./in-parallel.js";
import { TOOL_PATH } from "./ping-script.js";
import type { SessionOf } from "./session.js";

/** What one host hears of an address. */
export type AddressAnswer =
  | {
      readonly kind: "heard";
      readonly observer: HostId;
      /** Whether the observer has the address itself. */
      readonly isHolder: boolean;
      /** The Ethernet addresses of others that answered, lower case, each once; empty: nobody did. */
      readonly macs: readonly string[];
    }
  | { readonly kind: "not-measured"; readonly observer: HostId; readonly why: string };

/**
 * arping(8) of iputils and busybox keep broadcasting with `-b`, and ask as somebody without an address with `-D`, which is how a holder
 * finds a second one; the arping of Habets always broadcasts and takes `-i`.
 */
const ASK_SCRIPT = `
${TOOL_PATH}
address=$1
held=$(ip -o -4 addr show to "$address/32" 2>/dev/null) || { echo 'no ip'; exit 0; }
link=$(printf '%s\\n' "$held" | sed -n 's/^[0-9]*: *\\([^ ]*\\) .*/\\1/p' | head -n 1)
if [ -n "$link" ]; then
  echo 'holder'
  [ "$link" != lo ] || exit 0
else
  route=$(ip route get "$address" 2>/dev/null) || { echo 'no route'; exit 0; }
  case $route in *" via "*) echo 'off link'; exit 0 ;; esac
  link=$(printf '%s\\n' "$route" | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1)
fi
command -v arping >/dev/null 2>&1 || { echo 'no arping'; exit 0; }
echo 'asked'
case $(arping --help 2>&1) in
  *ThomasH*|*Habets*) arping -c 3 -w 3 -i "$link" "$address" 2>&1 </dev/null ;;
  *) if [ -n "$held" ]; then arping -D -c 2 -w 2 -I "$link" "$address" 2>&1 </dev/null
     else arping -b -c 3 -w 2 -I "$link" "$address" 2>&1 </dev/null; fi ;;
esac
exit 0
`;

const ASKING_MS = 15_000;

/**
 * Asks who answers ARP requests for an address, from each observer; the distinct Ethernet addresses are those that answered. Never throws.
 * An observer that has the address itself asks whether anybody else has it too.
 */
export async function askVirtualAddress(
  sessionOf: SessionOf,
  address: string,
  observers: readonly HostId[],
): Promise<readonly AddressAnswer[]> {
  return inParallel(observers, 8, async (observer) => {
    const answer = await askHost(sessionOf, observer, {
      script: ASK_SCRIPT,
      words: [address],
      timeoutMs: ASKING_MS,
    });
    return answer.ok
      ? parseAddressAnswer(observer, answer.value.stdout)
      : { kind: "not-measured", observer, why: answer.error };
  });
}

const ANSWERED = /\breply from\b.*\[([0-9a-f:]{17})\]|\bbytes from ([0-9a-f:]{17})\b/i;

/** What a host said; `Sent ... probe` is the line of an arping that could ask. */
export function parseAddressAnswer(observer: HostId, stdout: string): AddressAnswer {
  const lines = stdout.split("\n").map((line) => line.trim());
  const isHolder = lines.includes("holder");
  const macs = lines.flatMap((line) => {
    const match = ANSWERED.exec(line);
    return match === null ? [] : [(match[1] ?? match[2] ?? "").toLowerCase()];
  });
  const hasAsked = /\bSent \d+ prob|\bpackets transmitted\b/i.test(stdout);
  if (hasAsked || macs.length > 0) return { kind: "heard", observer, isHolder, macs: [...new Set(macs)] };
  if (isHolder && !lines.includes("asked") && !lines.includes("no arping"))
    return { kind: "heard", observer, isHolder, macs: [] };
  return { kind: "not-measured", observer, why: whyNotHeard(lines) };
}

function whyNotHeard(lines: readonly string[]): string {
  if (lines.includes("no arping")) return "the host has no arping";
  if (lines.includes("no ip")) return "the host's `ip` does not say which addresses it has";
  if (lines.includes("no route")) return "the host has no route to the address";
  if (lines.includes("off link"))
    return "the address is not on a link of the host: its ARP answers are not heard there";
  const words = lines
    .slice(lines.indexOf("asked") + 1)
    .find((line) => line !== "" && !line.startsWith("ARPING"));
  return `arping could not ask: ${words ?? "no words"}`;
}
