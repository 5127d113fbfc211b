import { ipv4, mac } from "#ip/index.js";
import { bootHost, emptyConfiguration, hostId, linkName, operation, segmentId } from "#model/index.js";

/**
 * A flat fleet: `size` hosts and one router on one segment, every host with a default route, in 10.0.0.0/LENGTH.
 *
 * @param {number} size
 * @param {number} length
 * @returns {import("#model/index.js").Snapshot}
 */
export function flatFleet(size, length) {
  const link = linkName("eth0");
  const hosts = new Map();
  const router = bootOne("router", { index: 0, length: 8, forwards: true, gateway: null });
  hosts.set(router.id, router);
  for (let index = 1; index <= size; index += 1) {
    const host = bootOne(`node-${index}`, { index, length, forwards: false, gateway: addressOf(0) });
    hosts.set(host.id, host);
  }
  const ports = [...hosts.keys()].map((host) => ({ host, link }));
  return { hosts, segments: [{ id: segmentId("main"), ports }] };
}

/**
 * @param {string} name
 * @param {{ index: number, length: number, forwards: boolean, gateway: import("#ip/index.js").IPv4 | null }} given
 * @returns {import("#model/index.js").Host}
 */
function bootOne(name, { index, length, forwards, gateway }) {
  const link = linkName("eth0");
  const source = { file: "bench", line: 1, column: 1 };
  /** @type {(op: import("#model/index.js").Operation) => import("#model/index.js").BootStep} */
  const step = (op) => ({ operation: op, source, unit: "boot", onRefusal: "continue" });
  const address = operation.address({ link, ip: addressOf(index), length });
  const steps = [step({ kind: "link-up", link }), step({ kind: "address-add", address })];
  if (gateway !== null) {
    const route = operation.route({ destination: { address: ipv4(0), length: 0 }, gateway, link });
    steps.push(step({ kind: "route-add", route }));
  }
  /** @type {import("#model/index.js").Link} */
  const hardware = {
    name: link,
    type: { kind: "ethernet" },
    mac: mac([2, 0, (index >> 24) & 255, (index >> 16) & 255, (index >> 8) & 255, index & 255]),
    mtu: 1500,
    isUp: false,
    hasCarrier: true,
    master: null,
    isNoArp: false,
    source: null,
  };
  const booted = bootHost({
    id: hostId(name),
    configuration: { ...emptyConfiguration(), steps },
    hardware: [hardware],
    sysctls: new Map([["ip_forward", forwards ? 1 : 0]]),
  });
  return booted.host;
}

/**
 * 10.0.0.1 and up.
 *
 * @param {number} index
 * @returns {import("#ip/index.js").IPv4}
 */
function addressOf(index) {
  return ipv4(0x0a000001 + index);
}
