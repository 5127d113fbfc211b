import { readForwarding } from "./read-forwarding.js";
import { readEtcdPeerAddress } from "./read-listening.js";

/** The files of one host's folder, by name. */
export interface HostFiles {
  readonly files: ReadonlyMap<string, string>;
  /** Files that the host could not give, sorted. */
  readonly missing: readonly string[];
  /** Whether the script came to its end. */
  readonly isWhole: boolean;
}

interface Part {
  readonly head: string;
  readonly lines: string[];
}

/** Reads what the collecting script of one host printed. Pure; never throws, whatever the host says. */
export function parseHost(stdout: string): HostFiles {
  const parts = splitParts(stdout);
  const files = new Map(parts.flatMap(fileOf));
  const missing = parts.flatMap(({ head }) =>
    head.startsWith("missing ") ? [head.slice("missing ".length)] : [],
  );
  const forwarding = readForwarding(rawParts(parts));
  if (forwarding !== null && !missing.includes("fdb.json")) files.set("fdb.json", forwarding);
  const isWhole = parts.some(({ head }) => head === "end");
  return { files, missing: [...new Set(missing)].sort(), isWhole };
}

function splitParts(stdout: string): readonly Part[] {
  const parts: Part[] = [];
  for (const line of stdout.split("\n")) {
    if (line.startsWith(" ")) parts.at(-1)?.lines.push(line.slice(1));
    else if (line !== "") parts.push({ head: line, lines: [] });
  }
  return parts;
}

function rawParts(parts: readonly Part[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    parts.flatMap(({ head, lines }) =>
      head.startsWith("raw ") ? [[head.slice("raw ".length), lines] as const] : [],
    ),
  );
}

function fileOf({ head, lines }: Part): readonly (readonly [string, string])[] {
  if (head.startsWith("file ")) return [[head.slice("file ".length), asText(lines)]];
  if (head === "raw sysctl") return [["sysctl.txt", renderSysctls(lines)]];
  if (head !== "raw listening") return [];
  const peer = readEtcdPeerAddress(lines);
  return peer === null ? [] : [["etcd.json", `${JSON.stringify({ peer })}\n`]];
}

function asText(lines: readonly string[]): string {
  return `${lines.join("\n").trimEnd()}\n`;
}

/** `conf/eth0.100/rp_filter:1` as sysctl(8) writes it, a dot of a link's name as a slash. */
function renderSysctls(lines: readonly string[]): string {
  const settings = lines.flatMap((line) => {
    const match = /^([^:]+):(.*)$/.exec(line);
    if (match === null) return [];
    const key = (match[1] ?? "").replaceAll(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
    return [`net.ipv4.${key} = ${(match[2] ?? "").trim()}\n`];
  });
  return settings.sort().join("");
}
