import type { MtuChange, Proposal } from "#formats/editing/index.js";
import type { LinkName } from "#model/index.js";
import { readDevices } from "./devices.js";
import { optionValue, type UciSection } from "./document.js";
import { newDraft } from "./draft.js";
import { addSection, interfacesOf, type Sections, setOption } from "./edit-section.js";

/** Ways to set an MTU: where it stands, else in the section of the device, else in a new one. */
export function proposeMtu(sections: Sections, { link, mtu }: MtuChange): readonly Proposal[] {
  const interfaces = interfacesOf(sections, link);
  const device = deviceOf(sections, link);
  const homes = [...interfaces, ...(device === null ? [] : [device])];
  const written = homes.filter((section) => optionValue(section, "mtu") !== null);
  const ways = [...written, ...(device === null ? [] : [device])].map((section) =>
    setOption(sections, section, "mtu", String(mtu)),
  );
  const options = [["name", link] as const, ["mtu", String(mtu)] as const];
  return device === null && written.length === 0 ? [[addSection(sections, "device", options)]] : ways;
}

/** The section that the reader takes for the device: a `device`, or an interface that makes a bridge. */
function deviceOf({ document }: Sections, link: LinkName): UciSection | null {
  const device = readDevices(document, newDraft([])).get(link);
  return document.sections.find((section) => section.source === device?.source) ?? null;
}
