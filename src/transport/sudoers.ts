import { LIMIT_DIGITS, ROOT_SHELL } from "./elevation.js";
import { say } from "./messages.js";

/** Where the host program lies: in a folder of root's alone, so that no user can change what sudo lets them run. */
export const HOST_PROGRAM = "/var/lib/pointsman/pointsman-host";

/** coreutils on Debian, Ubuntu and Proxmox VE; on NixOS. A place that is not there matches nothing. */
const TIMEOUTS = ["/usr/bin/timeout", "/run/current-system/sw/bin/timeout"];

/** Verbs of the host program with arguments; `expire` is for its timer alone. */
const VERBS = ["claim", "unclaim", "stage", "arm", "switch", "extend", "confirm", "revert", "release"];
const BARE_VERBS = ["version", "flush", "status"];

/** A name of capitals alone would be an alias to sudo, and `ALL` everybody: sudoers(5). */
const USER = /^(?=.*[a-z])[A-Za-z_][A-Za-z0-9_.-]{0,31}$/;

/**
 * The sudoers file with which this user may run the host program as root, and nothing else. The error says what is wrong with the name. What
 * the verbs are given is for the host program to judge: `*` in a sudoers file stands for any words.
 */
export function sudoersFor(
  user: string,
): { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string } {
  if (!USER.test(user)) return { ok: false, error: say.noUserName(user) };
  const seconds = "[0-9]".repeat(LIMIT_DIGITS);
  const commands = TIMEOUTS.flatMap((timeout) =>
    [...BARE_VERBS, ...VERBS.map((verb) => `${verb} *`)].map(
      (verb) => `${timeout} -s KILL ${seconds} ${ROOT_SHELL} ${HOST_PROGRAM} ${verb}`,
    ),
  );
  const text = `# Lets ${user} run the host program of Pointsman as root, and nothing else.
# Check it with \`visudo -c -f FILE\`, then put it at /etc/sudoers.d/pointsman, owned by root, mode 0440.
# Who may change the network and its configuration files as root is to be trusted like root.
# The host program must lie at ${HOST_PROGRAM} already, in a folder of root's alone.
Cmnd_Alias POINTSMAN = \\
  ${commands.join(", \\\n  ")}
Defaults!POINTSMAN !requiretty, !use_pty
${user} ALL=(root) NOPASSWD: POINTSMAN
`;
  return { ok: true, value: text };
}
