import type { Host, Link, LinkName, Operation } from "#model/index.js";

/**
 * The MTUs to set, in the order in which no link ever sends more than what is below it takes: what rises does so from below, and what
 * falls does so from above. A bridge is above its ports, a VLAN and a tunnel above the link that carries them.
 */
export function changeMtus(state: Host, after: Host): readonly Operation[] {
  const depths = new Map(after.links.map((link) => [link.name, depthOf(after.links, link)]));
  const changed = after.links.flatMap((link) => {
    const old = state.links.find(({ name }) => name === link.name);
    const isSame = old === undefined || JSON.stringify(old.type) !== JSON.stringify(link.type);
    return isSame || old.mtu === link.mtu ? [] : [{ link, isRising: link.mtu > old.mtu }];
  });
  const depth = ({ link }: { readonly link: Link }): number => depths.get(link.name) ?? 0;
  const falling = changed.filter(({ isRising }) => !isRising).sort((a, b) => depth(b) - depth(a));
  const rising = changed.filter(({ isRising }) => isRising).sort((a, b) => depth(a) - depth(b));
  return [...falling, ...rising].map(({ link: { name, mtu } }) => ({ kind: "link-mtu", link: name, mtu }));
}

/** How many links are below a link, at most. Links that stand on themselves do not exist; the guard ends damaged input. */
function depthOf(links: readonly Link[], link: Link, guard = links.length): number {
  const below = guard === 0 ? [] : belowOf(links, link);
  return below.reduce((deepest, lower) => Math.max(deepest, 1 + depthOf(links, lower, guard - 1)), 0);
}

function belowOf(links: readonly Link[], { name, type }: Link): readonly Link[] {
  const lower: LinkName | null = type.kind === "vlan" || type.kind === "vxlan" ? type.lower : null;
  return links.filter((other) => other.name === lower || other.master === name);
}
