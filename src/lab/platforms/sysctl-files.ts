import { type LabFile, plainFile } from "./lab-file.js";
import type { PlatformHost } from "./platform-host.js";
import { enabledUnit, unitPath } from "./systemd-files.js";

type Sysctl = readonly [key: string, value: number];

const LINK_FILE = "/etc/sysctl.d/60-fleet-links.conf";

/**
 * What the fleet file says that the platform sets before any configuration is applied. Keys of a link that the configuration makes come
 * when it is there: elsewhere udev sees to that (systemd, rules.d/99-systemd.rules), which no container has.
 */
export function fleetSysctls({ host }: PlatformHost): readonly LabFile[] {
  const sysctls = [...host.sysctls];
  const ofLinks = sysctls.filter(isOfLink);
  return [
    ...(sysctls.length === 0 ? [] : [sysctlFile("50-fleet.conf", sysctls)]),
    ...(ofLinks.length === 0 ? [] : [plainFile(LINK_FILE, linesOf(ofLinks))]),
    ...(ofLinks.length === 0 || host.os === "openwrt" ? [] : LINK_UNIT),
  ];
}

/** A file of sysctl.d(5) with keys below `net.ipv4.`. */
export function sysctlFile(name: string, values: readonly Sysctl[]): LabFile {
  return plainFile(`/etc/sysctl.d/${name}`, linesOf(values));
}

function linesOf(values: readonly Sysctl[]): string {
  return values.map(([key, value]) => `net.ipv4.${key} = ${value}\n`).join("");
}

function isOfLink([key]: Sysctl): boolean {
  return key.startsWith("conf.") && !/^conf\.(?:all|default)\./.test(key);
}

const LINK_UNIT: readonly LabFile[] = [
  plainFile(
    unitPath("link-sysctls.service"),
    `[Unit]
Description=Sysctls of links that the network configuration makes
After=network.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/lib/systemd/systemd-sysctl ${LINK_FILE}

[Install]
WantedBy=multi-user.target
`,
  ),
  enabledUnit("link-sysctls.service", "multi-user.target"),
];
