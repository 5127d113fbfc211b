import type { Unreachable } from "#rollout/index.js";
import type { FailedStart } from "./greet-shell.js";
import type { HostId } from "./reach.js";
import type { ChildEnd } from "./shell-child.js";

/** The texts of what can happen to any shell, whatever leads to it. */
export const say = {
  closed: (): string => "The session was closed before the answer was whole.",
  shellEnded: ({ code, stderr }: ChildEnd): string =>
    `The session ended before the answer was whole: ${lossOf(stderr) ?? endOf(code)}.`,
  tooMuchOutput: (): string =>
    "Expected at most 64 MiB of output, found more; the session was closed and the command may still run.",
  notEnded: (timeoutMs: number): string =>
    `A command had not ended after ${seconds(timeoutMs)}, and the host did not say that it could be killed; the session was closed.`,
  nulInWord: (): string =>
    "Expected words without NUL, which no argument can hold, found one. Nothing was sent.",
  notThisMachine: (asked: HostId, host: HostId): Unreachable => ({
    kind: "unreachable",
    why: `Expected \`${host}\`, which is this machine, found \`${asked}\`.`,
    hint: "Reach other hosts over SSH.",
  }),
  notInLab: (host: HostId): Unreachable => ({
    kind: "unreachable",
    why: `Expected a host of the lab, found \`${host}\`, which is not there or does not run.`,
    hint: "See what runs with `pointsman lab list`.",
  }),
  noShell: (host: HostId, program: string, failed: FailedStart): Unreachable => ({
    kind: failed.kind === "timed-out" ? "timed-out" : "unreachable",
    why: `Expected a shell of \`${host}\` by \`${program}\`, ${startOf(failed)}.`,
    hint: "Check that the host runs and has a POSIX shell `sh`.",
  }),
  notRoot: (host: HostId, why: string): Unreachable => ({
    kind: "refused",
    why: `Expected to run the host program on \`${host}\` as root, found that ${why}.`,
    hint: "Connect as root, or let the user do so with what `pointsman init --sudoers USER` prints.",
  }),
  noProgram: (program: string): string => `the user is not root and there is no \`${program}\``,
  noSudoAnswer: (): string => "the user is not root and `sudo` did not answer",
  sudoRefuses: (stderr: string): string => `the user is not root and sudo refuses: \`${lastLine(stderr)}\``,
  noUserName: (user: string): string =>
    `Expected the name of one user, such as \`ops\`, found \`${user}\`. Give a name of letters, digits, \`_\`, \`.\` and \`-\` that is not written in capitals alone.`,
};

/** What OpenSSH says when a connection that stood is gone; nothing else of standard error is shown, for it may be a command's own. */
const LOSSES =
  /^(?:Timeout, server .+ not responding|client_loop: .+|Connection to .+ closed by remote host|Read from remote host .+|Connection reset by .+)\.?$/m;

function lossOf(stderr: string): string | null {
  const line = LOSSES.exec(stderr.replaceAll("\r", ""))?.[0];
  return line === undefined ? null : `\`${line.replace(/\.$/, "")}\``;
}

function endOf(code: number | null): string {
  return code === null ? "its program could not be started" : `its program ended with \`${code}\``;
}

function startOf(failed: FailedStart): string {
  if (failed.kind === "timed-out") return `found no answer within ${seconds(failed.afterMs)}`;
  const line = lastLine(failed.end.stderr);
  return `found that ${endOf(failed.end.code)}${line === "" ? "" : `: \`${line}\``}`;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
