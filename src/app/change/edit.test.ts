import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "#model/index.js";
import { type EditResult, edit, openNetwork } from "../index.js";

const INCIDENT = "examples/inc-0004";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-change-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function run(entries: string, tree: string | null = null): ReturnType<typeof edit> {
  write({ "change.yaml": `version: 1\nchanges:\n${entries}\n` });
  const file = join(folder, "pointsman.yaml");
  return edit({ from: { kind: "fleet", file, tree, nix: "never" }, change: join(folder, "change.yaml") });
}

function edited(entries: string, tree: string | null = null): EditResult {
  const result = run(entries, tree);
  if (!result.ok) throw new Error([result.error.message, ...result.error.more].join("\n"));
  return result.value;
}

function mistake(entries: string): string {
  const result = run(entries);
  if (result.ok) throw new Error("the change was understood");
  const { message, hint, where } = result.error;
  return `${where?.replace(`${folder}/`, "")} ${message} ${hint}`;
}

/** Lines that the edits bring, by file. */
function added({ files }: EditResult): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    files.map(({ path, before, after }) => {
      const old = before.split("\n");
      return [
        path,
        after
          .split("\n")
          .filter((line) => !old.includes(line))
          .map((line) => line.trim()),
      ];
    }),
  );
}

/** Debian hosts `a` and `b` with two legs each, a NixOS host `n`, and `r`, of which nothing is known. */
function writeFleet(): void {
  const interfaces = (host: number): string => `auto eth0
iface eth0 inet static
\taddress 10.0.0.${host}/24
\tgateway 10.0.0.1
auto eth1
iface eth1 inet static
\taddress 10.1.0.${host}/24
`;
  write({
    "pointsman.yaml": `version: 1
name: test
hosts:
  a: { role: node, configuration: [{ ifupdown: a }] }
  b: { role: node, configuration: [{ ifupdown: b }] }
  n: { role: hypervisor, configuration: [{ nixos: n.nix }, { nixos: k3s.nix }] }
  r: { role: router }
segments:
  lan: { ports: [{ host: a, link: eth0 }, { host: b, link: eth0 }, { host: n, link: eth0 }, { host: r, link: eth0 }] }
  storage: { ports: [{ host: a, link: eth1 }, { host: b, link: eth1 }] }
clusters:
  home: { servers: [n], agents: [a] }
`,
    a: interfaces(2),
    b: interfaces(3),
    "n.nix": `{
  networking.interfaces.eth0.ipv4.addresses = [ { address = "10.0.0.4"; prefixLength = 24; } ];
  networking.defaultGateway = { address = "10.0.0.2"; interface = "eth0"; };
}
`,
    "k3s.nix": `{ services.k3s = { enable = true; serverAddr = "https://10.0.0.2:6443"; extraFlags = [ "--node-ip=10.0.0.4" ]; }; }
`,
  });
}

describe("edit, of the incident's fleet", () => {
  /** A snapshot without the places of its facts, which are other lines of other files. */
  function plain(snapshot: Snapshot): unknown {
    return JSON.parse(
      JSON.stringify([...snapshot.hosts.values()], (key, value: unknown) =>
        key === "source" ? null : value instanceof Map ? [...value] : value,
      ),
    );
  }

  it.each(["wide", "fixed"])("makes of `before` what the tree `%s` is", (target) => {
    cpSync(INCIDENT, folder, { recursive: true });
    const fleet = { kind: "fleet", file: join(folder, "pointsman.yaml"), nix: "never" } as const;
    const change = join(folder, "changes", `${target}.yaml`);
    const result = edit({ from: { ...fleet, tree: join(folder, "before") }, change });
    const wanted = openNetwork({ ...fleet, tree: join(folder, target) });
    if (!result.ok || !wanted.ok) throw new Error("one of them was not read");
    expect(result.value.refusals).toEqual([]);
    expect(result.value.files.map(({ path }) => path)).toEqual(
      [1, 2, 3, 4].map((number) => `machines/nl-k8s-0${number}/networking.nix`),
    );
    const after = result.value.after;
    expect(after === null ? null : plain(after.snapshot)).toEqual(plain(wanted.value.snapshot));
  });
});

