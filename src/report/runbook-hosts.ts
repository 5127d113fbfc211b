import type { HostView } from "./plan-view.js";

/** The words that open a shell on a host. */
export function reach(host: HostView): string {
  return `ssh ${quote(host.ssh ?? host.name)}`;
}

/** What makes the target permanent on a platform; the commands start with a comment that says so. */
export function persistCommands(host: HostView, target: string): readonly string[] {
  const head = `# ${host.name}: the configuration of \`${target}\` is in place, then`;
  switch (host.os) {
    case "nixos":
      return [
        head,
        "# (boot, not switch: the kernel holds the target already, and nothing of it is to be restarted)",
        `${reach(host)} 'nixos-rebuild boot'`,
      ];
    case "proxmox":
      return [
        head,
        "# (not ifreload: it takes guests' ports that no file names out of their bridge)",
        `${reach(host)} 'ifquery --check -a'`,
      ];
    case "debian":
    case "ubuntu":
      return [head, `${reach(host)} 'ip -4 addr show; ip -4 route show'`];
    case "openwrt":
      return [head, `${reach(host)} 'uci commit network'`];
    default:
      return [`# ${host.name}: write the target to its configuration by hand`];
  }
}

/** How a platform goes back once the change is written. */
export function rollbackNote(host: HostView): string {
  switch (host.os) {
    case "nixos":
      return `\`${reach(host)} 'nixos-rebuild switch --rollback'\``;
    case "openwrt":
      return "restore `/etc/config/network` from before, then `service network reload` from its console";
    default:
      return "restore its configuration file from before, run the way back above, and compare";
  }
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
