import { parseIPv4, parseNetmask, prefix } from "#ip/index.js";
import type { LinkName, Operation, Result } from "#model/index.js";
import { err, linkName, ok, operation, parseIpCommand } from "#model/index.js";
import type { ShellCommand } from "./shell.js";

/** Commands that change nothing the model holds. */
const HARMLESS: ReadonlySet<string> = new Set([
  "true",
  ":",
  "echo",
  "sleep",
  "logger",
  "touch",
  "mkdir",
  "modprobe",
]);

/**
 * Reads one command of an `up` line as kernel operations: `ip`, `route`, `ifconfig`, `sysctl`, `echo N > /proc/sys/net/ipv4/...`.
 *
 * @param freePriority see `parseIpCommand`.
 * @returns why it is not modelled, as half a sentence.
 */
export function readCommand(
  command: ShellCommand,
  freePriority: number,
): Result<readonly Operation[], string> {
  const [path = "", ...words] = command.words;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === "echo" && command.target !== null) return readEcho(words, command.target);
  if (command.target !== null) return err(`writing to \`${command.target}\` is not modelled`);
  switch (name) {
    case "ip":
      return parseIpCommand(words, freePriority);
    case "route":
      return readRoute(words);
    case "ifconfig":
      return readIfconfig(words);
    case "sysctl":
      return readSysctl(words);
    default:
      return HARMLESS.has(name) ? ok([]) : err(`\`${name}\` is not modelled`);
  }
}

/** Whether the command speaks of IPv6 only. */
export function isIpv6Command(command: ShellCommand): boolean {
  const { words, target } = command;
  const name = (words[0] ?? "").slice((words[0] ?? "").lastIndexOf("/") + 1);
  if (target?.startsWith("/proc/sys/net/ipv6/") === true) return true;
  if (name === "sysctl")
    return words.slice(1).every((word) => word.startsWith("-") || /^net[./]ipv6[./]/.test(word));
  if (name === "ip6tables") return true;
  if (name !== "ip" && name !== "route") return false;
  const isLinkLayer = words[1] === "link" || words.includes("lladdr");
  return (
    words.includes("-6") ||
    words.includes("inet6") ||
    (!isLinkLayer && words.some((word) => /^[0-9a-f]*:[0-9a-f:]*:/i.test(word)))
  );
}

function readEcho(words: readonly string[], target: string): Result<readonly Operation[], string> {
  const [value, more] = words.filter((word) => word !== "-n");
  if (!target.startsWith("/proc/sys/net/ipv4/") || more !== undefined)
    return err(`writing to \`${target}\` is not modelled`);
  return sysctlOperation(keyOfPath(target.slice("/proc/sys/net/ipv4/".length)), value ?? "");
}

/** sysctl(8) takes dots or slashes; in the form with dots a dot inside a link's name is a slash. */
function readSysctl(words: readonly string[]): Result<readonly Operation[], string> {
  const operations: Operation[] = [];
  for (const word of words.filter((candidate) => !candidate.startsWith("-"))) {
    const equals = word.indexOf("=");
    const key = word.slice(0, equals === -1 ? word.length : equals);
    if (!/^net[./]ipv4[./]/.test(key) || equals === -1) return err(`sysctl \`${word}\` is not modelled`);
    const below = key.slice("net.ipv4.".length);
    const read = sysctlOperation(key[3] === "/" ? keyOfPath(below) : below, word.slice(equals + 1));
    if (!read.ok) return read;
    operations.push(...read.value);
  }
  return ok(operations);
}

function keyOfPath(path: string): string {
  return path
    .split("/")
    .map((part) => part.replaceAll(".", "/"))
    .join(".");
}

function sysctlOperation(key: string, text: string): Result<readonly Operation[], string> {
  const isKey = /^[\w./-]+$/.test(key);
  if (!isKey || !/^-?\d{1,10}$/.test(text)) return err(`sysctl \`${key}\` with \`${text}\` is not modelled`);
  return ok([{ kind: "sysctl", key, value: Number(text) }]);
}

/** route(8) of net-tools. */
function readRoute(words: readonly string[]): Result<readonly Operation[], string> {
  const [action, ...rest] = words.filter((word) => word !== "-n");
  if (action !== "add" && action !== "del")
    return words.length === 0 ? ok([]) : err("`route` is modelled with `add` and `del`");
  const values = readRouteWords(rest.filter((word) => word !== "-net" && word !== "-host"));
  return values.ok ? routeOperation(action, values.value) : values;
}

function readRouteWords(words: readonly string[]): Result<ReadonlyMap<string, string>, string> {
  const values = new Map<string, string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const takesValue = ["gw", "netmask", "metric", "dev"].includes(word);
    const name = takesValue ? word : values.has("to") ? "dev" : "to";
    if (takesValue) index += 1;
    const value = words[index];
    if (value === undefined || values.has(name)) return err(`\`${word}\` of \`route\` is not modelled`);
    values.set(name, value);
  }
  return ok(values);
}

function routeOperation(
  action: "add" | "del",
  values: ReadonlyMap<string, string>,
): Result<readonly Operation[], string> {
  const to = values.get("to") ?? "";
  const mask = values.get("netmask");
  const length = mask === undefined ? null : parseNetmask(mask);
  const address = parseIPv4(to);
  if (mask !== undefined && (length === null || address === null))
    return err(`netmask \`${mask}\` is not modelled`);
  if (address !== null && length !== null && prefix(address, length).address !== address)
    return err(`\`${to}\` has bits set below its netmask, which \`route\` refuses`);
  const destination = length === null ? to : `${to}/${length}`;
  const words = ["ip", "route", action, destination];
  for (const [name, keyword] of [
    ["gw", "via"],
    ["dev", "dev"],
    ["metric", "metric"],
  ] as const) {
    const value = values.get(name);
    if (value !== undefined) words.push(keyword, value);
  }
  return parseIpCommand(words);
}

/** ifconfig(8) of net-tools, as far as boot scripts use it. */
function readIfconfig(words: readonly string[]): Result<readonly Operation[], string> {
  const [dev = "", address, keyword, mask] = words;
  const link = linkName(dev);
  if (keyword !== "netmask") return readIfconfigFlags(link, words.slice(1));
  const ip = parseIPv4(address ?? "");
  const length = parseNetmask(mask ?? "");
  if (ip === null || length === null) return err("`ifconfig` with that address is not modelled");
  const rest = readIfconfigFlags(link, words.slice(4));
  if (!rest.ok) return rest;
  const added = operation.address({ link, ip, length });
  return ok([{ kind: "address-add", address: added }, { kind: "link-up", link }, ...rest.value]);
}

function readIfconfigFlags(link: LinkName, words: readonly string[]): Result<readonly Operation[], string> {
  const operations: Operation[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const next = words[index + 1] ?? "";
    if (word === "up") operations.push({ kind: "link-up", link });
    else if (word === "down") operations.push({ kind: "link-down", link });
    else if (word === "mtu" && /^\d{2,5}$/.test(next))
      operations.push({ kind: "link-mtu", link, mtu: Number(next) });
    else if (word !== "promisc" && word !== "-promisc")
      return err(`\`${word}\` of \`ifconfig\` is not modelled`);
    if (word === "mtu") index += 1;
  }
  return ok(operations);
}
