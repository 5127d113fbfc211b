import { describe, expect, it } from "vitest";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import { type Fleet, formatSource, type Issue } from "#model/index.js";
import { parseFleet } from "./index.js";

const FILE = "pointsman.yaml";

const WHOLE = `# yaml-language-server: $schema=../../schemas/pointsman.schema.json
version: 1
name: inc-0004
operator: ctl
hosts:
  nl-k8s-01:
    role: node
    os: nixos
    ssh: root@nl-k8s-01.lan
    configuration:
      - nixos: machines/nl-k8s-01/networking.nix
      - { k3s: machines/nl-k8s-01/config.yaml, at: /srv/k3s/config.yaml }
    macs: { enp1s0: "52:54:00:00:00:01" }
    sysctls: { net.ipv4.ip_forward: 1 }
  nl-k8s-02: { role: node, os: nixos, console: BMC 10.99.0.7 }
  ctl:
segments:
  main:
    mtu: 1500
    ports:
      - { host: nl-k8s-01, link: enp1s0 }
      - { host: nl-k8s-02, link: ens18 }
  100:
    ports: [{ host: nl-k8s-02, link: ens19 }]
clusters:
  home:
    servers: [nl-k8s-01, { host: nl-k8s-02, podCidr: 10.42.1.0/24 }]
    agents: []
    backend: host-gw
    vip: 10.10.0.100
zones:
  infra: { prefix: 10.10.0.0/16, roles: [node] }
invariants:
  - flow: { from: nl-k8s-01, to: 10.0.0.0/16 }
    expect: free
    why: the trusted zone moves
assumptions:
  - all nodes are on one switch
`
  .replace("  ctl:\n", "  ctl: {}\n")
  .replace("  100:\n", "  v100:\n");

function read(text: string): { readonly fleet: Fleet; readonly issues: readonly Issue[] } {
  const result = parseFleet(text, FILE);
  if (!result.ok) throw new Error(JSON.stringify(result.error, null, 2));
  return result.value;
}

/** What is printed of the mistakes in a text, one line for each. */
function mistakes(text: string): readonly string[] {
  const result = parseFleet(text, FILE);
  const issues = result.ok ? result.value.issues : result.error;
  return issues.map((issue) => {
    const place = issue.source === null ? "nowhere" : formatSource(issue.source);
    return `${place}: ${issue.code}: ${issue.message} ${issue.hint}`;
  });
}

const minimal = (rest: string): string => `version: 1\nname: home\nhosts:\n  alpha: {}\n  beta: {}\n${rest}`;

