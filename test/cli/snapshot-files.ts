import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A small live network: two hosts on one segment, and a router that only the first one has as its gateway. */
export function snapshotFiles(): Readonly<Record<string, string>> {
  return {
    "wiring.json": JSON.stringify({
      segments: {
        main: [
          ["h1", "e0"],
          ["h2", "e0"],
          ["r1", "e0"],
        ],
        far: [["r1", "e1"]],
      },
    }),
    ...hostFiles("h1", { links: [["e0", "10.0.0.1", 1]], gateway: "10.0.0.3", forwards: 0 }),
    ...hostFiles("h2", { links: [["e0", "10.0.0.2", 2]], gateway: null, forwards: 0 }),
    ...hostFiles("r1", {
      links: [
        ["e0", "10.0.0.3", 3],
        ["e1", "10.9.0.1", 4],
      ],
      gateway: null,
      forwards: 1,
    }),
  };
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

interface HostFiles {
  /** Name, address (always /24) and last octet of the MAC address. */
  readonly links: readonly (readonly [string, string, number])[];
  readonly gateway: string | null;
  readonly forwards: 0 | 1;
}

function hostFiles(name: string, host: HostFiles): Readonly<Record<string, string>> {
  const loopback = {
    ifname: "lo",
    flags: ["LOOPBACK", "UP", "LOWER_UP"],
    mtu: 65536,
    link_type: "loopback",
    address: "00:00:00:00:00:00",
    addr_info: [{ family: "inet", local: "127.0.0.1", prefixlen: 8, scope: "host", label: "lo" }],
  };
  const links = host.links.map(([link, local, octet]) => ({
    ifname: link,
    flags: ["BROADCAST", "MULTICAST", "UP", "LOWER_UP"],
    mtu: 1500,
    link_type: "ether",
    address: `02:00:00:00:00:0${octet}`,
    addr_info: [{ family: "inet", local, prefixlen: 24, scope: "global", label: link }],
  }));
  const folder = `hosts/${name}`;
  return {
    [`${folder}/addr.json`]: JSON.stringify([loopback, ...links], null, 1),
    [`${folder}/route.json`]: JSON.stringify(routesOf(host), null, 1),
    [`${folder}/rule.json`]: JSON.stringify([
      { priority: 0, src: "all", table: "local" },
      { priority: 32766, src: "all", table: "main" },
      { priority: 32767, src: "all", table: "default" },
    ]),
    [`${folder}/neigh.json`]: "[]",
    [`${folder}/fdb.json`]: "[]",
    [`${folder}/sysctl.txt`]: `net.ipv4.ip_forward = ${host.forwards}\nnet.ipv4.conf.all.rp_filter = 0\n`,
  };
}

function routesOf({ links, gateway }: HostFiles): readonly object[] {
  const first = links[0]?.[0] ?? "lo";
  return [
    ...(gateway === null ? [] : [{ dst: "default", gateway, dev: first, flags: [] }]),
    ...links.flatMap(([dev, local]) => [
      {
        dst: local.replace(/\d+$/, "0/24"),
        dev,
        protocol: "kernel",
        scope: "link",
        prefsrc: local,
        flags: [],
      },
      {
        type: "local",
        dst: local,
        dev,
        table: "local",
        protocol: "kernel",
        scope: "host",
        prefsrc: local,
        flags: [],
      },
    ]),
    {
      type: "local",
      dst: "127.0.0.0/8",
      dev: "lo",
      table: "local",
      protocol: "kernel",
      scope: "host",
      prefsrc: "127.0.0.1",
      flags: [],
    },
  ];
}
