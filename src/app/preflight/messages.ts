/** All that the checks before a run say: what was found, and what to do next. A reason may be a sentence of its own. */
export const say = {
  noSession: (host: string, purpose: string, why: string): string =>
    `Expected a session for ${purpose} on \`${host}\`, found none: ${clause(why)}.`,
  sessions: (hosts: number): string => `${count(hosts, "host")} can be reached for probes and for changes.`,
  noProgram: (host: string, why: string): string =>
    `Expected the host program to answer on \`${host}\`, found that it does not: ${clause(why)}.`,
  noProgramHint:
    "It needs a shell as root, or sudo for it (`pointsman init --sudoers USER`), and a folder for its state that can be written to.",
  program: (hosts: number): string => `The host program answers on ${count(hosts, "host")}.`,
  noClocks: (host: string): string =>
    `Expected a boot id and a monotonic clock that goes forward on \`${host}\`, found none.`,
  noClocksHint:
    "The dead-man counts on /proc/uptime, and a reboot is known by /proc/sys/kernel/random/boot_id.",
  clocks: "Boot ids and monotonic clocks were read.",
  claimed: (host: string, run: string): string => `Expected no other run on \`${host}\`, found \`${run}\`.`,
  claimedHint: (host: string, run: string): string =>
    `Bring it to its end with \`pointsman resume ${run}\` or \`pointsman rollback ${run}\`. If its journal is lost: \`sh /var/lib/pointsman/pointsman-host unclaim ${run}\` on \`${host}\`.`,
  leftover: (host: string, record: string, state: string): string =>
    `Expected nothing armed on \`${host}\`, found record \`${record}\`, which is \`${state}\`.`,
  leftoverHint: (host: string, record: string): string =>
    `Bring its run to its end with \`pointsman resume\`, or take it back by hand on \`${host}\`: \`sh /var/lib/pointsman/pointsman-host revert ${record}\`, then \`release ${record}\`.`,
  unpersisted: (host: string, record: string): string =>
    `On \`${host}\` record \`${record}\` is confirmed, and not all of it is written to disk: a reboot would undo it.`,
  clear: "No host has another run or a change that is not finished.",
  skew: (host: string, seconds: number): string =>
    `The clock of \`${host}\` is ${seconds} s off that of this machine.`,
  skewHint: "Nothing is decided by it, but times in logs will not fit together; look at its time server.",
  noClock: (host: string, why: string): string => `The clock of \`${host}\` was not read: ${clause(why)}.`,
  noSkew: "All clocks agree within 5 s.",
  uncommitted: (folder: string, files: string): string =>
    `Expected the configuration in \`${folder}\` to be committed, found changes in ${files}.`,
  uncommittedHint: "Commit it, so that what is written to the hosts can be found again.",
  noRepository: (folder: string): string =>
    `Expected the configuration in \`${folder}\` to be under version control, found no git repository.`,
  committed: "The configuration is committed.",
  noFolder: "No folder of configuration is used.",
  onlyOthers: (what: string): string => `No host that changes is ${what}.`,
  notRead: (host: string, what: string, why: string): string =>
    `${what} of \`${host}\` could not be read: ${clause(why)}.`,
  noOldSystem: (host: string): string =>
    `Expected the system of \`${host}\` to be there to go back to, found no /nix/var/nix/profiles/system.`,
  noOldSystemHint:
    "Without it neither a reboot nor a rollback has a system to start; repair the profile first.",
  notBooted: (host: string, current: string, profile: string): string =>
    `\`${host}\` runs \`${current}\` and would boot \`${profile}\`: a reboot meanwhile brings up what does not run now.`,
  notBootedHint:
    "Run `nixos-rebuild switch` on it first, or accept that a reboot does not lead back to what runs now.",
  oldSystem: "Each NixOS host has the system that runs as the one that it boots.",
  staged: (host: string): string =>
    `Expected no /etc/network/interfaces.new on \`${host}\`, found one: Proxmox puts it in the place of the file at the next boot.`,
  stagedHint: "Apply or revert the pending change in the web interface of Proxmox first.",
  noStaged: "No Proxmox host has a pending change of its network.",
  uciChanges: (host: string, changes: number): string =>
    `Expected no uncommitted settings on \`${host}\`, found ${count(changes, "line")} in \`uci changes\`.`,
  uciHint:
    "Look at them, then `uci commit` or `uci revert` them: they would be committed together with the plan's.",
  noUci: (host: string): string => `Expected uci on \`${host}\`, found none.`,
  uci: "No OpenWrt host has uncommitted settings.",
  noIfupdown2: (host: string): string =>
    `Expected ifupdown2 on \`${host}\`, found none: classic ifupdown can take a link down and up again, but not reload it.`,
  ifupdown2Hint: "Install ifupdown2, or leave the files to a person with `--persist never`.",
  ifupdown2: "Each ifupdown host that changes has ifupdown2.",
  members: (cluster: string, members: number): string =>
    members === 1
      ? `The etcd member of cluster \`${cluster}\` is healthy.`
      : `All ${members} etcd members of cluster \`${cluster}\` are healthy.`,
  noEtcd: (cluster: string): string =>
    `No server of cluster \`${cluster}\` has an etcd member that listens on 127.0.0.1:2381: its quorum will not be measured.`,
  membersHint:
    "Heal the cluster before its network is changed: one more failure could cost its majority. If it keeps its state elsewhere, `--skip-check etcd-members`.",
  noSnapshot: (cluster: string, why: string): string =>
    `No snapshot of etcd of cluster \`${cluster}\` was seen: ${clause(why)}.`,
  oldSnapshot: (cluster: string, hours: number): string =>
    `The newest snapshot of etcd of cluster \`${cluster}\` is ${hours} h old.`,
  badSnapshot: (cluster: string, file: string): string =>
    `The newest snapshot of etcd of cluster \`${cluster}\`, \`${file}\`, cannot be read back by etcdctl.`,
  snapshotHint: "Take one: `k3s etcd-snapshot save` on a server.",
  snapshot: (cluster: string, minutes: number): string =>
    `The newest snapshot of etcd of cluster \`${cluster}\` is ${minutes} min old.`,
  noClusterEtcd: "No cluster has more than one server.",
  noAddress: "No cluster has a virtual address.",
  holders: (address: string, found: string): string =>
    `Expected exactly one host to answer for \`${address}\`, found ${found}.`,
  holdersHint:
    "See which hosts have the address (`ip addr`) and who answers (`arping -b`), and leave one of them.",
  addressUnknown: (address: string, why: string): string =>
    `Who answers for \`${address}\` could not be heard: ${clause(why)}.`,
  holder: (address: string, mac: string): string => `One host answers for \`${address}\`, ${mac}.`,
  noConsole: (hosts: string): string => `No way to a console without the network is noted for ${hosts}.`,
  consoleHint:
    "Note it as `console:` of the host in the fleet file: where to stand, or which address of its BMC.",
  consoles: "A console is noted for each host that changes.",
  noFleet: "Only the fleet file would say.",
  disagrees: (differing: number, cells: number, first: string): string =>
    `Expected the matrix as the plan has it before it begins, found ${count(differing, "difference")} in ${count(cells, "cell")}: ${clause(first)}.`,
  disagreesHint:
    "The network is not as the plan takes it to be. See `pointsman collect` and `pointsman trace`, heal it or plan again.",
  unmeasured: (missing: number, cells: number, first: string): string =>
    `Expected to measure ${count(cells, "cell")}, found that ${missing} could not be: ${clause(first)}.`,
  unmeasuredHint:
    "Each host of the fleet has to be able to send echo requests: it needs fping or ping, and the right to use it.",
  agrees: (cells: number): string => `The matrix is as expected: ${count(cells, "cell")} measured.`,
} as const;

const MAX_NAMED = 4;

/** `a`, `b` and 3 more. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map((name) => `\`${name}\``);
  const left = names.length - shown.length;
  const last = left > 0 ? [`${left} more`] : shown.splice(-1);
  return [shown.join(", "), ...last].filter((part) => part !== "").join(" and ");
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}

function clause(text: string): string {
  return text.replace(/\.$/, "");
}
