import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { type K3sFlagWord, readK3sFlags } from "./k3s-flags.js";

function words(text: string): K3sFlagWord[] {
  return text
    .split(" ")
    .map((word, index) => ({ text: word, source: { file: "k3s.nix", line: 1, column: index + 1 } }));
}

describe("readK3sFlags", () => {
  it("reads the network flags of a server in both spellings", () => {
    const { k3s, issues } = readK3sFlags(
      words(
        "server --node-ip 10.10.0.2 --flannel-backend=host-gw --flannel-iface enp1s0 --cluster-cidr=10.128.0.0/16 --service-cidr 10.129.0.0/16 --tls-san a,b --tls-san=c --cluster-init --disable traefik",
      ),
    );
    expect(issues).toEqual([]);
    expect(k3s.role).toBe("server");
    expect(k3s.nodeIp === null ? null : formatIPv4(k3s.nodeIp)).toBe("10.10.0.2");
    expect(k3s.flannelBackend).toBe("host-gw");
    expect(k3s.flannelLink).toBe("enp1s0");
    expect(k3s.podCidr === null ? null : formatPrefix(k3s.podCidr)).toBe("10.128.0.0/16");
    expect(k3s.serviceCidr === null ? null : formatPrefix(k3s.serviceCidr)).toBe("10.129.0.0/16");
    expect(k3s.tlsSans).toEqual(["a", "b", "c"]);
    expect(k3s.isClusterInit).toBe(true);
  });

  it("reads the short flags of an agent", () => {
    const { k3s } = readK3sFlags(words("agent -s https://10.0.0.2:6443 -i 10.0.0.3"));
    expect(k3s).toMatchObject({ role: "agent", server: "https://10.0.0.2:6443", nodeIp: 0x0a000003 });
  });

  it("takes the IPv4 half of a dual-stack value and warns of the other", () => {
    const { k3s, issues } = readK3sFlags(words("--cluster-cidr=10.42.0.0/16,fd01::/48"));
    expect(k3s.podCidr === null ? null : formatPrefix(k3s.podCidr)).toBe("10.42.0.0/16");
    expect(issues.map((issue) => [issue.code, issue.severity])).toEqual([["k3s/ipv6", "warning"]]);
  });

  it.each([
    ["--node-ip=100.67.x.y", "k3s/unreadable-value"],
    ["--cluster-cidr=10.42.0.0", "k3s/unreadable-value"],
    ["--flannel-backend=ipsec", "k3s/unknown-backend"],
    ["--flannel-conf=/etc/flannel.json", "k3s/unmodelled-flag"],
    ["--flannel-external-ip", "k3s/unmodelled-flag"],
    ["--node-ip", "k3s/unknown-value"],
  ])("reports `%s` as %s with its place", (text, code) => {
    const { issues } = readK3sFlags(words(`server ${text}`));
    expect(issues.map((issue) => [issue.code, issue.severity, issue.source?.column])).toEqual([
      [code, "unmodelled", 2],
    ]);
  });

  it("reports a value whose end is not known and leaves the key null", () => {
    const { k3s, issues } = readK3sFlags([
      {
        text: "--server=https://",
        source: { file: "a.nix", line: 3, column: 5 },
        unknownBecause: "`vip` is not defined",
      },
    ]);
    expect(k3s.server).toBeNull();
    expect(issues.map((issue) => issue.message)).toEqual([
      "Expected a value for `--server`, found one that is not known from the files: `vip` is not defined.",
    ]);
  });

  it("says nothing where no flag speaks of the network", () => {
    const { k3s, issues } = readK3sFlags(words("--disable-network-policy --write-kubeconfig-mode 644"));
    expect(issues).toEqual([]);
    expect(k3s).toMatchObject({ role: null, nodeIp: null, flannelBackend: null, isClusterInit: false });
  });
});
