import type { ConfigurationFile, FleetHost } from "#model/index.js";
import type { RootKind } from "../root/index.js";
import { copiedFiles } from "./copied-files.js";
import { ifupdownFiles, netplanFiles, networkdFiles } from "./debian-networks.js";
import { k3sFiles } from "./k3s-files.js";
import { type LabFile, plainFile } from "./lab-file.js";
import { NIXOS_CLUSTER_FACTS, nixosFiles } from "./nixos-files.js";
import { openwrtFiles } from "./openwrt-files.js";
import type { PlatformHost } from "./platform-host.js";
import { fleetSysctls } from "./sysctl-files.js";

/** The shared root that a host is laid over: an OpenWrt router is busybox alone, all others have systemd. */
export function rootKindOf(host: FleetHost): RootKind {
  return host.os === "openwrt" ? "busybox" : "debian";
}

/**
 * What a host of its operating system has on disk above the shared root (see `rootKindOf`), so that it boots with the network that its
 * configuration files give. Each path comes once.
 */
export function platformFiles(host: PlatformHost): readonly LabFile[] {
  const files = [
    plainFile("/etc/hostname", `${host.host.id}\n`),
    ...fleetSysctls(host),
    ...(rootKindOf(host.host) === "busybox" ? openwrtFiles(host) : systemdHostFiles(host)),
  ];
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function systemdHostFiles(host: PlatformHost): readonly LabFile[] {
  const isNixos = host.host.configuration.some(({ dialect }) => dialect === "nixos");
  return [
    ...host.host.configuration.flatMap((file) => dialectFiles(host, file)),
    ...(isNixos ? nixosFiles(host) : []),
    ...(isNixos ? k3sFiles(host, NIXOS_CLUSTER_FACTS) : k3sFiles(host)),
  ];
}

function dialectFiles(host: PlatformHost, file: ConfigurationFile): readonly LabFile[] {
  switch (file.dialect) {
    case "ifupdown":
      return ifupdownFiles(host, file);
    case "netplan":
      return netplanFiles(host, file);
    case "networkd":
      return networkdFiles(host, file);
    case "k3s":
      return copiedFiles(host.tree, file, { folder: "/etc/rancher/k3s", mode: 0o600 });
    case "nixos":
    // Only an OpenWrt router reads UCI.
    case "uci":
      return [];
  }
}
