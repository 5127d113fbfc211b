import { bootFleet } from "./boot.js";

/** 10.0.0.1 and up. */
const FIRST = 0x0a000001;

/**
 * A flat fleet: `size` hosts and one router on one segment, every host with a default route, in 10.0.0.0/LENGTH. `own` gives each host
 * what no other one has: a route of its own.
 *
 * @param {number} size
 * @param {number} length
 * @param {{ readonly own?: (index: number) => number | null }} [options] Gives the last gateway of a host's own route, or null.
 * @returns {import("#model/index.js").Snapshot}
 */
export function flatFleet(size, length, options = {}) {
  const router = {
    name: "router",
    index: 0,
    forwards: true,
    links: [{ name: "eth0", address: FIRST, length: 8, on: "main" }],
    routes: [],
  };
  const nodes = Array.from({ length: size }, (_, place) => {
    const index = place + 1;
    const gateway = options.own?.(index) ?? null;
    return {
      name: `node-${index}`,
      index,
      forwards: false,
      links: [{ name: "eth0", address: FIRST + index, length, on: "main" }],
      routes: [
        { to: 0, length: 0, via: FIRST },
        ...(gateway === null ? [] : [{ to: 0xac100000 + index * 256, length: 24, via: gateway }]),
      ],
    };
  });
  return bootFleet([router, ...nodes]);
}
