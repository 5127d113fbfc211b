import type { Mac } from "#ip/index.js";
import type { Address, LinkName, LinkType, Route, Rule, Source } from "#model/index.js";

/** A value and where it stands. */
export interface Placed<T> {
  readonly value: T;
  readonly source: Source;
}

/** One link as configuration declares it, whatever the dialect: what systemd-networkd would do to it. */
export interface DeclaredLink {
  readonly name: LinkName;
  /** How the boot calls what configures this link, for `BootStep.unit`. */
  readonly unit: string;
  readonly source: Source;
  /** The type of a link that the boot creates, or null for hardware that is there already. */
  readonly created: LinkType | null;
  /** Bytes of payload, or null where it is not set. */
  readonly mtu: Placed<number> | null;
  readonly mac: Placed<Mac> | null;
  /** The bridge, bond or VRF that it becomes a port of. */
  readonly master: Placed<LinkName> | null;
  readonly activation: "up" | "down" | "untouched";
  readonly sysctls: readonly Placed<{ readonly key: string; readonly value: number }>[];
  readonly addresses: readonly Address[];
  readonly routes: readonly Route[];
}

/** All that the configuration of one host declares. */
export interface DeclaredHost {
  readonly links: readonly DeclaredLink[];
  readonly rules: readonly Placed<Rule>[];
  readonly sysctls: DeclaredLink["sysctls"];
}
