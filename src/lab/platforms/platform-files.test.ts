import { describe, expect, it } from "vitest";
import {
  type ConfigurationFile,
  type ConfigurationTree,
  type Dialect,
  emptyConfiguration,
  type FleetHost,
  hostId,
  type OperatingSystem,
} from "#model/index.js";
import { platformFiles, rootKindOf } from "./platform-files.js";
import type { PlatformHost } from "./platform-host.js";

const source = { file: "pointsman.yaml", line: 1, column: 1 };

function treeOf(files: Readonly<Record<string, string>>): ConfigurationTree {
  return {
    read: (path) => files[path] ?? null,
    list: (folder) => Object.keys(files).filter((path) => path.startsWith(folder === "" ? "" : `${folder}/`)),
  };
}

function hostOf(given: {
  readonly os: OperatingSystem;
  readonly files?: Readonly<Record<string, string>>;
  readonly configuration?: readonly (readonly [Dialect, string])[];
  readonly sysctls?: readonly (readonly [string, number])[];
}): PlatformHost {
  const configuration = (given.configuration ?? []).map(
    ([dialect, path]): ConfigurationFile => ({ dialect, path, source }),
  );
  const host: FleetHost = {
    id: hostId("h1"),
    role: "other",
    os: given.os,
    ssh: null,
    configuration,
    macs: new Map(),
    sysctls: new Map(given.sysctls),
    source,
  };
  return {
    host,
    tree: treeOf(given.files ?? {}),
    configuration: emptyConfiguration(),
    fleet: {
      name: "f",
      hosts: [host],
      segments: [],
      clusters: [],
      zones: [],
      operator: null,
      invariants: [],
      assumptions: [],
    },
    snapshot: { hosts: new Map(), segments: [] },
  };
}

/** Texts by path, and where links lead, with an arrow. */
function laid(host: PlatformHost): Readonly<Record<string, string>> {
  return Object.fromEntries(
    platformFiles(host).map((file) => [file.path, "symlink" in file ? `-> ${file.symlink}` : file.text]),
  );
}

describe("platformFiles", () => {
  it("puts an interfaces file and what it sources where ifupdown2 reads them, and turns ifupdown2 on", () => {
    const files = { "a/h1/interfaces": "auto lo\n", "a/h1/interfaces.d/vm": "auto br9\n", "a/h1/other": "x" };
    const host = hostOf({ os: "proxmox", files, configuration: [["ifupdown", "a/h1/interfaces"]] });
    expect(laid(host)).toMatchObject({
      "/etc/hostname": "h1\n",
      "/etc/network/interfaces": "auto lo\n",
      "/etc/network/interfaces.d/vm": "auto br9\n",
      "/etc/systemd/system/network.target.wants/networking.service":
        "-> /lib/systemd/system/networking.service",
    });
    expect(laid(host)).not.toHaveProperty("/etc/network/other");
  });

  it("keeps netplan files from other users, as netplan asks for", () => {
    const files = { "h1/netplan/01.yaml": "network: {}\n" };
    const host = hostOf({ os: "ubuntu", files, configuration: [["netplan", "h1/netplan"]] });
    const file = platformFiles(host).find(({ path }) => path === "/etc/netplan/01.yaml");
    expect(file).toEqual({ path: "/etc/netplan/01.yaml", mode: 0o600, text: "network: {}\n" });
  });

  it("keeps drop-ins of networkd below their folder", () => {
    const files = { "n/10-e0.network": "[Match]\n", "n/10-e0.network.d/more.conf": "[Network]\n" };
    expect(laid(hostOf({ os: "debian", files, configuration: [["networkd", "n"]] }))).toMatchObject({
      "/etc/systemd/network/10-e0.network": "[Match]\n",
      "/etc/systemd/network/10-e0.network.d/more.conf": "[Network]\n",
    });
  });

  it("lays a router of OpenWrt over busybox, with its files below /etc/config and no unit of systemd", () => {
    const host = hostOf({
      os: "openwrt",
      files: { "r/network": "\n" },
      configuration: [["uci", "r/network"]],
    });
    expect(rootKindOf(host.host)).toBe("busybox");
    expect(laid(host)).toMatchObject({ "/etc/config/network": "\n" });
    expect(Object.keys(laid(host)).filter((path) => path.startsWith("/etc/systemd"))).toEqual([]);
  });

  it("gives a NixOS host a first system, and its modules to read", () => {
    const host = hostOf({
      os: "nixos",
      files: { "m/networking.nix": "{ }\n" },
      configuration: [["nixos", "m/networking.nix"]],
    });
    expect(laid(host)).toMatchObject({
      "/etc/nixos/networking.nix": "{ }\n",
      "/usr/local/lib/nixos-standin/first/nixos-system-h1-standin/network/steps": "",
      "/etc/systemd/system/sysinit.target.wants/nixos-standin.service":
        "-> /etc/systemd/system/nixos-standin.service",
    });
  });

  it("writes the sysctls of the fleet file, those of links once more when their links are there", () => {
    const files = laid(
      hostOf({
        os: "debian",
        sysctls: [
          ["ip_forward", 1],
          ["conf.br0.forwarding", 0],
        ],
      }),
    );
    expect(files).toMatchObject({
      "/etc/sysctl.d/50-fleet.conf": "net.ipv4.ip_forward = 1\nnet.ipv4.conf.br0.forwarding = 0\n",
      "/etc/sysctl.d/60-fleet-links.conf": "net.ipv4.conf.br0.forwarding = 0\n",
    });
    expect(files["/etc/systemd/system/link-sysctls.service"]).toContain("After=network.target");
  });

  it("has no k3s on a host that is in no cluster", () => {
    expect(Object.keys(laid(hostOf({ os: "debian" })))).toEqual(["/etc/hostname"]);
  });
});
