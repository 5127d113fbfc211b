import { editIfupdown, readIfupdown } from "#formats/ifupdown/index.js";
import { editK3s, readK3s } from "#formats/k3s/index.js";
import { editNetplan, readNetplan } from "#formats/netplan/index.js";
import { editNetworkd, readNetworkd } from "#formats/networkd/index.js";
import { editNixos, readNixos } from "#formats/nixos/index.js";
import { editUci, readUci } from "#formats/uci/index.js";
import type { ConfigurationEditor, ConfigurationTree, Dialect, HostConfiguration } from "#model/index.js";

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

/** The editor of each dialect that the fleet file can name. */
export const EDITORS: Readonly<Record<Dialect, ConfigurationEditor>> = {
  nixos: editNixos,
  ifupdown: editIfupdown,
  uci: editUci,
  netplan: editNetplan,
  networkd: editNetworkd,
  k3s: editK3s,
};
