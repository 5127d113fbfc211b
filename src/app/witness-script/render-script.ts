import { judgeOne, type Verdict } from "#dataplane/index.js";
import { renderOperation, shellCommand } from "#formats/iproute2/index.js";
import { formatIPv4, type IPv4 } from "#ip/index.js";
import { err, type Host, type HostId, type Link, ok, type Result } from "#model/index.js";
import { isHardware, operationsToReach } from "../operations-to-reach.js";
import type { BadState } from "./bad-state.js";
import { memoryLines, restsOnRedirect } from "./memory-lines.js";
import { CLOSING, OPENING } from "./script-text.js";

/** Namespaces and cables beyond this many are no longer a demonstration. */
const MAX_HOSTS = 256;

/**
 * A shell script that builds exactly this state in network namespaces, sends the flow, and says whether the kernel does what the
 * witness says. It needs root, iproute2 and ping, and leaves nothing behind.
 *
 * @returns the script, or why there can be none.
 */
export function renderWitnessScript(state: BadState): Result<string, string> {
  if (state.histories.size > MAX_HOSTS)
    return err(`the fleet has ${state.histories.size} hosts, and a script builds at most ${MAX_HOSTS}`);
  if (restsOnRedirect(state))
    return err("the witness rests on a redirect that a host remembers, which no command of a script makes");
  const hosts = [...state.histories];
  const numbers = new Map(hosts.map(([id], index) => [id, index + 1]));
  const built: string[] = [];
  for (const [id, history] of hosts) {
    const operations = operationsToReach(history);
    if (!operations.ok) return operations;
    const commands = operations.value.map(renderOperation);
    built.push(...hostLines({ id, number: numbers.get(id) ?? 0, commands }));
  }
  return ok(
    [
      ...headerLines(state),
      OPENING,
      ...wiringLines(state, numbers),
      ...built,
      ...memoryLines(state, numbers),
      ...flowLines(state, numbers),
      CLOSING,
    ].join("\n"),
  );
}

function headerLines({ flow, verdict, stages }: BadState): readonly string[] {
  return [
    "#!/bin/sh",
    "# A state in which a flow fares ill, rebuilt in network namespaces of this machine.",
    `# Flow: ${comment(flow.from)} to ${formatIPv4(flow.to)}${flow.size === undefined ? "" : " with full-size packets"}. Expected: ${VERDICTS[verdict]}.`,
    ...whereLines(stages),
    "# Run it as root. It ends with 0 when the kernel shows it, 1 when it does not, 2 when the state could not be built.",
  ];
}

function whereLines(stages: BadState["stages"]): readonly string[] {
  if (stages === null) return ["# In the network to come, when every host has changed."];
  if (stages.length === 0) return ["# In every state of the change."];
  const lines = stages.map(({ host, done }) =>
    done === 0
      ? `#   ${comment(host)} has not begun`
      : `#   ${comment(host)} has done ${done} operation${done === 1 ? "" : "s"}`,
  );
  return ["# While:", ...lines];
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  delivered: "request and reply arrive",
  unknown: "not known",
  "lost-reply": "the request arrives, the reply does not",
  lost: "the request does not arrive",
  loop: "the packet goes in a circle until its TTL ends",
};

/** Names are data: no line break or control character of theirs ends a comment. */
function comment(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?");
}

function wiringLines(
  { histories, segments }: BadState,
  numbers: ReadonlyMap<HostId, number>,
): readonly string[] {
  const places = new Map(
    segments.flatMap(({ ports }, index) =>
      ports.map(({ host, link }) => [`${host} ${link}`, index + 1] as const),
    ),
  );
  const cables = [...histories].flatMap(([id, history]) =>
    (history.at(-1)?.links ?? []).filter(isHardware).map((link) => {
      const segment = places.get(`${id} ${link.name}`) ?? null;
      return cableLine({ host: numbers.get(id) ?? 0, link, segment });
    }),
  );
  return [
    "",
    "# One switch for each segment.",
    ...segments.map(({ id }, index) => `segment ${index + 1}  # ${comment(id)}`),
    ...[...numbers].map(([id, number]) => `host ${number} ${shellCommand([id])}`),
    ...cables,
  ];
}

function cableLine(cable: {
  readonly host: number;
  readonly link: Link;
  readonly segment: number | null;
}): string {
  const { host, link, segment } = cable;
  return shellCommand([
    "cable",
    host,
    link.name,
    link.mac ?? "",
    link.mtu,
    segment ?? "",
    link.hasCarrier || !link.isUp ? "up" : "down",
  ]);
}

function hostLines(host: {
  readonly id: HostId;
  readonly number: number;
  readonly commands: readonly string[];
}): readonly string[] {
  return ["", `# ${comment(host.id)}`, ...host.commands.map((command) => `at ${host.number} ${command}`)];
}

function flowLines(state: BadState, numbers: ReadonlyMap<HostId, number>): readonly string[] {
  const { flow, verdict, histories } = state;
  const sender = numbers.get(flow.from) ?? 0;
  const list = (name: string, hosts: readonly HostId[]): string =>
    `${name}='${[...new Set(hosts)].map((host) => numbers.get(host) ?? 0).join(" ")}'`;
  return [
    "",
    `sender=${sender}`,
    `destination=${formatIPv4(flow.to)}`,
    `size='${sizeOptions(state)}'`,
    list("owners", ownersOf(histories, flow.to)),
    `expected=${verdict}`,
    list("reached", exitsOf(state) === null ? [] : state.path),
    list("missed", missedExits(state)),
    `hosts='${[...numbers.values()].join(" ")}'`,
  ];
}

/** IPv4 and ICMP headers, which `ping -s` does not count. */
const HEADER_BYTES = 28;

/** What makes `ping` send the packets that the witness is about: as long as both ends send them, or as the path MTU then allows. */
function sizeOptions({ flow, histories, segments }: BadState): string {
  if (flow.size === undefined) return "";
  const hosts = [...histories].flatMap(([id, history]) =>
    history.slice(-1).map((last) => [id, last] as const),
  );
  const { bytes } = judgeOne({ hosts: new Map(hosts), segments }, flow.from, flow.to, flow.size);
  return bytes === undefined ? "" : `-M do -s ${bytes - HEADER_BYTES}`;
}

function ownersOf(histories: BadState["histories"], address: IPv4): readonly HostId[] {
  const holds = (host: Host | undefined): boolean =>
    host?.addresses.some(({ ip }) => ip === address) === true;
  return [...histories].filter(([, history]) => holds(history.at(-1))).map(([id]) => id);
}

/** For an address of no host: where its packets may leave the fleet. */
function exitsOf({ demand, flow }: BadState): readonly HostId[] | null {
  if (typeof demand === "string") return null;
  return demand.exits.map((exit) => (exit === "self" ? flow.from : exit));
}

/** Hosts at which the packet ought to leave and does not arrive. */
function missedExits(state: BadState): readonly HostId[] {
  const passed = new Set([state.flow.from, ...state.path]);
  return (exitsOf(state) ?? []).filter((host) => !passed.has(host));
}
