import { describe, expect, it } from "vitest";
import type { ConfigurationTree } from "#model/index.js";
import { readSnapshot } from "./index.js";

function notesOn(df: object): readonly string[] {
  const tunnel = {
    ifname: "vx0",
    flags: ["UP"],
    mtu: 1450,
    link_type: "ether",
    promiscuity: 0,
    linkinfo: { info_kind: "vxlan", info_data: { id: 1, link: "e0", port: 8472, learning: false, ...df } },
  };
  const files: Readonly<Record<string, string>> = {
    "wiring.json": '{"segments": {}}',
    "hosts/a/addr.json": JSON.stringify([tunnel]),
    "hosts/a/route.json": "[]",
    "hosts/a/rule.json": "[]",
    "hosts/a/neigh.json": "[]",
    "hosts/a/sysctl.txt": "net.ipv4.ip_forward = 1\n",
  };
  const tree: ConfigurationTree = {
    read: (path) => files[path] ?? null,
    list: (folder) => Object.keys(files).filter((path) => path.startsWith(`${folder}/`)),
  };
  const reading = readSnapshot(tree);
  const issues = reading.ok ? reading.value.issues : reading.error;
  return issues.map(({ message }) => message).filter((message) => message.includes("`df "));
}

describe("A tunnel whose outer packets must not be cut", () => {
  it.each(["set", "inherit"])("is noted: df %s", (df) => {
    expect(notesOn({ df })).toEqual([
      expect.stringContaining(`Found \`df ${df}\` on the tunnel \`vx0\`, which is not modelled.`),
    ]);
  });

  it.each([{ df: "unset" }, {}])("is not, where they may: %o", (given) => {
    expect(notesOn(given)).toEqual([]);
  });
});
