import { renderOperation } from "#formats/iproute2/index.js";
import { type HostId, hostId, type Operation } from "#model/index.js";
import { segmentOfLink, type WiringPart, wiringPartOf } from "#plan/index.js";

/** Before each step that a person carries out at a switch: to a shell it is a comment. */
const BY_HAND = "# by hand:";

/**
 * What a step does, in the words of whoever does it: the shell command of a host's operation, or what a person does at a switch.
 *
 * @example renderStep("port:n1/eth0", operation) // "# by hand: put the switch port of `eth0` of `n1` into segment `infra`"
 */
export function renderStep(host: HostId | string, operation: Operation): string {
  const part = wiringPartOf(hostId(host));
  const words = part === null ? null : wordsOf(part, operation);
  return words === null ? renderOperation(operation) : `${BY_HAND} ${words}`;
}

/** null for what is no change of the wiring: an edited plan file may say anything. */
function wordsOf(part: WiringPart, operation: Operation): string | null {
  switch (part.kind) {
    case "port": {
      if (operation.kind !== "link-master") return null;
      const port = `\`${part.link}\` of \`${part.host}\``;
      return operation.master === null
        ? `unplug ${port}`
        : `put the switch port of ${port} into segment \`${segmentOfLink(operation.master)}\``;
    }
    case "cable": {
      if (operation.kind !== "link-up" && operation.kind !== "link-down") return null;
      const other = segmentOfLink(operation.link);
      const one = part.joint.slice(0, -(other.length + 1));
      return operation.kind === "link-up"
        ? `join segment \`${other}\` to segment \`${one}\``
        : `cut segment \`${other}\` off segment \`${one}\``;
    }
  }
}
