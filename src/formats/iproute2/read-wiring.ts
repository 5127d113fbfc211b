import { type Host, type HostId, hostId, linkName, linkOf, type Segment, segmentId } from "#model/index.js";
import { scanJson } from "./json-position.js";
import { say } from "./messages.js";
import { parseJson, type Reading, readText, sourceAt, sourceOfPath } from "./reading.js";
import { wiringSchema } from "./schema.js";

/** `wiring.json` with the text that its messages point into. */
export interface Wiring {
  readonly text: string;
  readonly segments: Readonly<Record<string, readonly (readonly [string, string])[]>>;
}

const FILE = "wiring.json";

/** Reads `wiring.json`, or null after an error was noted. */
export function readWiring(reading: Reading): Wiring | null {
  const text = readText(reading, FILE);
  if (text === "missing") reading.errors.push(say.missingWiring());
  if (text === "missing" || text === null) return null;
  const wiring = parseJson(reading, FILE, text, wiringSchema);
  if (wiring === null) return null;
  const { duplicate } = scanJson(text, []);
  if (duplicate !== null) {
    reading.errors.push(say.duplicateKey(sourceAt(FILE, text, duplicate.offset), duplicate.key));
  }
  return { text, segments: wiring.segments };
}

/** The links of a host that the wiring plugs in somewhere. */
export function wiredLinks(wiring: Wiring | null, host: string): ReadonlySet<string> {
  const ports = Object.values(wiring?.segments ?? {}).flat();
  return new Set(ports.flatMap(([name, link]) => (name === host ? [link] : [])));
}

/** The segments; a port that names no host or link of the snapshot, or stands in two places, is an error. */
export function readSegments(reading: Reading, wiring: Wiring, hosts: ReadonlyMap<HostId, Host>): Segment[] {
  const seen = new Map<string, string>();
  return Object.entries(wiring.segments).map(([name, ports]) => ({
    id: segmentId(name),
    ports: ports.map(([host, link], index) => {
      const where = ["segments", name, index];
      checkPort(reading, wiring, { where, host, link }, hosts);
      const key = JSON.stringify([host, link]);
      const first = seen.get(key);
      if (first !== undefined) reading.errors.push(say.portTwice(at(wiring, where), { host, link }, first));
      seen.set(key, first ?? name);
      return { host: hostId(host), link: linkName(link) };
    }),
  }));
}

function checkPort(
  reading: Reading,
  wiring: Wiring,
  port: { readonly where: readonly PropertyKey[]; readonly host: string; readonly link: string },
  hosts: ReadonlyMap<HostId, Host>,
): void {
  const host = hosts.get(hostId(port.host));
  if (host === undefined) {
    reading.errors.push(say.unknownHost(at(wiring, [...port.where, 0]), String(port.where[1]), port.host));
  } else if (linkOf(host, linkName(port.link)) === null) {
    const known = host.links.map((link) => link.name);
    reading.errors.push(say.unknownLink(at(wiring, [...port.where, 1]), port, known));
  }
}

function at(wiring: Wiring, where: readonly PropertyKey[]): ReturnType<typeof sourceOfPath> {
  return sourceOfPath(FILE, wiring.text, where);
}
