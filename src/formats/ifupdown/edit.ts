import { networkEditor } from "#formats/editing/index.js";
import type { ConfigurationEditor } from "#model/index.js";
import { proposeAddress } from "./edit-address.js";
import { proposeMtu } from "./edit-mtu.js";
import { proposeRoute } from "./edit-route.js";
import { routeWords } from "./edit-route-line.js";
import { openStanzas } from "./edit-stanza.js";
import { readIfupdown } from "./read.js";

/**
 * Edits an interfaces file and what it sources: `address` and `netmask`, `gateway`, `up ip route` lines with their `down` lines, `mtu`.
 * What a script or DHCP gives is refused.
 */
export const editIfupdown: ConfigurationEditor = networkEditor({
  read: (tree, path) => readIfupdown(tree, path),
  open: openStanzas,
  address: proposeAddress,
  route: proposeRoute,
  mtu: proposeMtu,
  hints: {
    setAddress: (address, link) =>
      `Write \`address ${address}\` into a static stanza of \`${link}\` by hand.`,
    dropAddress: (address, link) => `Take \`${address}\` out of what sets up \`${link}\` by hand.`,
    setRoute: (route) =>
      `Write \`up ip route add ${routeWords(route)}\` into the stanza of \`${route.link}\` by hand.`,
    dropRoute: (route) => `Take \`${routeWords(route)}\` out of what sets up the link by hand.`,
    setMtu: ({ link, mtu }) => `Write \`mtu ${mtu}\` into the stanza of \`${link}\` by hand.`,
  },
});
