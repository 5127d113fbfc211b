import { isMap, isScalar } from "yaml";
import {
  type AddressChange,
  formatRoute,
  type MtuChange,
  networkEditor,
  type Proposal,
} from "#formats/editing/index.js";
import { formatPrefix } from "#ip/index.js";
import type { ConfigurationEditor, Source } from "#model/index.js";
import {
  addListItem,
  type Devices,
  dropListItem,
  homeOf,
  nodeAtPlace,
  openDevices,
  partsOf,
} from "./edit-device.js";
import { proposeRoute } from "./edit-route.js";
import { addPair, setScalar } from "./edit-yaml.js";
import { readNetplan } from "./read.js";

/**
 * Edits netplan files: `addresses`, `gateway4`, `routes` and `mtu`, in the file of several that says what counts. A link that only a
 * pattern matches is refused, and so is what an anchor gives to several links.
 */
export const editNetplan: ConfigurationEditor = networkEditor({
  read: readNetplan,
  open: openDevices,
  address: proposeAddress,
  route: proposeRoute,
  mtu: proposeMtu,
  hints: {
    setAddress: (address, link) => `Write \`${address}\` into the \`addresses\` of \`${link}\` by hand.`,
    dropAddress: (address, link) => `Take \`${address}\` out of the \`addresses\` of \`${link}\` by hand.`,
    setRoute: (route) => `Write \`${formatRoute(route)}\` into the \`routes\` of \`${route.link}\` by hand.`,
    dropRoute: (route) => `Take \`${formatRoute(route)}\` out of the \`routes\` by hand.`,
    setMtu: ({ link, mtu }) => `Write \`mtu: ${mtu}\` into the definition of \`${link}\` by hand.`,
  },
});

function proposeAddress(devices: Devices, change: AddressChange, place: Source | null): readonly Proposal[] {
  const { link, from, to } = change;
  if (from === null || place === null) {
    const part = homeOf(partsOf(devices, link), "addresses");
    return to === null || part === null ? [] : [addListItem(part, "addresses", formatPrefix(to))];
  }
  const placed = nodeAtPlace(devices, place);
  if (placed?.kind !== "item") return [];
  if (to === null) return dropListItem(placed);
  const scalar = isMap(placed.item) ? placed.item.items[0]?.key : placed.item;
  return isScalar(scalar) ? [setScalar(placed.part.file, scalar, formatPrefix(to))] : [];
}

function proposeMtu(devices: Devices, { link, mtu }: MtuChange): readonly Proposal[] {
  const [written] = devices.devices.flatMap((device) =>
    devices.names.get(device.id) === link ? (device.mtu ?? []) : [],
  );
  const placed = written === undefined ? null : nodeAtPlace(devices, written.source);
  if (placed?.kind === "value") return [setScalar(placed.part.file, placed.scalar, String(mtu))];
  const part = partsOf(devices, link).at(-1);
  return part === undefined ? [] : [addPair(part.file, part.map, "mtu", String(mtu))];
}
