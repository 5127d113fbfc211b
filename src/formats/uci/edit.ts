import { formatRoute, networkEditor } from "#formats/editing/index.js";
import type { ConfigurationEditor } from "#model/index.js";
import { proposeAddress } from "./edit-address.js";
import { proposeMtu } from "./edit-mtu.js";
import { proposeRoute } from "./edit-route.js";
import { openSections } from "./edit-section.js";
import { readUci } from "./read.js";

/**
 * Edits /etc/config/network: `ipaddr` and `netmask`, `gateway`, `route` sections, `mtu`. Edits name links of the kernel; the
 * sections are found as netifd finds them.
 */
export const editUci: ConfigurationEditor = networkEditor({
  read: readUci,
  open: openSections,
  address: proposeAddress,
  route: proposeRoute,
  mtu: proposeMtu,
  hints: {
    setAddress: (address, link) =>
      `Write \`list ipaddr '${address}'\` into the \`interface\` section of \`${link}\` by hand.`,
    dropAddress: (address, link) =>
      `Take \`${address}\` out of the \`interface\` section of \`${link}\` by hand.`,
    setRoute: (route) => `Write a \`route\` section for \`${formatRoute(route)}\` by hand.`,
    dropRoute: (route) => `Take the \`route\` section of \`${formatRoute(route)}\` out by hand.`,
    setMtu: ({ link, mtu }) =>
      `Write \`option mtu '${mtu}'\` into the \`device\` section of \`${link}\` by hand.`,
  },
});