describe("edit, of who and what is meant", () => {
  beforeEach(writeFleet);

  it("selects by role, cluster, segment and name, each host once", () => {
    const names = (entries: string): readonly string[] => edited(entries).hosts.map(({ host }) => host.id);
    const wish = "within: 10.0.0.0/24, prefix: 16";
    expect(names(`  - { hosts: role=node, ${wish} }`)).toEqual(["a", "b"]);
    expect(names(`  - { hosts: cluster=home, ${wish} }`)).toEqual(["a", "n"]);
    expect(names(`  - { hosts: [segment=lan, b], ${wish} }`)).toEqual(["a", "b", "n"]);
    expect(names(`  - { hosts: segment=storage, segment: storage, mtu: 9000 }`)).toEqual(["a", "b"]);
  });

  it("changes the one address of a link, a segment or a network", () => {
    const line = "address 10.1.0.2/16";
    for (const which of ["link: eth1", "segment: storage", "within: 10.1.0.0/16"])
      expect(added(edited(`  - { hosts: a, ${which}, prefix: 16 }`))).toEqual({ a: [line] });
  });

  it("passes over hosts without the network or segment that an entry names", () => {
    expect(added(edited("  - { hosts: all, within: 10.1.0.0/24, prefix: 16 }"))).toEqual({
      a: ["address 10.1.0.2/16"],
      b: ["address 10.1.0.3/16"],
    });
  });

  it("takes the link of a gateway and of routes from the networks, after the addresses have changed", () => {
    expect(
      added(
        edited(
          "  - { hosts: a, link: eth1, prefix: 16 }\n  - { hosts: a, routes: { add: [10.9.0.0/16 via 10.1.7.1] } }",
        ),
      ),
    ).toEqual({
      a: [
        "address 10.1.0.2/16",
        "up ip route add 10.9.0.0/16 via 10.1.7.1 dev eth1",
        "down ip route del 10.9.0.0/16 via 10.1.7.1 dev eth1",
      ],
    });
  });

  it("renumbers a network: gateways, the node's address and the URL of the server follow", () => {
    const result = edited("  - { hosts: all, renumber: { from: 10.0.0.0/24, to: 10.7.0.0/24 } }");
    expect(added(result)).toEqual({
      a: ["address 10.7.0.2/24"],
      b: ["address 10.7.0.3/24"],
      "n.nix": [
        'networking.interfaces.eth0.ipv4.addresses = [ { address = "10.7.0.4"; prefixLength = 24; } ];',
        'networking.defaultGateway = { address = "10.7.0.2"; interface = "eth0"; };',
      ],
      "k3s.nix": [
        '{ services.k3s = { enable = true; serverAddr = "https://10.7.0.2:6443"; extraFlags = [ "--node-ip=10.7.0.4" ]; }; }',
      ],
    });
    expect(result.notes).toEqual([]);
  });

  it("renumbers one node, and tells whose gateway and server it was", () => {
    const result = edited("  - { renumber: { a: 10.0.0.9 }, link: eth0 }");
    expect(added(result)).toEqual({ a: ["address 10.0.0.9/24"] });
    expect(result.notes).toEqual([
      "n: k3s joins by `https://10.0.0.2:6443`, and `10.0.0.2` is given up by this change. Change the URL by hand.",
      "n: sends by `10.0.0.2`, which this change gives up. Add a `gateway:` or `routes:` for it.",
    ]);
  });

  it("gives a cluster's servers another back end, and agents that name one", () => {
    expect(added(edited("  - { cluster: home, flannelBackend: host-gw }"))).toEqual({
      "k3s.nix": [
        '{ services.k3s = { enable = true; serverAddr = "https://10.0.0.2:6443"; extraFlags = [ "--node-ip=10.0.0.4" "--flannel-backend=host-gw" ]; }; }',
      ],
    });
  });

  it("finds nothing to do where the files say it already", () => {
    const result = edited(
      "  - { hosts: role=node, within: 10.0.0.0/24, prefix: 24, gateway: 10.0.0.1 }\n  - { hosts: n, addresses: { remove: [10.9.9.9] } }",
    );
    expect(result).toMatchObject({ hosts: [], files: [], refusals: [] });
    expect(result.notes).toEqual(["n: nothing to remove, it has no address `10.9.9.9`."]);
    expect(result.after?.snapshot).toEqual(result.before.snapshot);
  });

  it.each([
    [
      "- { hosts: c, prefix: 16 }",
      "change.yaml:3:12 Expected one of the hosts `a`, `b`, `n`, `r`, found `c`. Did you mean `a` or `b` or `n`?",
    ],
    [
      "- { hosts: cluster=hom, prefix: 16 }",
      "change.yaml:3:12 Expected one of the clusters `home`, found `hom`. Did you mean `home`?",
    ],
    [
      "- { hosts: segment=lam, prefix: 16 }",
      "change.yaml:3:12 Expected one of the segments `lan`, `storage`, found `lam`. Did you mean `lan`?",
    ],
    [
      "- { hosts: role=other, prefix: 16 }",
      "change.yaml:3:12 Expected `role=other` to select a host, found none. Use what the fleet has: `role=node`, `role=hypervisor`, `role=router`.",
    ],
    [
      "- { hosts: r, prefix: 16 }",
      "change.yaml:3:3 Expected configuration files of `r` to edit, found none in the fleet file. Name them under `configuration` of the host, or leave the host out.",
    ],
    [
      "- { hosts: a, prefix: 16 }",
      "change.yaml:3:15 Expected one address of `a` to change, found 2: `10.0.0.2/24 on eth0`, `10.1.0.2/24 on eth1`. Say which one is meant with `within:` (a network), `link:` or `segment:`.",
    ],
    [
      "- { hosts: a, link: eth7, prefix: 16 }",
      "change.yaml:3:21 Expected a link of `a`, found `eth7`; it has `eth0`, `eth1`. Did you mean `eth0` or `eth1`?",
    ],
    [
      "- { hosts: n, segment: storage, mtu: 9000 }",
      "change.yaml:3:24 Expected a link of the selected hosts on segment `storage`, found none. Select hosts that are plugged in there, or name another segment.",
    ],
    [
      "- { hosts: all, within: 10.5.0.0/16, prefix: 16 }",
      "change.yaml:3:38 Expected an address of the selected hosts in `10.5.0.0/16`, found only `10.0.0.2/24 on eth0`, `10.1.0.2/24 on eth1`, `10.0.0.3/24 on eth0`, `10.1.0.3/24 on eth1`, `10.0.0.4/24 on eth0`. Correct the network, link or segment; addresses that a host gets at run time cannot be changed in its files.",
    ],
    [
      "- { hosts: role=node, addresses: { add: [10.0.0.9/24] } }",
      "change.yaml:3:42 Expected one host to give `10.0.0.9/24` to, found 2: `a`, `b`. Write an entry of its own for each host.",
    ],
    [
      "- { cluster: hme, flannelBackend: none }",
      "change.yaml:3:14 Expected one of the clusters `home`, found `hme`. Did you mean `home`?",
    ],
    [
      "- { hosts: n, mtu: 9000 }\n- { hosts: all, segment: lan, mtu: 1400 }",
      "change.yaml:4:31 Expected one wish for the MTU of `eth0` of `n`, found another one at change.yaml:3:15. Remove one of the two, or select other hosts.",
    ],
  ])("says of `%s` what was expected", (entry, expected) => {
    expect(mistake(entry).replaceAll(`${folder}/`, "")).toBe(expected);
  });

  it("says what is wrong with the files that the command names", () => {
    const file = join(folder, "pointsman.yaml");
    const result = edit({ from: { kind: "fleet", file, tree: null }, change: join(folder, "nothing.yaml") });
    expect(result).toMatchObject({
      ok: false,
      error: { kind: "usage", message: "Expected a change file, found nothing of this name." },
    });
  });
});

