import { copiedFiles } from "./copied-files.js";
import { type LabFile, plainFile, programFile } from "./lab-file.js";
import { buildNixosSystem, type NixosSystem } from "./nixos-system.js";
import type { PlatformHost } from "./platform-host.js";
import { standinText } from "./standin-text.js";
import { enabledUnit, unitPath } from "./systemd-files.js";

const LIBRARY = "/usr/local/lib/nixos-standin";
/** Where a NixOS host keeps what its cluster is: in its system, so that it changes with it. */
export const NIXOS_CLUSTER_FACTS = "/run/current-system/k3s-standin/cluster";

/** The files of a NixOS host before its first boot; that boot puts its first system into the store. */
export function nixosFiles(host: PlatformHost): readonly LabFile[] {
  const system = buildNixosSystem(host);
  const modules = host.host.configuration.flatMap((file) =>
    file.dialect === "nixos" ? copiedFiles(host.tree, file, { folder: "/etc/nixos", mode: 0o644 }) : [],
  );
  return [
    ...modules,
    ...system.files.map((file) => ({ ...file, path: `${LIBRARY}/first/${system.name}/${file.path}` })),
    programFile(`${LIBRARY}/boot`, standinText("nixos/boot")),
    programFile(`${LIBRARY}/apply-steps`, standinText("apply-steps")),
    programFile("/usr/local/bin/nixos-rebuild", standinText("nixos/nixos-rebuild")),
    plainFile("/etc/nix/nix.conf", "build-users-group =\n"),
    plainFile(unitPath("nixos-standin.service"), UNIT),
    enabledUnit("nixos-standin.service", "sysinit.target"),
  ];
}

const UNIT = `[Unit]
Description=NixOS (stand-in of Pointsman's lab): boots the default system
DefaultDependencies=no
Requires=local-fs.target
After=local-fs.target systemd-sysctl.service systemd-tmpfiles-setup.service
Wants=network-pre.target network.target
After=network-pre.target
Before=network.target sysinit.target shutdown.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${LIBRARY}/boot

[Install]
WantedBy=sysinit.target
`;

/** A command for a running host: its words, and what it reads from standard input. */
export interface InstallCommand {
  readonly words: readonly [string, ...string[]];
  readonly input: string;
}

/**
 * The command that puts the system of a host, as its modules in another tree say it, into the store of the running host, as copying a
 * closure does. Its output is the store path, for `apply --system HOST=PATH`; from then on `nixos-rebuild` of the host means it too.
 * Nothing of the network changes. Again is the same.
 */
export function installSystem(host: PlatformHost): InstallCommand {
  return { words: ["sh", "-s"], input: installScript(buildNixosSystem(host)) };
}

function installScript({ name, files }: NixosSystem): string {
  return [
    "set -eu",
    "export NIX_REMOTE=",
    "work=$(mktemp -d)",
    "trap 'rm -rf \"$work\"' EXIT",
    `mkdir "$work/${name}"`,
    `cd "$work/${name}"`,
    ...files.flatMap(({ path, mode, text }) => [
      `mkdir -p "$(dirname ${path})"`,
      `echo ${Buffer.from(text, "utf8").toString("base64")} | base64 -d > ${path}`,
      `chmod ${mode.toString(8)} ${path}`,
    ]),
    `system=$(nix-store --add "$work/${name}")`,
    'nix-store --realise "$system" --add-root /etc/nixos/standin-system >/dev/null',
    'echo "$system"',
    "",
  ].join("\n");
}
