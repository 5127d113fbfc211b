import { readIfupdown } from "#formats/ifupdown/index.js";
import { readK3s } from "#formats/k3s/index.js";
import { readNetplan } from "#formats/netplan/index.js";
import { readNetworkd } from "#formats/networkd/index.js";
import { readNixos } from "#formats/nixos/index.js";
import { readUci } from "#formats/uci/index.js";
import type { ConfigurationTree, Dialect, HostConfiguration } from "#model/index.js";

/** Reads one file or folder of a host's configuration as what a cold boot does with it; never throws. */
export type ConfigurationReader = (tree: ConfigurationTree, path: string) => HostConfiguration;

/** The reader of each dialect that the fleet file can name. */
export const DIALECTS: Readonly<Record<Dialect, ConfigurationReader>> = {
  nixos: readNixos,
  ifupdown: readIfupdown,
  uci: readUci,
  netplan: readNetplan,
  networkd: readNetworkd,
  k3s: readK3s,
};
