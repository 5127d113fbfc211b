/** How a user who is not root runs the host program as root: `sudo` and `timeout` of this host, by their places. */
export interface Elevation {
  readonly sudo: string;
  readonly timeout: string;
}

/** The shell that `sudo` starts: at this place on every platform, and named so in the sudoers file. */
export const ROOT_SHELL = "/bin/sh";

/** So many digits have the seconds in the sudoers file, whose patterns have no "any number of digits". */
export const LIMIT_DIGITS = 5;

/**
 * The words that run these as root within so many seconds. The time-out is the host's own, inside `sudo`: whoever is not root cannot end a
 * process of root. It ends its whole process group (timeout(1)); it takes what starts with `sh` alone, as the sudoers file does.
 */
export function elevate(
  words: readonly string[],
  { sudo, timeout }: Elevation,
  seconds: number,
): readonly string[] {
  const [program, ...rest] = words;
  const limit = String(Math.min(seconds, 10 ** LIMIT_DIGITS - 1)).padStart(LIMIT_DIGITS, "0");
  return [
    sudo,
    "-n",
    "--",
    timeout,
    "-s",
    "KILL",
    limit,
    program === "sh" ? ROOT_SHELL : (program ?? ""),
    ...rest,
  ];
}
