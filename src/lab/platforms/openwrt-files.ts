import { copiedFiles } from "./copied-files.js";
import { type LabFile, linkFile, plainFile, programFile } from "./lab-file.js";
import type { PlatformHost } from "./platform-host.js";
import { standinText } from "./standin-text.js";
import { sysctlFile } from "./sysctl-files.js";

/** OpenWrt's base-files, /etc/sysctl.d/10-default.conf, as far as it says how packets go. */
const SYSCTLS: readonly (readonly [string, number])[] = [
  ["ip_forward", 1],
  ["conf.default.arp_ignore", 1],
  ["conf.all.arp_ignore", 1],
];

const NETIFD = "/usr/lib/netifd-standin";

/** A router of busybox: its files below /etc/config, and what stands in for uci, netifd and procd. */
export function openwrtFiles(host: PlatformHost): readonly LabFile[] {
  const configured = host.host.configuration.flatMap((file) =>
    copiedFiles(host.tree, file, { folder: "/etc/config", mode: 0o644 }),
  );
  return [
    ...configured,
    sysctlFile("10-default.conf", SYSCTLS),
    plainFile("/etc/inittab", standinText("openwrt/inittab")),
    programFile("/etc/init.d/rcS", standinText("openwrt/rcS")),
    programFile("/etc/init.d/network", standinText("openwrt/network")),
    programFile("/sbin/uci", standinText("openwrt/uci")),
    plainFile("/usr/lib/uci-standin.awk", standinText("openwrt/uci-standin.awk")),
    plainFile(`${NETIFD}/netifd-steps.awk`, standinText("openwrt/netifd-steps.awk")),
    programFile(`${NETIFD}/apply-steps`, standinText("apply-steps")),
    linkFile("/etc/mtab", "/proc/mounts"),
  ];
}
