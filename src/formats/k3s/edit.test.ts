import { describe, expect, it } from "vitest";
import { ipv4, parseIPv4 } from "#ip/index.js";
import { type ConfigurationEdit, linkName } from "#model/index.js";
import { editK3s } from "./index.js";

const nodeIp: ConfigurationEdit = { kind: "node-ip", ip: parseIPv4("10.30.0.2") ?? ipv4(0) };
const backend: ConfigurationEdit = { kind: "flannel-backend", backend: "host-gw" };

function editedFiles(
  files: Readonly<Record<string, string>>,
  path: string,
  ...edits: readonly ConfigurationEdit[]
): unknown {
  const below = (folder: string): readonly string[] =>
    Object.keys(files).filter((file) => file.startsWith(`${folder}/`));
  const result = editK3s({ read: (file) => files[file] ?? null, list: below }, path, edits);
  return result.ok
    ? Object.fromEntries(result.value.map(({ path: file, text }) => [file, text]))
    : result.error;
}

describe("editK3s", () => {
  it("writes the values of config.yaml where they stand; comments and quotes stay", () => {
    const text = `# 10.10.0.2 is the node
node-ip: "10.10.0.2"   # node
advertise-address: 10.10.0.2
flannel-backend: vxlan
`;
    expect(editedFiles({ "config.yaml": text }, "config.yaml", nodeIp, backend)).toEqual({
      "config.yaml": `# 10.10.0.2 is the node
node-ip: "10.30.0.2"   # node
advertise-address: 10.10.0.2
flannel-backend: host-gw
`,
    });
  });

  it("writes in the drop-in that counts", () => {
    const files = {
      "config.yaml": "flannel-backend: vxlan\n",
      "config.yaml.d/10.yaml": "flannel-backend: vxlan\nnode-ip:\n  - 10.10.0.2\n  - fd00::2\n",
    };
    expect(editedFiles(files, "config.yaml", backend, nodeIp)).toEqual({
      "config.yaml.d/10.yaml": "flannel-backend: host-gw\nnode-ip:\n  - 10.30.0.2\n  - fd00::2\n",
    });
  });

  it("writes the words of a unit's command, and of the drop-in that replaces it", () => {
    const unit =
      "[Service]\nExecStart=/usr/bin/k3s server \\\n  --node-ip 10.10.0.2 \\\n  --flannel-backend=vxlan\n";
    expect(editedFiles({ "k3s.service": unit }, "k3s.service", nodeIp, backend)).toEqual({
      "k3s.service":
        "[Service]\nExecStart=/usr/bin/k3s server \\\n  --node-ip 10.30.0.2 \\\n  --flannel-backend=host-gw\n",
    });
    const files = {
      "k3s.service": unit,
      "k3s.service.d/o.conf": "[Service]\nExecStart=\nExecStart=/usr/bin/k3s server --node-ip=10.10.0.2\n",
    };
    expect(editedFiles(files, "k3s.service", nodeIp, backend)).toEqual({
      "k3s.service.d/o.conf":
        "[Service]\nExecStart=\nExecStart=/usr/bin/k3s server --node-ip=10.30.0.2 --flannel-backend=host-gw\n",
    });
  });

  it("adds a flag that is nowhere: a line of config.yaml, or a word at the end of the command", () => {
    expect(editedFiles({ "config.yaml": "cluster-init: true" }, "config.yaml", backend)).toEqual({
      "config.yaml": "cluster-init: true\nflannel-backend: host-gw\n",
    });
    const unit = "[Service]\nExecStart=/usr/bin/k3s server \\\n  --cluster-init\nRestart=always\n";
    expect(editedFiles({ "k3s.service": unit }, "k3s.service", backend)).toEqual({
      "k3s.service":
        "[Service]\nExecStart=/usr/bin/k3s server \\\n  --cluster-init --flannel-backend=host-gw\nRestart=always\n",
    });
  });

  it("changes nothing where all is there", () => {
    expect(editedFiles({ "config.yaml": "flannel-backend: host-gw\n" }, "config.yaml", backend)).toEqual({});
  });

  it("refuses a value that a variable gives, and says what to write", () => {
    const unit =
      "[Service]\nEnvironmentFile=/etc/k3s.env\nExecStart=/usr/bin/k3s server --cluster-init --node-ip=$NODE_IP\n";
    const found = editedFiles({ "k3s.service": unit }, "k3s.service", nodeIp);
    expect(found).toMatchObject({
      edit: nodeIp,
      message:
        "Expected `--node-ip` as a plain word that can be edited, found a value that is not known from the files.",
      hint: "Write `--node-ip=10.30.0.2` by hand where the value comes from.",
      source: { file: "k3s.service", line: 3 },
    });
  });

  it("refuses what is no flag of k3s", () => {
    const mtu: ConfigurationEdit = { kind: "mtu", link: linkName("eth0"), mtu: 9000 };
    expect(editedFiles({ "config.yaml": "" }, "config.yaml", mtu)).toMatchObject({
      message: "Expected an edit of the flags of k3s in `config.yaml`, found `mtu`.",
    });
  });
});

describe("editK3s, of the server's URL", () => {
  const server: ConfigurationEdit = { kind: "k3s-server", url: "https://10.30.0.1:6443" };

  it("writes it in config.yaml, a command and an environment file", () => {
    expect(
      editedFiles({ "config.yaml": 'server: "https://10.10.0.1:6443"\n' }, "config.yaml", server),
    ).toEqual({
      "config.yaml": 'server: "https://10.30.0.1:6443"\n',
    });
    const files = {
      "etc/k3s-agent.service":
        "[Service]\nEnvironmentFile=/etc/k3s-agent.env\nExecStart=/usr/bin/k3s agent\n",
      "etc/k3s-agent.env": "K3S_URL=https://10.10.0.1:6443\n",
    };
    expect(editedFiles(files, "etc", server)).toEqual({
      "etc/k3s-agent.env": "K3S_URL=https://10.30.0.1:6443\n",
    });
  });
});