describe("A fleet file", () => {
  const { fleet, issues } = read(WHOLE);

  it("gives hosts in the order of the file, with their places", () => {
    expect(fleet.hosts.map((host) => [host.id, formatSource(host.source)])).toEqual([
      ["nl-k8s-01", "pointsman.yaml:6:3"],
      ["nl-k8s-02", "pointsman.yaml:15:3"],
      ["ctl", "pointsman.yaml:16:3"],
    ]);
  });

  it("gives what stands below a host", () => {
    const [first] = fleet.hosts;
    expect(first).toMatchObject({ role: "node", os: "nixos", ssh: "root@nl-k8s-01.lan" });
    expect(first?.configuration.map(({ dialect, path, source }) => [dialect, path, source.line])).toEqual([
      ["nixos", "machines/nl-k8s-01/networking.nix", 11],
      ["k3s", "machines/nl-k8s-01/config.yaml", 12],
    ]);
    expect(first?.configuration.map(({ at }) => at)).toEqual([undefined, "/srv/k3s/config.yaml"]);
    expect(fleet.hosts.map((host) => host.console).slice(0, 2)).toEqual([undefined, "BMC 10.99.0.7"]);
    expect([...(first?.macs ?? [])]).toEqual([["enp1s0", "52:54:00:00:00:01"]]);
    expect([...(first?.sysctls ?? [])]).toEqual([["ip_forward", 1]]);
  });

  it("takes a host that says nothing for one of another kind, without configuration", () => {
    expect(fleet.hosts[2]).toMatchObject({ role: "other", os: "other", ssh: null, configuration: [] });
  });

  it("gives the wiring", () => {
    expect(
      fleet.segments.map(({ id, mtu, ports }) => [id, mtu, ports.map((port) => `${port.host} ${port.link}`)]),
    ).toEqual([
      ["main", 1500, ["nl-k8s-01 enp1s0", "nl-k8s-02 ens18"]],
      ["v100", null, ["nl-k8s-02 ens19"]],
    ]);
  });

  it("gives clusters with the defaults of k3s where nothing is said", () => {
    const [cluster] = fleet.clusters;
    expect(cluster).toMatchObject({ name: "home", distribution: "k3s", backend: "host-gw", agents: [] });
    expect(cluster && formatPrefix(cluster.podCidr)).toBe("10.42.0.0/16");
    expect(cluster && formatPrefix(cluster.serviceCidr)).toBe("10.43.0.0/16");
    expect(cluster?.vip && formatIPv4(cluster.vip)).toBe("10.10.0.100");
    expect(cluster?.servers.map(({ host, podCidr }) => [host, podCidr && formatPrefix(podCidr)])).toEqual([
      ["nl-k8s-01", null],
      ["nl-k8s-02", "10.42.1.0/24"],
    ]);
  });

  it("gives zones, invariants and assumptions", () => {
    expect(fleet.zones.map(({ name, prefix, roles }) => [name, formatPrefix(prefix), roles])).toEqual([
      ["infra", "10.10.0.0/16", ["node"]],
    ]);
    expect(fleet.invariants).toMatchObject([
      {
        from: { kind: "host", host: "nl-k8s-01" },
        to: { kind: "prefix" },
        expect: "free",
        why: "the trusted zone moves",
      },
    ]);
    expect(fleet.assumptions).toEqual(["all nodes are on one switch"]);
    expect(fleet.operator).toBe("ctl");
  });

  it("warns of a host that no segment reaches", () => {
    expect(issues.map((issue) => [issue.code, issue.severity, issue.message])).toEqual([
      [
        "fleet/host-without-segment",
        "warning",
        "Expected a link of `ctl` on one of the segments, found none.",
      ],
    ]);
  });

  it.each([
    ["the same flows", "alpha, to: 10.0.0.1", "alpha, to: 10.0.0.1"],
    ["flows of a rule that stands before it", "any, to: 10.0.0.0/24", "alpha, to: 10.0.0.7"],
    ["flows that the first rule takes as a whole", "any, to: any", "alpha, to: alpha"],
  ])("refuses an invariant that can never count, for %s", (_, first, second) => {
    const text = minimal(
      `invariants:\n  - { flow: { from: ${first} }, expect: delivered, why: x }\n  - { flow: { from: ${second} }, expect: lost, why: y }\n`,
    );
    const line = text.split("\n").findIndex((each) => each.includes("why: x")) + 1;
    const result = parseFleet(text, FILE);
    expect(result.ok ? [] : result.error).toEqual([
      expect.objectContaining({
        code: "fleet/contradictory-invariants",
        source: expect.objectContaining({ line: line + 1 }),
        message: `Expected invariants that do not contradict each other: this one wants its flows to be \`lost\`, and the one in line ${line}, which counts first, wants the same flows to be \`delivered\`.`,
      }),
    ]);
  });

  it("takes an exception that stands before its rule", () => {
    const text = minimal(
      "invariants:\n  - { flow: { from: alpha, to: 10.0.0.7 }, expect: lost, why: x }\n  - { flow: { from: any, to: 10.0.0.0/24 }, expect: delivered, why: y }\n",
    );
    expect(read(text).issues.map(({ code }) => code)).not.toContain("fleet/contradictory-invariants");
  });

  it("reads an address as an invariant's target, and `any` at both ends", () => {
    const text = minimal(
      "invariants:\n  - { flow: { from: any, to: 10.0.0.1 }, expect: lost, why: x }\n  - { flow: { from: any, to: any }, expect: delivered, why: x }\n",
    );
    expect(read(text).fleet.invariants.map(({ from, to }) => [from.kind, to.kind])).toEqual([
      ["any", "prefix"],
      ["any", "any"],
    ]);
  });
});

