import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ipv4 } from "#ip/index.js";
import { type ConfigurationEdit, type ConfigurationTree, compareEdited } from "#model/index.js";
import { editK3s, readK3s } from "./index.js";

type Files = Readonly<Record<string, string>>;

const SAMPLES: readonly { readonly path: string; readonly files: Files }[] = [
  {
    path: "k",
    files: {
      "k/config.yaml": `# the node: 10.0.0.2
node-ip: 10.0.0.2   # keep
tls-san:
  - 10.0.0.2
  - "api.lan"
server: 'https://10.0.0.1:6443'
flannel-backend: "vxlan"
`,
      "k/config.yaml.d/20-site.yaml": "flannel-backend: vxlan\ndisable+: [traefik]\n",
    },
  },
  {
    path: "k3s.service",
    files: {
      "k3s.service": `[Service]
Environment=K3S_URL=https://10.0.0.1:6443
# --node-ip=10.0.0.2
ExecStart=/usr/local/bin/k3s \\
    server \\
    --node-ip 10.0.0.2 --advertise-address=10.0.0.2 \\
    '--flannel-backend=vxlan'
Restart=always
`,
    },
  },
  { path: "c.yaml", files: { "c.yaml": "cluster-init: true\r\nnode-ip: [10.0.0.2, 'fd00::2']\r\n" } },
];

const edit: fc.Arbitrary<ConfigurationEdit> = fc.oneof(
  fc.integer({ min: 0x0a000000, max: 0x0affffff }).map((ip) => ({ kind: "node-ip", ip: ipv4(ip) }) as const),
  fc
    .constantFrom("vxlan" as const, "host-gw" as const, "wireguard-native" as const, "none" as const)
    .map((backend) => ({ kind: "flannel-backend", backend }) as const),
  fc
    .integer({ min: 1, max: 254 })
    .map((host) => ({ kind: "k3s-server", url: `https://10.0.9.${host}:6443` }) as const),
);

function treeOf(files: Files): ConfigurationTree {
  return {
    read: (path) => files[path] ?? null,
    list: (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .sort(),
  };
}

describe("editK3s, of any edits", () => {
  const edits = fc.uniqueArray(edit, { selector: ({ kind }) => kind, minLength: 1 });

  it("gives files that say what was asked and nothing else, and leaves all other lines", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), edits, ({ path, files }, wanted) => {
        const result = editK3s(treeOf(files), path, wanted);
        if (!result.ok) throw new Error(result.error.message);
        const after = {
          ...files,
          ...Object.fromEntries(result.value.map(({ path: file, text }) => [file, text])),
        };
        expect(compareEdited(readK3s(treeOf(files), path), wanted, readK3s(treeOf(after), path))).toEqual([]);
        const left = Object.values(after).flatMap((text) => text.split("\n"));
        const lost = Object.values(files)
          .flatMap((text) => text.split("\n"))
          .filter((line) => !left.includes(line));
        expect(lost.length).toBeLessThanOrEqual(wanted.length);
        expect(editK3s(treeOf(after), path, wanted)).toEqual({ ok: true, value: [] });
      }),
    );
  });

  it("never throws on damaged files, and never makes another edit than the one asked for", () => {
    const cut = fc.tuple(fc.nat(400), fc.nat(8), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...SAMPLES),
        fc.array(cut, { maxLength: 4 }),
        edits,
        (sample, cuts, wanted) => {
          const { path } = sample;
          const files = Object.fromEntries(
            Object.entries(sample.files).map(([file, text]) => [
              file,
              cuts.reduce(
                (each, [at, length, added]) => each.slice(0, at) + added + each.slice(at + length),
                text,
              ),
            ]),
          );
          const result = editK3s(treeOf(files), path, wanted);
          if (!result.ok) {
            expect(wanted).toContain(result.error.edit);
            return;
          }
          const after = {
            ...files,
            ...Object.fromEntries(result.value.map(({ path: file, text }) => [file, text])),
          };
          expect(compareEdited(readK3s(treeOf(files), path), wanted, readK3s(treeOf(after), path))).toEqual(
            [],
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});
