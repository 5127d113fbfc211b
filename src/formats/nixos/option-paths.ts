/** Paths above the level of options, where `mkForce { ... }` is handed down to each option below. */
const GROUPS: ReadonlySet<string> = new Set([
  "",
  "boot",
  "boot.kernel",
  "networking",
  "networking.firewall",
  "networking.nat",
  "networking.nftables",
  "networking.wireguard",
  "services",
  "systemd",
  "systemd.network",
]);
const OWN_ROOTS: ReadonlySet<string> = new Set(["boot", "networking", "services", "systemd"]);

/**
 * Whether a path of `config` lies above the level of options. Of options that are not read here nothing is known, so
 * priorities are handed down all the way.
 */
export function isPrefix(path: readonly string[]): boolean {
  const [root = "", second, , fourth] = path;
  if (path.length > 0 && !OWN_ROOTS.has(root)) return true;
  if (GROUPS.has(path.join("."))) return true;
  if (root === "services") return path.length === 2 || second !== "k3s";
  const isFamily = fourth === "ipv4" || fourth === "ipv6";
  return root === "networking" && second === "interfaces" && path.length === 4 && isFamily;
}

const LINES: ReadonlySet<string> = new Set([
  "networking.localCommands",
  "networking.firewall.extraCommands",
  "networking.firewall.extraStopCommands",
  "networking.nftables.ruleset",
]);

/** Whether definitions of an option are joined line by line (`types.lines`). */
export function isLines(path: readonly string[]): boolean {
  return LINES.has(path.join(".")) || path.at(-1) === "extraConfig";
}
