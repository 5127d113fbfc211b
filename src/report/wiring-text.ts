import { hostId } from "#model/index.js";
import { wiringPartOf } from "#plan/index.js";

/** Whether a step is one that a person carries out at a switch and no host does. */
export function isByHand(step: { readonly host: string }): boolean {
  return wiringPartOf(hostId(step.host)) !== null;
}

/** The host that a step moves: whose switch port it is, or the host itself; null for a cable between switches. */
export function movedHost({ host }: { readonly host: string }): string | null {
  const part = wiringPartOf(hostId(host));
  if (part === null) return host;
  return part.kind === "port" ? part.host : null;
}

/** What moves, as a person calls it: a host, the switch port of a link, or what joins two segments. */
export function nameMover(host: string): string {
  const part = wiringPartOf(hostId(host));
  if (part === null) return host;
  return part.kind === "port"
    ? `switch port of ${part.host} ${part.link}`
    : `cable ${part.joint.replace("/", " - ")}`;
}

/** Before what a person has to do: to a shell it is a comment, and a script would pass over it without a word. */
const BY_HAND = "# by hand: ";

/** Whether a command of a plan is one that no shell can carry out. */
export function isInstruction(command: string): boolean {
  return command.startsWith(BY_HAND);
}

/** One thing to do by hand, without the mark that keeps a shell from running it. */
export function instruction(command: string): string {
  const text = isInstruction(command) ? command.slice(BY_HAND.length) : command;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
