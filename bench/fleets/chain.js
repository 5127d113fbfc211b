import { bootFleet } from "./boot.js";

/**
 * Snowcap's chain gadget as a static network: `size` routers in a row between two gateways of one network, 192.0.2.0/24, in which a
 * server stands. Before, every router sends to the left; after, to the right. A router may move only after the one to its right has:
 * of all orders one is safe. What the server answers goes from the left to the right all the time.
 *
 * @param {number} size
 * @param {"left" | "right"} side
 * @returns {import("#model/index.js").Snapshot}
 */
export function chain(size, side) {
  const names = ["left", ...Array.from({ length: size }, (_, index) => `r${index + 1}`), "right"];
  const network = (/** @type {number} */ cable) => 0x0a000000 + cable * 2;
  const routers = names.map((name, place) => ({
    name,
    index: place,
    forwards: true,
    links: [
      ...(place === 0
        ? []
        : [{ name: "e0", address: network(place - 1) + 1, length: 31, on: `cable-${place - 1}` }]),
      ...(place === names.length - 1
        ? []
        : [{ name: "e1", address: network(place), length: 31, on: `cable-${place}` }]),
      ...(place === 0 || place === names.length - 1
        ? [{ name: "e2", address: SERVERS + (place === 0 ? 1 : 2), length: 24, on: "servers" }]
        : []),
    ],
    routes: [
      ...(place === 0 || place === names.length - 1
        ? []
        : [{ to: SERVERS, length: 24, via: side === "left" ? network(place - 1) : network(place) + 1 }]),
      ...(place === names.length - 1 ? [] : [{ to: 0x0a000000, length: 16, via: network(place) + 1 }]),
    ],
  }));
  const server = {
    name: "server",
    index: names.length,
    forwards: false,
    links: [{ name: "e0", address: SERVERS + 10, length: 24, on: "servers" }],
    routes: [{ to: 0, length: 0, via: SERVERS + 1 }],
  };
  return bootFleet([...routers, server]);
}

/** 192.0.2.0. */
const SERVERS = 0xc0000200;
