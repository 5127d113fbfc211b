import { type AddressChange, type Proposal, rewriteBroadcast, type Splice } from "#formats/editing/index.js";
import type { UnitSection } from "#formats/systemd/index.js";
import { type Cidr, formatPrefix } from "#ip/index.js";
import type { LinkName, Source } from "#model/index.js";
import {
  addEntry,
  addSection,
  dropEntry,
  dropSection,
  type EditedUnit,
  entryAt,
  lastEntry,
  setEntry,
  type Units,
  unitsOf,
} from "./edit-unit.js";

/** Ways to give a link another address, one more, or one less. */
export function proposeAddress(
  units: Units,
  change: AddressChange,
  place: Source | null,
): readonly Proposal[] {
  const { link, from, to } = change;
  if (from === null || place === null) return to === null ? [] : addAddress(units, link, to);
  const placed = entryAt(units, place);
  if (placed === null || placed.entry === null) return [];
  const { unit, section, entry } = placed;
  const isOwnSection = section.name === "Address";
  if (to === null) return [isOwnSection ? dropSection(unit, section) : dropEntry(unit, entry)];
  const address = setEntry(unit, entry, formatPrefix(to));
  return [[...address, ...(isOwnSection ? broadcastOf(unit, section, { from, to }) : [])]];
}

function broadcastOf(
  unit: EditedUnit,
  section: UnitSection,
  { from, to }: { readonly from: Cidr; readonly to: Cidr },
): readonly Splice[] {
  const entry = lastEntry(section, "Broadcast");
  const after = entry === null ? null : rewriteBroadcast(entry.value, from, to);
  return entry === null || after === null ? [] : setEntry(unit, entry, after);
}

/** Where the last address of the link stands, else in the first `[Network]` of its file. */
function addAddress(units: Units, link: LinkName, to: Cidr): readonly Proposal[] {
  const own = unitsOf(units, link);
  const line = `Address=${formatPrefix(to)}`;
  const sections = own.flatMap((unit) => unit.sections.map((section) => ({ unit, section })));
  const networks = sections.filter(({ section }) => section.name === "Network");
  const home = networks.findLast(({ section }) => lastEntry(section, "Address") !== null) ?? networks[0];
  const withOwn = sections.findLast(({ section }) => section.name === "Address");
  const isOwnStyle =
    withOwn !== undefined && home !== undefined && lastEntry(home.section, "Address") === null;
  const inNetwork = home === undefined ? [] : [addEntry(home.unit, home.section, line, ["Address"])];
  const inOwn = withOwn === undefined ? [] : [addSection(withOwn.unit, ["[Address]", line], ["Address"])];
  const [first] = own;
  const anew = first === undefined ? [] : [addSection(first, ["[Network]", line], ["Match", "Link"])];
  return isOwnStyle ? [...inOwn, ...inNetwork] : [...inNetwork, ...inOwn, ...anew];
}
