import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { formatSource, type HostConfiguration } from "#model/index.js";
import { readK3s } from "./index.js";

function read(files: Readonly<Record<string, string>>, path: string): HostConfiguration {
  return readK3s(
    {
      read: (file) => files[file] ?? null,
      list: (folder) =>
        Object.keys(files)
          .filter((file) => file.startsWith(`${folder}/`))
          .sort(),
    },
    path,
  );
}

const yaml = (text: string): HostConfiguration => read({ "config.yaml": text }, "config.yaml");
const unit = (text: string): HostConfiguration => read({ "k3s.service": text }, "k3s.service");

const issues = (configuration: HostConfiguration): readonly string[] =>
  configuration.issues.map(
    ({ severity, code, source, message }) =>
      `${severity} ${code} ${source === null ? "" : formatSource(source)} ${message}`,
  );

describe("readK3s: config.yaml", () => {
  it("reads the network settings of a server", () => {
    const { k3s, issues: found } = yaml(
      "node-ip: 10.10.0.2\nflannel-backend: host-gw\nflannel-iface: eth0\ncluster-cidr: 10.42.0.0/16\nservice-cidr: 10.43.0.0/16\ncluster-init: true\ntls-san:\n  - a.example\n  - 10.10.0.9\n",
    );
    expect(k3s === null ? null : { ...k3s, source: k3s.source.line }).toEqual({
      role: "server",
      nodeIp: 0x0a0a0002,
      flannelBackend: "host-gw",
      flannelLink: "eth0",
      podCidr: { address: 0x0a2a0000, length: 16 },
      serviceCidr: { address: 0x0a2b0000, length: 16 },
      server: null,
      tlsSans: ["a.example", "10.10.0.9"],
      isClusterInit: true,
      source: 1,
    });
    expect(found).toEqual([]);
  });

  it("takes the IPv4 half of dual-stack values and keeps the IPv6 half as facts", () => {
    const configuration = yaml("node-ip: 10.10.0.2,fd00::2\ncluster-cidr: fd01::/48,10.42.0.0/16\n");
    expect(configuration.k3s?.nodeIp).toBe(0x0a0a0002);
    expect(configuration.k3s?.podCidr).toEqual({ address: 0x0a2a0000, length: 16 });
    expect(configuration.ipv6.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "address fd00::2",
      "route fd01::/48",
    ]);
  });

  it("reads a scalar where a list may stand", () => {
    expect(yaml("tls-san: 10.0.0.1 # why\n").k3s?.tlsSans).toEqual(["10.0.0.1"]);
  });

  it("keeps network settings that have no field of their own, with their places", () => {
    const configuration = yaml(
      "node-external-ip: 192.0.2.1\ndisable: [traefik, servicelb]\nadvertise-address: 10.0.0.1\n",
    );
    expect(
      configuration.k3s?.otherSettings?.map(({ key, value, source }) => [key, value, source.line]),
    ).toEqual([
      ["node-external-ip", "192.0.2.1", 1],
      ["disable", "traefik", 2],
      ["disable", "servicelb", 2],
      ["advertise-address", "10.0.0.1", 3],
    ]);
  });

  it("keeps no token", () => {
    expect(
      JSON.stringify(
        yaml("token: hush\nagent-token: hush\ndatastore-keyfile: hush\nserver: https://10.0.0.1:6443\n"),
      ),
    ).not.toContain("hush");
  });

  it("does not say server or agent where nothing decides it", () => {
    expect(yaml("server: https://10.0.0.1:6443\n").k3s?.role).toBeNull();
    expect(yaml("server: https://10.0.0.1:6443\ntls-san: a\n").k3s?.role).toBe("server");
  });

  it("lays drop-ins over the file: a key replaces, a key with + adds", () => {
    const files = {
      "etc/config.yaml": "tls-san: [a]\nflannel-backend: vxlan\n",
      "etc/config.yaml.d/20.yaml": "tls-san+: [c]\n",
      "etc/config.yaml.d/10.yaml": "tls-san: [b]\nflannel-backend: host-gw\n",
    };
    for (const path of ["etc/config.yaml", "etc"]) {
      const { k3s } = read(files, path);
      expect([k3s?.flannelBackend, k3s?.tlsSans]).toEqual(["host-gw", ["b", "c"]]);
    }
  });

  it("brings in the keys of a merge key that do not stand beside it", () => {
    const { k3s } = yaml("<<: &base {flannel-backend: host-gw, node-ip: 10.0.0.1}\nnode-ip: 10.0.0.2\n");
    expect([
      k3s?.flannelBackend,
      k3s?.nodeIp === undefined || k3s.nodeIp === null ? null : formatIPv4(k3s.nodeIp),
    ]).toEqual(["host-gw", "10.0.0.2"]);
  });

  it.each([
    ["a syntax error", "tls-san: [", "error k3s/yaml-syntax"],
    ["no mapping", "- a\n", "error k3s/no-mapping config.yaml:1:1 Expected `key: value` lines, found a list"],
    [
      "an unknown key",
      "node_ip: 10.0.0.1\n",
      "warning k3s/unknown-key config.yaml:1:1 Expected a flag of k3s, found `node_ip`, which k3s skips",
    ],
    [
      "a mapping as value",
      "node-ip: {a: b}\n",
      "unmodelled k3s/wrong-kind config.yaml:1:10 Expected a value or a list for `node-ip`, found a mapping",
    ],
    [
      "a key that comes twice",
      "node-ip: 10.0.0.1\nnode-ip: 10.0.0.2\n",
      "warning k3s/duplicate-key config.yaml:2:1",
    ],
    ["an address that is none", "node-ip: 100.67.x.y\n", "unmodelled k3s/unreadable-value config.yaml:1:10"],
  ])("reports %s", (_, text, expected) => {
    expect(issues(yaml(text))).toEqual([expect.stringContaining(expected)]);
  });

  it("says where nothing is", () => {
    expect(issues(read({}, "etc"))).toEqual([
      "error k3s/missing-file etc:1:1 Expected a k3s `config.yaml`, a folder with it, or a systemd unit, found none of them at `etc`",
    ]);
  });
});

