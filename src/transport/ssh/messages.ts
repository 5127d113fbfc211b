import type { Unreachable } from "#rollout/index.js";
import type { HostId } from "../reach.js";
import type { ChildEnd } from "../shell-child.js";

/** The texts of everything that keeps OpenSSH from giving a shell. */
export const say = {
  keyChanged: (host: HostId): Unreachable => ({
    kind: "host-key",
    why: `Expected the host key of \`${host}\` that is known, found another one.`,
    hint: "Find out on the host's console whether its key was changed (`ssh-keygen -lf` on its public key); only then remove the old one with `ssh-keygen -R NAME`.",
  }),
  keyRevoked: (host: HostId): Unreachable => ({
    kind: "host-key",
    why: `Expected a host key of \`${host}\` that is good, found one that was revoked.`,
    hint: "Give the host a new key, and see why the old one was revoked.",
  }),
  keyUnknown: (host: HostId, line: string): Unreachable => ({
    kind: "host-key",
    why: `Expected a host key of \`${host}\` in \`known_hosts\`, found none: \`${line}\`.`,
    hint: "Connect once by hand and compare the fingerprint with that on the host's console.",
  }),
  keyRefused: (host: HostId, line: string): Unreachable => ({
    kind: "host-key",
    why: `Expected a host key of \`${host}\` that is known, found \`${line}\`.`,
    hint: "Connect once by hand and compare the fingerprint with that on the host's console.",
  }),
  configuration: (host: HostId, line: string): Unreachable => ({
    kind: "unreachable",
    why: `Expected an SSH configuration that OpenSSH reads for \`${host}\`, found \`${line}\`.`,
    hint: "Correct the file, or name another one with `--ssh-config`.",
  }),
  noProgram: (host: HostId, line: string): Unreachable => ({
    kind: "unreachable",
    why: `Expected OpenSSH on this machine to reach \`${host}\`, found \`${line}\`.`,
    hint: "Install the OpenSSH client.",
  }),
  denied: (host: HostId, line: string): Unreachable => ({
    kind: "refused",
    why: `Expected to log in to \`${host}\` without a password, found \`${line}\`.`,
    hint: "Put your key on the host or into your agent (`ssh-add -l`), and try `ssh -o BatchMode=yes` by hand.",
  }),
  noName: (host: HostId, line: string): Unreachable => ({
    kind: "unreachable",
    why: `Expected a name with an address for \`${host}\`, found \`${line}\`.`,
    hint: "Correct `ssh` of the host in the fleet file, or name its address.",
  }),
  timedOut: (host: HostId, line: string): Unreachable => ({
    kind: "timed-out",
    why: `Expected a connection to \`${host}\`, found \`${line}\`.`,
    hint: "See on the host's console whether it runs and has its address, and whether a firewall drops SSH.",
  }),
  refused: (host: HostId, line: string): Unreachable => ({
    kind: "refused",
    why: `Expected an SSH server on \`${host}\`, found \`${line}\`.`,
    hint: "See on the host's console whether sshd runs, and on which port.",
  }),
  noRoute: (host: HostId, line: string): Unreachable => ({
    kind: "unreachable",
    why: `Expected a way to \`${host}\`, found \`${line}\`.`,
    hint: "See whether this machine has a route to the host (`ip route get ADDRESS`) and whether the host runs.",
  }),
  noAlgorithm: (host: HostId, line: string): Unreachable => ({
    kind: "unreachable",
    why: `Expected algorithms that both this machine and \`${host}\` have, found \`${line}\`.`,
    hint: "Allow one of those that the host offers in your SSH configuration.",
  }),
  dropped: (host: HostId, line: string): Unreachable => ({
    kind: "refused",
    why: `Expected \`${host}\` to let this machine log in, found that it ended the connection each time: \`${line}\`.`,
    hint: "Its sshd may have too many logins waiting (`MaxStartups`), or a firewall may refuse this machine.",
  }),
  noGreeting: (host: HostId, afterMs: number): Unreachable => ({
    kind: "timed-out",
    why: `Expected a shell of \`${host}\`, found no answer within ${afterMs / 1000} s.`,
    hint: "Try `ssh DESTINATION sh` by hand: a login that asks something or never ends keeps the shell from answering.",
  }),
  other: (host: HostId, { code, stderr }: ChildEnd): Unreachable => ({
    kind: "unreachable",
    why: `Expected a shell of \`${host}\` over SSH, found that ssh ended${code === null ? "" : ` with \`${code}\``}${lastLine(stderr)}.`,
    hint: "Try `ssh -v DESTINATION sh` by hand.",
  }),
  noDestination: (host: HostId): Unreachable => ({
    kind: "unreachable",
    why: `Expected \`ssh\` of \`${host}\` in the fleet file, found none.`,
    hint: "Say there what ssh is given to reach it, such as `root@host.lan`.",
  }),
  noDestinationWord: (host: HostId, destination: string): Unreachable => ({
    kind: "unreachable",
    why: `Expected a destination of \`${host}\` that ssh and the commands of its configuration can take, found \`${destination}\`.`,
    hint: "Correct `ssh` of the host in the fleet file: no dash at the beginning, no blanks, quotes or signs that mean something to a shell.",
  }),
  tooManyJumps: (host: HostId, most: number): Unreachable => ({
    kind: "unreachable",
    why: `Expected at most \`${most}\` hosts on the way to \`${host}\`, found more.`,
    hint: "Look for a circle in the `ProxyJump` lines of your SSH configuration.",
  }),
  /** Several addresses were tried: what each said. */
  nowhere: (most: Unreachable, tried: readonly (readonly [string, Unreachable])[]): Unreachable => ({
    ...most,
    why: [most.why, ...tried.map(([address, { why }]) => `At \`${address}\`: ${why}`)].join(" "),
  }),
};

function lastLine(text: string): string {
  const line = text.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : `: \`${line}\``;
}