describe("edit, of files that several hosts share", () => {
  const own = (ip: string): string => `{ imports = [ ./site.nix ];
  networking.interfaces.eth0.ipv4.addresses = [ { address = "${ip}"; prefixLength = (import ./values.nix).bits; } ];
}
`;
  beforeEach(() =>
    write({
      "pointsman.yaml": `version: 1
name: test
hosts:
  a: { role: node, configuration: [{ nixos: a.nix }] }
  b: { role: node, configuration: [{ nixos: b.nix }] }
  c: { role: router, configuration: [{ ifupdown: c }] }
`,
      "a.nix": own("10.0.0.2"),
      "b.nix": own("10.0.0.3"),
      "site.nix": '{ networking.defaultGateway = { address = "10.0.0.1"; interface = "eth0"; }; }\n',
      "values.nix": "{ bits = 24; }\n",
      c: "auto eth0\niface eth0 inet static\n\taddress 10.0.0.1/24\n",
    }),
  );

  it("edits a shared literal once where all who include it want the same", () => {
    const result = edited("  - { hosts: all, prefix: 16 }\n  - { hosts: role=node, gateway: 10.0.0.254 }");
    expect(result.refusals).toEqual([]);
    expect(added(result)).toEqual({
      c: ["address 10.0.0.1/16"],
      "site.nix": ['{ networking.defaultGateway = { address = "10.0.0.254"; interface = "eth0"; }; }'],
      "values.nix": ["{ bits = 16; }"],
    });
  });

  it("edits a file once that two files of one host include", () => {
    const file = "c.nix";
    write({
      "pointsman.yaml": `version: 1
name: test
hosts: { a: { configuration: [{ nixos: a.nix }, { nixos: ${file} }] } }
`,
      "a.nix": "{ imports = [ ./site.nix ]; }\n",
      [file]: '{ imports = [ ./site.nix ]; networking.hostName = "a"; }\n',
      "site.nix": `{
  networking.interfaces.eth0.ipv4.addresses = [ { address = "10.9.0.2"; prefixLength = 24; } ];
}
`,
    });
    const result = edited("  - { hosts: a, addresses: { add: [10.9.0.3/24] } }");
    expect(result.refusals).toEqual([]);
    expect(added(result)).toEqual({
      "site.nix": [
        'networking.interfaces.eth0.ipv4.addresses = [ { address = "10.9.0.2"; prefixLength = 24; } { address = "10.9.0.3"; prefixLength = 24; } ];',
      ],
    });
  });

  it("refuses a shared literal that also changes a host that was not named, and leaves its file out", () => {
    const result = edited("  - { hosts: [a, c], prefix: 16 }");
    expect(added(result)).toEqual({ c: ["address 10.0.0.1/16"] });
    expect(result.after).toBeNull();
    expect(result.refusals).toEqual([
      {
        host: "a",
        message:
          "The edit of `a` also changes `b`: no longer `10.0.0.3/24 dev eth0`; now `10.0.0.3/16 dev eth0`.",
        hint: "Ask for the same for `b`, or give it a value of its own in `values.nix`.",
        source: null,
      },
    ]);
  });

  it("refuses all who ask for a shared literal where it also changes a host that was not named", () => {
    write({
      "pointsman.yaml": `version: 1
name: test
hosts:
  a: { role: node, configuration: [{ nixos: a.nix }] }
  b: { role: node, configuration: [{ nixos: b.nix }] }
  d: { role: other, configuration: [{ nixos: d.nix }] }
`,
      "d.nix": own("10.0.0.5"),
    });
    const result = edited("  - { hosts: role=node, prefix: 16 }");
    expect(result.files).toEqual([]);
    expect(result.refusals.map(({ host, message }) => `${host}: ${message}`)).toEqual(
      ["a", "b"].map(
        (host) =>
          `${host}: The edit of \`a\`, \`b\` also changes \`d\`: no longer \`10.0.0.5/24 dev eth0\`; now \`10.0.0.5/16 dev eth0\`.`,
      ),
    );
  });

  it("refuses a shared literal of which two hosts want different values", () => {
    const result = edited("  - { hosts: a, prefix: 16 }\n  - { hosts: b, prefix: 20 }");
    expect(result.files).toEqual([]);
    expect(result.refusals.map(({ host, message }) => `${host}: ${message}`)).toEqual([
      "b: Expected one text of `values.nix` for all that include it, found that `b` needs another one than `a`.",
      "a: The edit of `a` also changes `b`: no longer `10.0.0.3/24 dev eth0`; now `10.0.0.3/16 dev eth0`.",
    ]);
  });

  it("refuses what code computes, with its place and what to write, and still edits the other hosts", () => {
    write({ "a.nix": own("10.0.0.2").replace(/\(import.*\.bits/, "8 * 3") });
    const result = edited("  - { hosts: [a, c], prefix: 16 }");
    expect(added(result)).toEqual({ c: ["address 10.0.0.1/16"] });
    expect(result.refusals).toEqual([
      {
        host: "a",
        message:
          'Expected a plain line for `10.0.0.2/16 on eth0`, found `{ address = "10.0.0.2"; prefixLength = 8 * 3; }`, which code computes in part.',
        hint: 'Write `{ address = "10.0.0.2"; prefixLength = 16; }` for `eth0` by hand, or make the value literal and ask again.',
        source: { file: join(folder, "a.nix"), line: 2, column: 49 },
      },
    ]);
  });

  it("gives all files that were read, edited ones with their new text, as a tree of its own", () => {
    const { tree } = edited("  - { hosts: all, prefix: 16 }");
    expect([...tree.keys()]).toEqual(["a.nix", "b.nix", "c", "site.nix", "values.nix"]);
    expect(tree.get("values.nix")).toBe("{ bits = 16; }\n");
  });
});
