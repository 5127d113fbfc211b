import { say } from "./messages.js";
import { openReach } from "./open-reach.js";
import { openShell } from "./open-shell.js";
import type { HostId, Purpose, Reach, StartWords } from "./reach.js";

/**
 * The words that start a POSIX shell in a lab host, such as `nsenter --net=FILE env NAME=VALUE sh`; null where there is no such host. They are
 * asked for at each opening: a host that has booted again is another process.
 */
export type LabStartWords = (host: HostId, purpose: Purpose) => StartWords | null;

/** Reaches the hosts of a lab past their network, through the words that lead into them. */
export function openLabReach(startWordsOf: LabStartWords): Reach {
  return openReach(async (host, purpose) => {
    const words = startWordsOf(host, purpose);
    if (words === null) return { ok: false, error: say.notInLab(host) };
    return openShell({ host, purpose, words });
  });
}
