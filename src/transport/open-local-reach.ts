import { say } from "./messages.js";
import { openReach } from "./open-reach.js";
import { openShell } from "./open-shell.js";
import type { HostId, Reach, StartWords } from "./reach.js";

/** Reaches this machine under the name of one host; `shell` is what reads POSIX shell from its standard input. */
export function openLocalReach(host: HostId, shell: StartWords = ["sh"]): Reach {
  return openReach(async (asked, purpose) => {
    if (asked !== host) return { ok: false, error: say.notThisMachine(asked, host) };
    return openShell({ host, purpose, words: shell });
  });
}
