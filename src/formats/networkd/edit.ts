import { formatRoute, type MtuChange, networkEditor, type Proposal } from "#formats/editing/index.js";
import type { ConfigurationEditor } from "#model/index.js";
import { proposeAddress } from "./edit-address.js";
import { proposeRoute } from "./edit-route.js";
import { addEntry, addSection, entryAt, openUnits, setEntry, type Units, unitsOf } from "./edit-unit.js";
import { readNetworkd } from "./read.js";

/**
 * Edits `.network` files, or the drop-in in which a value stands: `Address`, `Gateway`, `[Address]`, `[Route]` and `MTUBytes`. A file that
 * is for several links is refused where they would all change.
 */
export const editNetworkd: ConfigurationEditor = networkEditor({
  read: readNetworkd,
  open: openUnits,
  address: proposeAddress,
  route: proposeRoute,
  mtu: proposeMtu,
  hints: {
    setAddress: (address, link) => `Write \`Address=${address}\` into a file for \`${link}\` alone by hand.`,
    dropAddress: (address, link) => `Take \`${address}\` out of the files for \`${link}\` by hand.`,
    setRoute: (route) =>
      `Write a \`[Route]\` section for \`${formatRoute(route)}\` into a file for that link alone by hand.`,
    dropRoute: (route) => `Take \`${formatRoute(route)}\` out of the files by hand.`,
    setMtu: ({ link, mtu }) =>
      `Write \`MTUBytes=${mtu}\` into the \`[Link]\` section of a file for \`${link}\` by hand.`,
  },
});

/** The `.network` file counts where both it and the `.netdev` file set an MTU. */
function proposeMtu(units: Units, { link, mtu }: MtuChange): readonly Proposal[] {
  const netdev = units.netdevs.find(({ name }) => name === link);
  const written = units.networks.get(link)?.mtu ?? netdev?.mtu ?? null;
  const placed = written === null ? null : entryAt(units, written.source);
  if (placed?.entry) return [setEntry(placed.unit, placed.entry, String(mtu))];
  const [home] = unitsOf(units, link);
  if (home === undefined) return [];
  const section = home.sections.find(({ name }) => name === "Link");
  const line = `MTUBytes=${mtu}`;
  return [
    section === undefined ? addSection(home, ["[Link]", line], ["Match"]) : addEntry(home, section, line),
  ];
}
