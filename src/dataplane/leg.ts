import type { Mac } from "#ip/index.js";
import type { LinkName } from "#model/index.js";

/** A link that takes frames up to layer 3, seen from the segment. */
export interface Leg {
  readonly host: number;
  readonly link: LinkName;
  readonly mac: Mac;
  /** The bridge port whose address this is: its bridge takes only what comes in there; null where `mac` is the link's own. */
  readonly port: LinkName | null;
}
