import { ipv4, mac, prefix } from "#ip/index.js";
import { bootHost, emptyConfiguration, hostId, linkName, operation, segmentId } from "#model/index.js";

/**
 * A host as a cold boot leaves it.
 *
 * @typedef {object} Sketch
 * @property {string} name
 * @property {number} index Decides its MAC addresses.
 * @property {boolean} forwards
 * @property {readonly { readonly name: string, readonly address: number, readonly length: number, readonly on: string }[]} links
 * @property {readonly { readonly to: number, readonly length: number, readonly via: number }[]} routes
 */

/**
 * The fleet of these hosts, wired as their links say.
 *
 * @param {readonly Sketch[]} sketches
 * @returns {import("#model/index.js").Snapshot}
 */
export function bootFleet(sketches) {
  const hosts = sketches.map(bootOne);
  /** @type {Map<string, import("#model/index.js").Port[]>} */
  const ports = new Map();
  for (const { name, links } of sketches) {
    for (const link of links) {
      const own = ports.get(link.on) ?? [];
      ports.set(link.on, own);
      own.push({ host: hostId(name), link: linkName(link.name) });
    }
  }
  return {
    hosts: new Map(hosts.map((host) => [host.id, host])),
    segments: [...ports].map(([id, own]) => ({ id: segmentId(id), ports: own })),
  };
}

/**
 * @param {Sketch} sketch
 * @returns {import("#model/index.js").Host}
 */
function bootOne({ name, index, forwards, links, routes }) {
  const source = { file: "bench", line: 1, column: 1 };
  /** @type {(op: import("#model/index.js").Operation) => import("#model/index.js").BootStep} */
  const step = (op) => ({ operation: op, source, unit: "boot", onRefusal: "continue" });
  const steps = links.flatMap((link) => {
    const address = operation.address({
      link: linkName(link.name),
      ip: ipv4(link.address),
      length: link.length,
    });
    return [step({ kind: "link-up", link: linkName(link.name) }), step({ kind: "address-add", address })];
  });
  for (const { to, length, via } of routes) {
    const out = links.find(
      (link) => prefix(ipv4(via), link.length).address === prefix(ipv4(link.address), link.length).address,
    );
    if (out === undefined) throw new RangeError(`no link of ${name} has the gateway`);
    const route = operation.route({
      destination: prefix(ipv4(to), length),
      gateway: ipv4(via),
      link: linkName(out.name),
    });
    steps.push(step({ kind: "route-add", route }));
  }
  const booted = bootHost({
    id: hostId(name),
    configuration: { ...emptyConfiguration(), steps },
    hardware: links.map((link, place) => hardware(link.name, index, place)),
    sysctls: new Map([["ip_forward", forwards ? 1 : 0]]),
  });
  const [refused] = booted.issues;
  if (refused !== undefined) throw new RangeError(refused.message);
  return booted.host;
}

/**
 * @param {string} name
 * @param {number} index
 * @param {number} place
 * @returns {import("#model/index.js").Link}
 */
function hardware(name, index, place) {
  return {
    name: linkName(name),
    type: { kind: "ethernet" },
    mac: mac([2, place, (index >> 24) & 255, (index >> 16) & 255, (index >> 8) & 255, index & 255]),
    mtu: 1500,
    isUp: false,
    hasCarrier: true,
    master: null,
    isNoArp: false,
    source: null,
  };
}
