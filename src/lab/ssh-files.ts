import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "./messages.js";
import type { LabFile } from "./platforms/index.js";
import { isHostName } from "./prepare-host.js";
import { runWords } from "./run-words.js";
import type { LabSpecification, SystemdHost } from "./specification.js";

/** The keys of a lab: one of the operator, one of each host. They open nothing outside it. */
export interface LabKeys {
  /** What a host needs to have on disk before it boots. */
  readonly filesOf: ReadonlyMap<SystemdHost["id"], readonly LabFile[]>;
  /** The path of the SSH configuration, or null where no host is reached over SSH. */
  readonly configuration: string | null;
}

/** Makes the keys and writes `config`, `known_hosts` and the operator's key below `folder`. */
export async function makeKeys(specification: LabSpecification, folder: string): Promise<LabKeys> {
  const hosts = specification.hosts.filter((host) => host.kind === "systemd");
  if (hosts.length === 0) return { filesOf: new Map(), configuration: null };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const operator = await makeKey(join(folder, "id_ed25519"), `operator of ${specification.name}`);
  const filesOf = new Map<SystemdHost["id"], readonly LabFile[]>();
  const known: string[] = [];
  for (const [index, host] of hosts.entries()) {
    const key = await makeKey(join(folder, `host-${index}`), "");
    filesOf.set(host.id, hostFiles(key, operator.public));
    known.push(`${aliasOf(host, index)} ${key.public}`);
  }
  writeFileSync(join(folder, "known_hosts"), known.join(""), { mode: 0o600 });
  const configuration = join(folder, "config");
  writeFileSync(configuration, configurationText(hosts, folder), { mode: 0o600 });
  return { filesOf, configuration };
}

interface Key {
  readonly private: string;
  /** One line. */
  readonly public: string;
}

async function makeKey(path: string, comment: string): Promise<Key> {
  const made = await runWords(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", path]);
  if (made.code !== 0) throw say.refused("a key for SSH", made.stderr, "");
  return { private: readFileSync(path, "utf8"), public: readFileSync(`${path}.pub`, "utf8") };
}

function hostFiles(key: Key, operator: string): readonly LabFile[] {
  return [
    { path: "/etc/ssh/ssh_host_ed25519_key", mode: 0o600, text: key.private },
    { path: "/etc/ssh/ssh_host_ed25519_key.pub", mode: 0o644, text: key.public },
    { path: "/root/.ssh/authorized_keys", mode: 0o600, text: operator },
  ];
}

/** Names that mean something to ssh_config(5) stay out of it: such a host is reached through its console. */
function configurationText(hosts: readonly SystemdHost[], folder: string): string {
  const blocks = hosts.flatMap((host, index) => {
    const names = [host.id, ...host.sshNames].filter(isHostName);
    if (host.address === null || names.length === 0) return [];
    return [
      `Host ${[...new Set(names)].join(" ")}\n  HostName ${host.address}\n  HostKeyAlias ${aliasOf(host, index)}\n`,
    ];
  });
  return `${blocks.join("")}Host *
  User root
  IdentityFile "${join(folder, "id_ed25519")}"
  IdentitiesOnly yes
  UserKnownHostsFile "${join(folder, "known_hosts")}"
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  BatchMode yes
`;
}

function aliasOf(host: SystemdHost, index: number): string {
  return isHostName(host.id) ? host.id : `pointsman-lab-host-${index}`;
}
