import type { ConfigurationFile } from "#model/index.js";
import { copiedFiles, filesBelow, folderName } from "./copied-files.js";
import { type LabFile, plainFile } from "./lab-file.js";
import type { PlatformHost } from "./platform-host.js";
import { enabledUnit, unitPath } from "./systemd-files.js";

/** ifupdown2, which reads /etc/network/interfaces in networking.service: Debian, and Proxmox VE. */
export function ifupdownFiles({ tree }: PlatformHost, file: ConfigurationFile): readonly LabFile[] {
  const folder = "/etc/network";
  const beside = filesBelow(tree, folderName(file.path)).filter(({ below }) =>
    below.startsWith("interfaces.d/"),
  );
  return [
    ...copiedFiles(tree, file, { folder, name: "interfaces", mode: 0o644 }),
    ...beside.map(({ below, text }) => ({ path: `${folder}/${below}`, mode: 0o644, text })),
    enabledUnit("networking.service", "network.target", "/lib/systemd/system/networking.service"),
    enabledUnit("networking.service", "multi-user.target", "/lib/systemd/system/networking.service"),
    plainFile(unitPath("networking.service.d/order.conf"), NETWORKING_ORDER),
  ];
}

/** Debian's unit of ifupdown2 does not say that it comes before the network is there, so services start too early; Proxmox VE's says it. */
const NETWORKING_ORDER = `[Unit]
Wants=network-pre.target network.target
After=local-fs.target network-pre.target systemd-sysctl.service
Before=network.target network-online.target
`;

/** netplan, whose generator writes files for systemd-networkd at each boot: Ubuntu. */
export function netplanFiles({ tree }: PlatformHost, file: ConfigurationFile): readonly LabFile[] {
  return [...copiedFiles(tree, file, { folder: "/etc/netplan", mode: 0o600 }), ...networkdUnits()];
}

/** systemd-networkd with its own files. */
export function networkdFiles({ tree }: PlatformHost, file: ConfigurationFile): readonly LabFile[] {
  return [...copiedFiles(tree, file, { folder: "/etc/systemd/network", mode: 0o644 }), ...networkdUnits()];
}

function networkdUnits(): readonly LabFile[] {
  const unit = "/lib/systemd/system/systemd-networkd";
  return [
    enabledUnit("systemd-networkd.service", "multi-user.target", `${unit}.service`),
    enabledUnit("systemd-networkd.socket", "sockets.target", `${unit}.socket`),
    enabledUnit(
      "systemd-networkd-wait-online.service",
      "network-online.target",
      `${unit}-wait-online.service`,
    ),
  ];
}
