import type { LinkName } from "#model/index.js";
import type { Edge } from "./domain-graph.js";
import type { Leg } from "./leg.js";
import type { Place } from "./packet.js";

/** Between two neighbouring places, the bridge or bond port that joins them. */
interface Branch {
  readonly parent: string | null;
  readonly depth: number;
  readonly port: Place | null;
}

/**
 * The ports of bridges and bonds that a frame goes through from one leg of a domain to another: those it comes in by and those it
 * leaves by. The places of a domain are a tree, so there is one way.
 */
export function buildPortPaths(
  plugs: ReadonlyMap<Leg, string>,
  edgesOf: (place: string) => readonly Edge[],
): (from: Leg, to: Leg) => readonly Place[] {
  let tree: ReadonlyMap<string, Branch> | null = null;
  return (from, to) => {
    const [start, end] = [plugs.get(from), plugs.get(to)];
    if (start === undefined || end === undefined || start === end) return [];
    tree ??= growTree(start, edgesOf);
    return climb(tree, start, end);
  };
}

function growTree(root: string, edgesOf: (place: string) => readonly Edge[]): ReadonlyMap<string, Branch> {
  const tree = new Map<string, Branch>([[root, { parent: null, depth: 0, port: null }]]);
  for (const [place, { depth }] of tree) {
    for (const { to, port } of edgesOf(place)) {
      if (tree.has(to)) continue;
      const inner = port === null ? to : place;
      const name = port ?? edgesOf(to).find((edge) => edge.to === place)?.port ?? null;
      tree.set(to, { parent: place, depth: depth + 1, port: portOf(inner, name) });
    }
  }
  return tree;
}

/** The place of a bridge or bond has its host's index as its second word. */
function portOf(place: string, link: LinkName | null): Place | null {
  return link === null ? null : { host: Number(place.split(" ")[1]), link };
}

function climb(tree: ReadonlyMap<string, Branch>, start: string, end: string): readonly Place[] {
  const [up, down]: [Place[], Place[]] = [[], []];
  let [a, b] = [start, end];
  while (a !== b) {
    const [left, right] = [tree.get(a), tree.get(b)];
    if (left === undefined || right === undefined) return [];
    if (left.depth >= right.depth) {
      if (left.port !== null) up.push(left.port);
      a = left.parent ?? b;
    } else {
      if (right.port !== null) down.push(right.port);
      b = right.parent ?? a;
    }
  }
  return [...up, ...down.reverse()];
}
