import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type Hop, sshWords } from "./ssh-words.js";

const OPTIONS = { configFile: null, acceptsNewHostKeys: false, connectSeconds: 5, aliveSeconds: 3 };

function hop(destination: string, address: string | null): Hop {
  const settings = {
    hostname: destination,
    user: "ops",
    port: 2222,
    hostKeyAlias: null,
    jumps: [],
    hasProxyCommand: false,
  };
  return { destination, settings, address };
}

/** The options of a command, without those that every connection has. */
function proxyOf(words: readonly string[]): string {
  return words.find((word) => word.startsWith("ProxyCommand="))?.replace("ProxyCommand=", "") ?? "";
}

describe("sshWords", () => {
  it("asks nothing, takes no unknown key, shares no connection and notices a host that is gone", () => {
    expect(sshWords([hop("a.lan", null)], OPTIONS).join(" ")).toBe(
      "ssh -T -o BatchMode=yes -o StrictHostKeyChecking=yes -o ControlMaster=no -o ControlPath=none -o ControlPersist=no -o ClearAllForwardings=yes -o ForwardAgent=no -o ForwardX11=no -o PermitLocalCommand=no -o RemoteCommand=none -o RequestTTY=no -o UpdateHostKeys=no -o VisualHostKey=no -o LogLevel=INFO -o ConnectTimeout=5 -o ConnectionAttempts=1 -o ServerAliveInterval=3 -o ServerAliveCountMax=3 -- a.lan exec sh",
    );
  });

  it("takes new keys only where it is told to, and the configuration that it is told", () => {
    const words = sshWords([hop("a", null)], {
      ...OPTIONS,
      acceptsNewHostKeys: true,
      configFile: "my config",
    });
    expect(words).toContain("StrictHostKeyChecking=accept-new");
    expect(words).not.toContain("StrictHostKeyChecking=yes");
    expect(words.slice(0, 3)).toEqual(["ssh", "-F", "my config"]);
  });

  it("names the key of the host whatever its address is", () => {
    const words = sshWords([hop("a.lan", "fe80::1%e0")], OPTIONS);
    for (const option of ["HostName=fe80::1%%e0", "HostKeyAlias=[a.lan]:2222", "Port=2222", "User=ops"])
      expect(words).toContain(option);
  });

  it("is as strict at each host on the way", () => {
    const proxy = proxyOf(sshWords([hop("b", "192.0.2.1"), hop("a", null)], OPTIONS));
    expect(proxy).toMatch(
      /^'ssh' '-T' .*'StrictHostKeyChecking=yes' .*'HostName=192\.0\.2\.1' .* '-W' '\[a\]:2222' '--' 'b'$/,
    );
  });

  it("keeps hostile names words through two hosts on the way", () => {
    const hostile = "x'; touch /tmp/y; %h %% $(id)";
    const outer = proxyOf(sshWords([hop(hostile, null), hop("b%p'", null), hop("a", hostile)], OPTIONS));
    const outerWords = wordsOf(expandPercents(outer));
    expect(outerWords.slice(-4)).toEqual(["-W", `[${hostile}]:2222`, "--", "b%p'"]);
    const innerWords = wordsOf(expandPercents(proxyOf(outerWords)));
    expect(innerWords.slice(-4)).toEqual(["-W", "[b%p']:2222", "--", hostile]);
  });
});

/** As ssh expands a ProxyCommand: ssh_config(5), TOKENS. */
function expandPercents(text: string): string {
  return text.replace(/%(.)/g, (_, token: string) => (token === "%" ? "%" : `EXPANDED-${token}`));
}

function wordsOf(command: string): readonly string[] {
  const script = `for word in ${command}; do printf '%s\\0' "$word"; done`;
  return spawnSync("sh", ["-c", script], { encoding: "utf8" }).stdout.split("\0").slice(0, -1);
}
