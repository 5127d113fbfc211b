import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeScratch, planIncident } from "../../../test/run/incident-plan.js";
import { type Network, openNetwork } from "../network.js";
import { findChangedFiles, sha256Of } from "./changed-files.js";

const SECRET = "token: k3s-secret\n";

/** A fleet of one host with these entries, and two trees. */
function changed(
  entries: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  os = "debian",
): ReturnType<typeof findChangedFiles> {
  const scratch = makeScratch();
  onTestFinished(scratch.remove);
  const fleet = join(scratch.path, "pointsman.yaml");
  writeFileSync(fleet, `version: 1\nname: home\nhosts:\n  n1: { os: ${os}, configuration: [${entries}] }\n`);
  const open = (name: string, files: Readonly<Record<string, string>>): Network => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(scratch.path, name, path)), { recursive: true });
      writeFileSync(join(scratch.path, name, path), text);
    }
    const network = openNetwork({ kind: "fleet", file: fleet, tree: join(scratch.path, name), nix: "never" });
    if (!network.ok) throw new Error(network.error.message);
    return network.value;
  };
  return findChangedFiles(open("before", before), open("after", after));
}

/** `path -> place before>after`, with what is there on each side. */
function places(files: ReturnType<typeof findChangedFiles>): readonly string[] {
  return files.map(({ path, at, before, after }) => {
    const [was, is] = [before, after].map((digest) => (digest === null ? "-" : "x"));
    return `${path} -> ${at} ${was}>${is}`;
  });
}

const LO = "auto lo\niface lo inet loopback\n";

describe("The files that a change is written to", () => {
  it("are told by digests alone, whatever they hold", () => {
    const [file, ...others] = changed(
      "{ k3s: a/config.yaml }",
      { "a/config.yaml": SECRET },
      { "a/config.yaml": `${SECRET}\n` },
    );
    expect(others).toEqual([]);
    expect(file).toEqual({
      host: "n1",
      dialect: "k3s",
      path: "a/config.yaml",
      at: "/etc/rancher/k3s/config.yaml",
      before: sha256Of(SECRET),
      after: sha256Of(`${SECRET}\n`),
    });
    expect(JSON.stringify(file)).not.toContain("secret");
  });

  it.each([
    { entry: "{ ifupdown: n1/interfaces }", path: "n1/interfaces", at: "/etc/network/interfaces" },
    { entry: "{ ifupdown: n1/guests }", path: "n1/guests", at: "/etc/network/interfaces.d/guests" },
    { entry: "{ uci: r/network }", path: "r/network", at: "/etc/config/network" },
    { entry: "{ netplan: n1/50.yaml }", path: "n1/50.yaml", at: "/etc/netplan/50.yaml" },
    { entry: "{ netplan: n1 }", path: "n1/50.yaml", at: "/etc/netplan/50.yaml" },
    { entry: "{ networkd: n1 }", path: "n1/e0.network", at: "/etc/systemd/network/e0.network" },
    {
      entry: "{ networkd: n1/e0.network }",
      path: "n1/e0.network.d/1.conf",
      at: "/etc/systemd/network/e0.network.d/1.conf",
    },
    { entry: "{ k3s: n1/k3s.service }", path: "n1/k3s.service", at: "/etc/systemd/system/k3s.service" },
    { entry: "{ k3s: n1 }", path: "n1/config.yaml", at: null },
    { entry: "{ k3s: n1, at: /srv/k3s }", path: "n1/config.yaml", at: "/srv/k3s/config.yaml" },
    { entry: "{ uci: r/network, at: /tmp/net }", path: "r/network", at: "/tmp/net" },
  ])("lie where the platform of $entry looks for $path", ({ entry, path, at }) => {
    const own: Readonly<Record<string, string>> = path.endsWith(".conf") ? { "n1/e0.network": "" } : {};
    const files = changed(entry, { ...own, [path]: "# one\n" }, { ...own, [path]: "# two\n" });
    expect(files.map((file) => [file.path, file.at])).toEqual([[path, at]]);
  });

  it("are those that are read with the named one, too, and those that come and go", () => {
    const main = `${LO}source interfaces.d/*\n`;
    const files = changed(
      "{ ifupdown: n1/interfaces }",
      { "n1/interfaces": main, "n1/interfaces.d/a": "# a\n", "n1/interfaces.d/b": "# b\n" },
      { "n1/interfaces": main, "n1/interfaces.d/b": "# other\n", "n1/interfaces.d/c": "# c\n" },
    );
    expect(places(files)).toEqual([
      "n1/interfaces.d/a -> /etc/network/interfaces.d/a x>-",
      "n1/interfaces.d/b -> /etc/network/interfaces.d/b x>x",
      "n1/interfaces.d/c -> /etc/network/interfaces.d/c ->x",
    ]);
  });

  it("have no place on NixOS, which gets a whole system", () => {
    const files = changed("{ nixos: n1.nix }", { "n1.nix": "{ }\n" }, { "n1.nix": "{ } # more\n" }, "nixos");
    expect(places(files)).toEqual(["n1.nix -> null x>x"]);
  });

  it("are none between equal trees, and stand in the plan of an example", () => {
    expect(changed("{ uci: r/network }", { "r/network": "" }, { "r/network": "" })).toEqual([]);
    const { files } = planIncident("before", "fixed");
    expect(files.map(({ host, dialect }) => `${host} ${dialect}`)).toContain("nl-k8s-01 nixos");
  });
});