describe("readK3s: a systemd unit", () => {
  it("reads flags over continued lines, with and without quotes and equals signs", () => {
    const configuration = unit(
      "[Service]\nExecStart=/usr/local/bin/k3s server \\\n  '--node-ip=10.0.0.1' \\\n  --cluster-cidr 10.52.0.0/16 \"--tls-san=a\" --tls-san b \\\n  --cluster-init --token hush\n",
    );
    const { k3s } = configuration;
    expect(k3s?.role).toBe("server");
    expect(k3s?.podCidr === null || k3s === null ? null : formatPrefix(k3s.podCidr)).toBe("10.52.0.0/16");
    expect([k3s?.tlsSans, k3s?.isClusterInit]).toEqual([["a", "b"], true]);
    expect(configuration.issues).toEqual([]);
    expect(JSON.stringify(configuration)).not.toContain("hush");
  });

  it("reads an excerpt without a section", () => {
    expect(unit("ExecStart=/usr/local/bin/k3s agent --flannel-iface=tailscale0\n").k3s).toMatchObject({
      role: "agent",
      flannelLink: "tailscale0",
    });
  });

  it("takes the last command after a reset in a drop-in", () => {
    const configuration = read(
      {
        "k3s.service": "[Service]\nExecStart=/usr/local/bin/k3s server --node-ip 10.0.0.1\n",
        "k3s.service.d/10.conf":
          "[Service]\nExecStart=\nExecStart=/usr/local/bin/k3s server --node-ip 10.0.0.2\n",
      },
      "k3s.service",
    );
    expect(configuration.k3s?.nodeIp).toBe(0x0a000002);
  });

  it("takes K3S_URL from the environment where no flag gives the server", () => {
    const environment = '[Service]\nEnvironment="K3S_URL=https://10.0.0.1:6443"\n';
    expect(unit(`${environment}ExecStart=/bin/k3s agent`).k3s?.server).toBe("https://10.0.0.1:6443");
    expect(unit(`${environment}ExecStart=/bin/k3s agent --server https://10.0.0.9:6443`).k3s?.server).toBe(
      "https://10.0.0.9:6443",
    );
  });

  it("reads the environment file that lies beside the unit", () => {
    const configuration = read(
      {
        "etc/k3s.service":
          "[Service]\nEnvironmentFile=-/etc/systemd/system/k3s.service.env\nExecStart=/bin/k3s agent\n",
        "etc/k3s.service.env": "K3S_TOKEN=hush\nK3S_URL='https://10.0.0.1:6443'\n",
      },
      "etc/k3s.service",
    );
    expect(configuration.k3s?.server).toBe("https://10.0.0.1:6443");
    expect(JSON.stringify(configuration)).not.toContain("hush");
  });

  it("puts variables in and leaves a value unknown whose variable no file sets", () => {
    const configuration = unit(
      "[Service]\nEnvironment=IF=eth7\nExecStart=/bin/k3s server --flannel-iface=$IF --node-ip=$ADDRESS\n",
    );
    expect(configuration.k3s).toMatchObject({ flannelLink: "eth7", nodeIp: null });
    expect(issues(configuration)).toEqual([
      "unmodelled k3s/unknown-value k3s.service:3:47 Expected a value for `--node-ip`, found one that is not known from the files: the variable `ADDRESS` is set by none of the files.",
    ]);
  });

  it("lets the command line go before the configuration file", () => {
    const configuration = read(
      {
        "d/config.yaml": "flannel-backend: vxlan\nnode-ip: 10.0.0.1\n",
        "d/k3s.service": "[Service]\nExecStart=/bin/k3s server --flannel-backend=host-gw\n",
      },
      "d",
    );
    expect(configuration.k3s).toMatchObject({
      role: "server",
      flannelBackend: "host-gw",
      nodeIp: 0x0a000001,
    });
  });

  it.each([
    [
      "another program",
      "[Service]\nExecStart=/bin/sh -c k3s\n",
      "unmodelled k3s/no-command k3s.service:2:1 Expected `ExecStart=` with the command `k3s`, found `/bin/sh`",
    ],
    [
      "no command",
      "[Service]\nType=notify\n",
      "unmodelled k3s/no-command k3s.service:1:1 Expected `ExecStart=` with the command `k3s`, found no command",
    ],
    [
      "an environment file that must be there",
      "[Service]\nEnvironmentFile=/etc/x\nExecStart=/bin/k3s agent\n",
      "warning k3s/environment-not-read k3s.service:2:1",
    ],
  ])("reports %s", (_, text, expected) => {
    expect(issues(unit(text))).toEqual([expect.stringContaining(expected)]);
  });
});
