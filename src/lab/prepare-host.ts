import { randomUUID } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellCommand } from "#formats/iproute2/index.js";
import { commandScript } from "./command-script.js";
import type { LabRecord } from "./lab.js";
import { placeFiles } from "./place-files.js";
import type { LabPaths } from "./places.js";
import type { LabFile } from "./platforms/index.js";
import type { LabHost } from "./specification.js";
import type { PluggedPort } from "./switch-plan.js";

/** What a host is prepared from. */
export interface HostPreparation {
  readonly paths: LabPaths;
  readonly host: LabHost;
  readonly record: LabRecord;
  readonly ports: ReadonlyMap<string, PluggedPort>;
  /** The host's control groups, one folder in each hierarchy, and that of the supervisors. */
  readonly groups: readonly string[];
  readonly supervisors: string;
  /** On top of the host's own files. */
  readonly moreFiles: readonly LabFile[];
}

/** Writes the folder of a host: all that booting it needs from then on. */
export function prepareHost(preparation: HostPreparation): void {
  const { host, record, paths, moreFiles } = preparation;
  const folder = paths.folderOf(record.number);
  for (const name of ["upper", "work", "merged", "unplugged", "state"])
    mkdirSync(join(folder, name), { recursive: true });
  const write = (name: string, text: string): void =>
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  write("settings", settings(preparation));
  write("boot-id", `${randomUUID()}\n`);
  write("cables", cableScript(preparation));
  write("plug", plugScript(preparation));
  write("unplug", record.links.map(({ port }) => `link del dev ${port}\n`).join(""));
  if (host.kind === "netns") {
    write("commands", commandScript([...NAMESPACE_COMMANDS, ...host.commands]));
    return;
  }
  symlinkSync(host.root, join(folder, "root"));
  placeFiles([...host.files, ...moreFiles], { root: host.root, upper: join(folder, "upper") });
}

/** Before a host's own commands; IPv6 is not what a twin is about, and its router solicitations are noise. */
const NAMESPACE_COMMANDS = [
  ["sysctl", "-w", "net.ipv6.conf.all.disable_ipv6=1"],
  ["sysctl", "-w", "net.ipv6.conf.default.disable_ipv6=1"],
  ["ip", "link", "set", "dev", "lo", "up"],
];

function settings({ host, record, paths, groups, supervisors }: HostPreparation): string {
  const values = {
    kind: host.kind,
    switch: paths.switch,
    namespace: paths.namespaceOf(record.number),
    hostname: isHostName(host.id) ? host.id : `h${record.number}`,
    init: host.kind === "systemd" ? (host.init ?? "") : "",
    groups: groups.join(" "),
    supervisors,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value === "" ? "''" : shellCommand([value])}\n`)
    .join("");
}

/** What a kernel and an SSH configuration take as a host's name, without meaning anything to them. */
export function isHostName(name: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/.test(name);
}

/** A cable has its Ethernet address from the start: peers remember it, also when the host boots again. */
function cableScript({ host, record, paths, ports }: HostPreparation): string {
  const namespace = paths.namespaceOf(record.number);
  const cables = host.links.map(({ name, mac, mtu }, index) => {
    const port = record.links[index]?.port ?? "";
    const end = [
      "ip",
      "link",
      "add",
      "name",
      port,
      "mtu",
      String(ports.get(port)?.mtu ?? mtu),
      "netns",
      paths.switch,
    ];
    return [
      ...end,
      "type",
      "veth",
      "peer",
      "name",
      name,
      "address",
      mac,
      "mtu",
      String(mtu),
      "netns",
      namespace,
    ];
  });
  return commandScript(cables);
}

function plugScript({ record, paths, ports }: HostPreparation): string {
  const commands = record.links.flatMap(({ port, isPlugged }) => {
    const bridge = ports.get(port)?.bridge ?? null;
    const set = ["ip", "link", "set", "dev", port];
    return [...(bridge === null ? [] : [[...set, "master", bridge]]), ...(isPlugged ? [[...set, "up"]] : [])];
  });
  return commandScript(commands, paths.switch);
}