describe("A mistake in a fleet file", () => {
  const cases: readonly {
    readonly name: string;
    readonly text: string;
    readonly expected: readonly string[];
  }[] = [
    {
      name: "an empty file",
      text: "# nothing\n",
      expected: [
        "pointsman.yaml:1:1: fleet/empty: Expected a fleet file, found an empty one. Write at least `version: 1`, `name` and `hosts`.",
      ],
    },
    {
      name: "a list instead of a mapping",
      text: "- a\n",
      expected: [
        "pointsman.yaml:1:1: fleet/wrong-value: Expected a mapping, found a list. Correct the value.",
      ],
    },
    {
      name: "another version, no name and no hosts",
      text: "version: 2\n",
      expected: [
        "pointsman.yaml:1:10: fleet/wrong-value: Expected `1`, found `2`. Write one of the values that are known.",
        "pointsman.yaml:1:1: fleet/missing-key: Expected the key `name` in the fleet file, found none. Add `name:` with its value.",
        "pointsman.yaml:1:1: fleet/missing-key: Expected the key `hosts` in the fleet file, found none. Add `hosts:` with its value.",
      ],
    },
    {
      name: "an unknown key beside a known one",
      text: "version: 1\nname: home\nhosts:\n  alpha:\n    rolle: node\n",
      expected: [
        "pointsman.yaml:5:5: fleet/unknown-key: Expected one of the keys `role`, `os`, `ssh`, `console`, `configuration`, `macs`, `sysctls`, found `rolle`. Did you mean `role`? Remove the key or correct it.",
      ],
    },
    {
      name: "an unknown role",
      text: "version: 1\nname: home\nhosts:\n  alpha: { role: hyprvisor }\n",
      expected: [
        "pointsman.yaml:4:18: fleet/wrong-value: Expected one of `node`, `hypervisor`, `router`, `other`, found `hyprvisor`. Did you mean `hypervisor`? Write one of the values that are known.",
      ],
    },
    {
      name: "an unknown host in a segment",
      text: minimal(
        "segments:\n  main:\n    ports:\n      - { host: alfa, link: eth0 }\n      - { host: alpha, link: eth0 }\n      - { host: beta, link: eth0 }\n",
      ),
      expected: [
        "pointsman.yaml:9:17: fleet/unknown-host: Expected one of the hosts `alpha`, `beta`, found `alfa`. Did you mean `alpha`? Add it to `hosts` or correct the name.",
      ],
    },
    {
      name: "an unknown host in a cluster, as a name and as a mapping",
      text: minimal("clusters:\n  c:\n    servers: [gamma, { host: delta }]\n"),
      expected: [
        "pointsman.yaml:8:15: fleet/unknown-host: Expected one of the hosts `alpha`, `beta`, found `gamma`. Add it to `hosts` or correct the name.",
        "pointsman.yaml:8:22: fleet/unknown-host: Expected one of the hosts `alpha`, `beta`, found `delta`. Add it to `hosts` or correct the name.",
      ],
    },
    {
      name: "a link on two segments",
      text: minimal(
        "segments:\n  one:\n    ports: [{ host: alpha, link: eth0 }]\n  two:\n    ports: [{ host: alpha, link: eth0 }, { host: beta, link: eth0 }]\n",
      ),
      expected: [
        "pointsman.yaml:10:13: fleet/link-plugged-twice: Expected each link on one segment, found `alpha eth0` again; it is plugged in at pointsman.yaml:8:13. A link that carries several VLANs is plugged in once, and its VLAN links once each.",
      ],
    },
    {
      name: "a host that comes twice",
      text: "version: 1\nname: home\nhosts:\n  alpha: {}\n  alpha: {}\n",
      expected: [
        "pointsman.yaml:5:3: fleet/duplicate-key: Expected each key once, found `alpha` again. Join the two entries or rename one.",
      ],
    },
    {
      name: "a prefix with host bits",
      text: minimal("zones:\n  infra: { prefix: 10.10.0.1/16, roles: [node] }\n"),
      expected: [
        "pointsman.yaml:7:20: fleet/wrong-value: Expected a network such as `10.0.0.0/16` with no host bits set, found `10.10.0.1/16`. Correct the value.",
      ],
    },
    {
      name: "a bad prefix of a cluster's member",
      text: minimal("clusters:\n  c:\n    servers: [{ host: alpha, podCidr: 10.42.0.0/33 }]\n"),
      expected: [
        "pointsman.yaml:8:39: fleet/wrong-value: Expected a network such as `10.0.0.0/16` with no host bits set, found `10.42.0.0/33`. Correct the value.",
      ],
    },
    {
      name: "a member that is a number",
      text: minimal("clusters:\n  c:\n    servers: [7]\n"),
      expected: [
        "pointsman.yaml:8:15: fleet/wrong-value: Expected a host's name, or a mapping with `host`, found `7`. Put quotes around it to make it text.",
      ],
    },
    {
      name: "a slice outside the pod network",
      text: minimal("clusters:\n  c:\n    servers: [{ host: alpha, podCidr: 10.50.0.0/24 }]\n"),
      expected: [
        "pointsman.yaml:8:39: fleet/pod-cidr-outside: Expected a network inside the cluster's `podCidr` `10.42.0.0/16`, found `10.50.0.0/24`. Correct one of the two; `kubectl get nodes -o wide` and `.spec.podCIDR` of the node show what is in force.",
      ],
    },
    {
      name: "a host that is in a cluster twice",
      text: minimal("clusters:\n  c:\n    servers: [alpha]\n    agents: [alpha]\n"),
      expected: [
        "pointsman.yaml:9:14: fleet/member-twice: Expected each host in one cluster, once, found `alpha` again; it is a member at pointsman.yaml:8:15. Remove one of the two.",
      ],
    },
    {
      name: "a cluster without a server",
      text: minimal("clusters:\n  c: { servers: [] }\n"),
      expected: [
        "pointsman.yaml:7:17: fleet/wrong-value: Expected a list with at least one entry, found an empty list. Correct the value.",
      ],
    },
    {
      name: "a configuration path that leaves its tree",
      text: "version: 1\nname: home\nhosts:\n  alpha:\n    configuration: [{ nixos: ../../etc/shadow }, { uci: /etc/config }]\n",
      expected: [
        "pointsman.yaml:5:30: fleet/wrong-value: Expected a path below the configuration tree, without `..`, found `../../etc/shadow`. Correct the value.",
        "pointsman.yaml:5:57: fleet/wrong-value: Expected a path below the configuration tree, without `..`, found `/etc/config`. Correct the value.",
      ],
    },
    {
      name: "two dialects in one entry",
      text: "version: 1\nname: home\nhosts:\n  alpha:\n    configuration: [{ nixos: a.nix, uci: b }]\n",
      expected: [
        "pointsman.yaml:5:21: fleet/wrong-value: Expected exactly one dialect with its path, such as `nixos: networking.nix`, found a mapping. Correct the value.",
      ],
    },
    {
      name: "a place on the host without a dialect, and places that no file has",
      text: "version: 1\nname: home\nhosts:\n  alpha:\n    configuration: [{ at: /etc/a }, { uci: a, at: etc/a }, { uci: b, at: /etc/../b }]\n",
      expected: [
        "pointsman.yaml:5:21: fleet/wrong-value: Expected exactly one dialect with its path, such as `nixos: networking.nix`, found a mapping. Correct the value.",
        "pointsman.yaml:5:51: fleet/wrong-value: Expected an absolute path on the host, without `..`, found `etc/a`. Correct the value.",
        "pointsman.yaml:5:74: fleet/wrong-value: Expected an absolute path on the host, without `..`, found `/etc/../b`. Correct the value.",
      ],
    },
    {
      name: "a console that is no line",
      text: 'version: 1\nname: home\nhosts:\n  alpha: { console: "" }\n  beta: { console: "a\\nb" }\n',
      expected: [
        "pointsman.yaml:4:21: fleet/wrong-value: Expected one line of text, found ``. Correct the value.",
        "pointsman.yaml:5:20: fleet/wrong-value: Expected one line of text, found `a�b`. Correct the value.",
      ],
    },
    {
      name: "an ssh destination that would be an option",
      text: "version: 1\nname: home\nhosts:\n  alpha: { ssh: -oProxyCommand=x }\n",
      expected: [
        "pointsman.yaml:4:17: fleet/wrong-value: Expected a destination for ssh such as `root@host.lan`, found `-oProxyCommand=x`. Correct the value.",
      ],
    },
    {
      name: "a host's name that is an address",
      text: "version: 1\nname: home\nhosts:\n  10.0.0.1: {}\n",
      expected: [
        "pointsman.yaml:4:3: fleet/wrong-value: Expected a name of letters, digits, `-`, `_` and `.` with at least one letter as a key, found `10.0.0.1`. Rename it.",
      ],
    },
    {
      name: "a host that is called `__proto__`",
      text: "version: 1\nname: home\nhosts:\n  __proto__: {}\n",
      expected: [
        "pointsman.yaml:4:3: fleet/unreadable-key: Expected a name as a key, found `__proto__`, which JavaScript keeps for itself. Rename it.",
      ],
    },
    {
      name: "a host that is called `any`",
      text: "version: 1\nname: home\nhosts:\n  any: {}\n",
      expected: [
        "pointsman.yaml:4:3: fleet/reserved-name: Expected a name for the host, found `any`, which stands for all hosts. Rename the host.",
      ],
    },
    {
      name: "an unknown operator",
      text: minimal("operator: ctl\n"),
      expected: [
        "pointsman.yaml:6:11: fleet/unknown-host: Expected one of the hosts `alpha`, `beta`, found `ctl`. Add it to `hosts` or correct the name.",
      ],
    },
    {
      name: "a flow between things that are not there",
      text: minimal("invariants:\n  - { flow: { from: alfa, to: 10.0.0.1/8 }, expect: lost, why: x }\n"),
      expected: [
        "pointsman.yaml:7:21: fleet/wrong-flow: Expected a host or `any`, found `alfa`. Did you mean `alpha`? The hosts are `alpha`, `beta`.",
        "pointsman.yaml:7:31: fleet/wrong-flow: Expected a host, an address, a network without host bits, or `any`, found `10.0.0.1/8`. The hosts are `alpha`, `beta`.",
      ],
    },
    {
      name: "a sysctl of another part of the kernel",
      text: "version: 1\nname: home\nhosts:\n  alpha: { sysctls: { net.bridge.bridge-nf-call-iptables: 1 } }\n",
      expected: [
        "pointsman.yaml:4:23: fleet/sysctl-outside: Expected a sysctl below `net.ipv4.`, found `net.bridge.bridge-nf-call-iptables`. It is not part of the model; its effect on packets is not known to Pointsman.",
      ],
    },
    {
      name: "a sysctl that is called `__proto__`",
      text: "version: 1\nname: home\nhosts:\n  alpha: { sysctls: { __proto__: 1 } }\n",
      expected: [
        "pointsman.yaml:4:23: fleet/unreadable-key: Expected a name as a key, found `__proto__`, which JavaScript keeps for itself. Rename it.",
      ],
    },
    {
      name: "a key with nothing behind it",
      text: minimal("segments:\n"),
      expected: [
        "pointsman.yaml:6:10: fleet/wrong-value: Expected a mapping, found nothing. Give it a value or remove the key.",
      ],
    },
    {
      name: "half a file",
      text: "version: 1\nname: home\nhosts: {alpha: {role: node",
      expected: [
        expect.stringMatching(
          /^pointsman\.yaml:\d+:\d+: fleet\/yaml: Expected YAML, found a syntax error: .*\. Mend the YAML at this place: nothing was read from the file\.$/,
        ),
      ],
    },
  ];

  it.each(cases)("is told with its place: $name", ({ text, expected }) => {
    expect(mistakes(text)).toEqual(expected);
  });

  it("is one of many: the first fifty are shown and the rest is counted", () => {
    const keys = Array.from({ length: 70 }, (_, index) => `key${index}: 1\n`).join("");
    const told = mistakes(minimal(keys));
    expect(told).toHaveLength(51);
    expect(told.at(-1)).toContain("fleet/more: 20 more mistakes are not shown. Mend those above first.");
  });
});
