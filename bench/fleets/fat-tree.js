import { bootFleet } from "./boot.js";

/**
 * A fat tree of arity k (Al-Fares, Loukissas and Vahdat, SIGCOMM 2008) of Linux routers: k pods of k/2 edge and k/2 aggregation
 * switches, (k/2)^2 cores, k^3/4 hosts. Every cable is a /31 of its own, every route is static: a host has a default route, an edge
 * switch sends upwards by the last bit of the edge that it is for, an aggregation switch downwards by edge and upwards to one core
 * for each pod. `moved` gives another core to some pods: their traffic then goes over it in all pods.
 *
 * @param {number} k Even.
 * @param {{ readonly coreOf?: (aggregation: number, pod: number) => number }} [options] Which of its k/2 cores an aggregation switch uses for a pod.
 * @returns {import("#model/index.js").Snapshot}
 */
export function fatTree(k, options = {}) {
  const half = k / 2;
  const coreOf = options.coreOf ?? ((_, pod) => pod % half);
  const tree = new Cabling();
  for (let pod = 0; pod < k; pod += 1) {
    for (let edge = 0; edge < half; edge += 1) {
      for (let host = 0; host < half; host += 1)
        tree.join(`h-${pod}-${edge}-${host}`, `e-${pod}-${edge}`, hostNet(pod, edge, host));
      for (let agg = 0; agg < half; agg += 1)
        tree.join(`e-${pod}-${edge}`, `a-${pod}-${agg}`, upNet(pod, edge, agg));
    }
  }
  for (let pod = 0; pod < k; pod += 1) {
    for (let agg = 0; agg < half; agg += 1) {
      for (let core = 0; core < half; core += 1)
        tree.join(`a-${pod}-${agg}`, `c-${agg}-${core}`, coreNet(pod, agg, core));
    }
  }
  addRoutes(tree, k, coreOf);
  return bootFleet(tree.sketches());
}

/** 10.POD.EDGE.0/24 holds the cables of an edge's hosts. */
const hostNet = (/** @type {number} */ pod, /** @type {number} */ edge, /** @type {number} */ host) =>
  0x0a000000 + pod * 65536 + edge * 256 + host * 2;
/** 10.POD.128.0/17 holds the cables inside a pod. */
const upNet = (/** @type {number} */ pod, /** @type {number} */ edge, /** @type {number} */ agg) =>
  0x0a008000 + pod * 65536 + edge * 256 + agg * 2;
/** 10.128.0.0/9 holds the cables to the cores. */
const coreNet = (/** @type {number} */ pod, /** @type {number} */ agg, /** @type {number} */ core) =>
  0x0a800000 + pod * 65536 + agg * 256 + core * 2;

/** Who is joined with whom; the first end of a cable has the even address. */
class Cabling {
  #links = new Map();
  #routes = new Map();
  #cables = 0;

  /**
   * @param {string} one
   * @param {string} other
   * @param {number} network
   */
  join(one, other, network) {
    const on = `cable-${this.#cables}`;
    this.#cables += 1;
    for (const [name, address] of [
      [one, network],
      [other, network + 1],
    ]) {
      const own = this.#links.get(name) ?? [];
      this.#links.set(name, own);
      own.push({ name: `e${own.length}`, address, length: 31, on });
    }
  }

  /**
   * @param {string} name
   * @param {{ readonly to: number, readonly length: number, readonly via: number }} route
   */
  route(name, route) {
    const own = this.#routes.get(name) ?? [];
    this.#routes.set(name, own);
    own.push(route);
  }

  sketches() {
    return [...this.#links].map(([name, links], index) => ({
      name,
      index,
      forwards: !name.startsWith("h-"),
      links,
      routes: this.#routes.get(name) ?? [],
    }));
  }
}

/**
 * @param {Cabling} tree
 * @param {number} k
 * @param {(aggregation: number, pod: number) => number} coreOf
 */
function addRoutes(tree, k, coreOf) {
  const half = k / 2;
  const everyPair = (
    /** @type {(a: number, b: number) => void} */ visit,
    /** @type {number} */ a,
    /** @type {number} */ b,
  ) => {
    for (let one = 0; one < a; one += 1) for (let other = 0; other < b; other += 1) visit(one, other);
  };
  everyPair(
    (pod, edge) => {
      for (let host = 0; host < half; host += 1)
        tree.route(`h-${pod}-${edge}-${host}`, { to: 0, length: 0, via: hostNet(pod, edge, host) + 1 });
      // Within the pod and beyond it, by the edge that the packet is for.
      everyPair(
        (other, far) => {
          if (other === pod && far === edge) return;
          const agg = far % half;
          tree.route(`e-${pod}-${edge}`, {
            to: hostNet(other, far, 0),
            length: 24,
            via: upNet(pod, edge, agg) + 1,
          });
        },
        k,
        half,
      );
    },
    k,
    half,
  );
  everyPair(
    (pod, agg) => {
      for (let edge = 0; edge < half; edge += 1)
        tree.route(`a-${pod}-${agg}`, { to: hostNet(pod, edge, 0), length: 24, via: upNet(pod, edge, agg) });
      for (let other = 0; other < k; other += 1) {
        if (other === pod) continue;
        const core = coreOf(agg, other);
        tree.route(`a-${pod}-${agg}`, {
          to: hostNet(other, 0, 0),
          length: 17,
          via: coreNet(pod, agg, core) + 1,
        });
      }
    },
    k,
    half,
  );
  everyPair(
    (agg, core) => {
      for (let pod = 0; pod < k; pod += 1)
        tree.route(`c-${agg}-${core}`, { to: hostNet(pod, 0, 0), length: 17, via: coreNet(pod, agg, core) });
    },
    half,
    half,
  );
}
