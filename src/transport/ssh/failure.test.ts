import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { readSshFailure } from "./failure.js";

const HOST = hostId("alpha");

const CHANGED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Host key for a.lan has changed and you have requested strict checking.\r
Host key verification failed.\r
`;

const CASES: readonly {
  readonly name: string;
  readonly stderr: string;
  readonly kind: string;
  readonly why: string;
  readonly isDropped?: boolean;
}[] = [
  {
    name: "a changed key",
    stderr: CHANGED,
    kind: "host-key",
    why: "Expected the host key of `alpha` that is known, found another one.",
  },
  {
    name: "an unknown key",
    stderr:
      "No ED25519 host key is known for a.lan and you have requested strict checking.\r\nHost key verification failed.\r\n",
    kind: "host-key",
    why: "Expected a host key of `alpha` in `known_hosts`, found none: `No ED25519 host key is known for a.lan and you have requested strict checking.`.",
  },
  {
    name: "a revoked key",
    stderr: "@       WARNING: REVOKED HOST KEY DETECTED!               @\nHost key verification failed.\n",
    kind: "host-key",
    why: "Expected a host key of `alpha` that is good, found one that was revoked.",
  },
  {
    name: "a key that is refused without a word why",
    stderr: "Host key verification failed.\n",
    kind: "host-key",
    why: "Expected a host key of `alpha` that is known, found `Host key verification failed.`.",
  },
  {
    name: "no permission",
    stderr: "ops@a.lan: Permission denied (publickey,password).\n",
    kind: "refused",
    why: "Expected to log in to `alpha` without a password, found `ops@a.lan: Permission denied (publickey,password).`.",
  },
  {
    name: "no name",
    stderr: "ssh: Could not resolve hostname a.lan: Name or service not known\n",
    kind: "unreachable",
    why: "Expected a name with an address for `alpha`, found `ssh: Could not resolve hostname a.lan: Name or service not known`.",
  },
  {
    name: "nobody in time",
    stderr: "ssh: connect to host a.lan port 22: Connection timed out\n",
    kind: "timed-out",
    why: "Expected a connection to `alpha`, found `ssh: connect to host a.lan port 22: Connection timed out`.",
  },
  {
    name: "a server that says nothing",
    stderr: "Connection timed out during banner exchange\nConnection to 192.0.2.1 port 22 timed out\n",
    kind: "timed-out",
    why: "Expected a connection to `alpha`, found `Connection timed out during banner exchange`.",
  },
  {
    name: "nobody at the port",
    stderr: "ssh: connect to host a.lan port 22: Connection refused\n",
    kind: "refused",
    why: "Expected an SSH server on `alpha`, found `ssh: connect to host a.lan port 22: Connection refused`.",
  },
  {
    name: "nobody at the port behind another host",
    stderr:
      "channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\nkex_exchange_identification: Connection closed by remote host\n",
    kind: "refused",
    why: "Expected an SSH server on `alpha`, found `channel 0: open failed: connect failed: Connection refused`.",
  },
  {
    name: "no route",
    stderr: "ssh: connect to host a.lan port 22: No route to host\n",
    kind: "unreachable",
    why: "Expected a way to `alpha`, found `ssh: connect to host a.lan port 22: No route to host`.",
  },
  {
    name: "no common algorithm",
    stderr:
      "Unable to negotiate with 192.0.2.1 port 22: no matching host key type found. Their offer: ssh-rsa\n",
    kind: "unreachable",
    why: "Expected algorithms that both this machine and `alpha` have, found `Unable to negotiate with 192.0.2.1 port 22: no matching host key type found. Their offer: ssh-rsa`.",
  },
  {
    name: "a wrong configuration",
    stderr:
      "/root/.ssh/config: line 3: Bad configuration option: x\n/root/.ssh/config: terminating, 1 bad configuration options\n",
    kind: "unreachable",
    why: "Expected an SSH configuration that OpenSSH reads for `alpha`, found `/root/.ssh/config: line 3: Bad configuration option: x`.",
  },
  {
    name: "no OpenSSH",
    stderr: "spawn ssh ENOENT",
    kind: "unreachable",
    why: "Expected OpenSSH on this machine to reach `alpha`, found `spawn ssh ENOENT`.",
  },
  {
    name: "a login that the server drops",
    stderr:
      "kex_exchange_identification: Connection closed by remote host\nConnection closed by 192.0.2.1 port 22\n",
    kind: "refused",
    why: "Expected `alpha` to let this machine log in, found that it ended the connection each time: `kex_exchange_identification: Connection closed by remote host`.",
    isDropped: true,
  },
  {
    name: "a login that is reset",
    stderr: "Connection reset by 192.0.2.1 port 22\n",
    kind: "refused",
    why: "Expected `alpha` to let this machine log in, found that it ended the connection each time: `Connection reset by 192.0.2.1 port 22`.",
    isDropped: true,
  },
  {
    name: "words that nobody knows",
    stderr: "something\nnew\n",
    kind: "unreachable",
    why: "Expected a shell of `alpha` over SSH, found that ssh ended with `255`: `new`.",
  },
  {
    name: "no words",
    stderr: "",
    kind: "unreachable",
    why: "Expected a shell of `alpha` over SSH, found that ssh ended with `255`.",
  },
];

describe("readSshFailure", () => {
  it.each(CASES)("reads $name", ({ stderr, kind, why, isDropped = false }) => {
    const failure = readSshFailure(HOST, { kind: "ended", end: { code: 255, stderr } });
    expect(failure).toMatchObject({ unreachable: { kind, why }, isDropped });
    expect(failure.unreachable.hint).toMatch(/^[A-Z].+\.$/);
  });

  it("reads a shell that does not answer", () => {
    expect(readSshFailure(HOST, { kind: "timed-out", afterMs: 30_000 })).toEqual({
      isDropped: false,
      unreachable: {
        kind: "timed-out",
        why: "Expected a shell of `alpha`, found no answer within 30 s.",
        hint: "Try `ssh DESTINATION sh` by hand: a login that asks something or never ends keeps the shell from answering.",
      },
    });
  });
});
