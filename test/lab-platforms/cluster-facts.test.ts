import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openWholeNetwork } from "#app/index.js";
import { platformFiles } from "#lab/index.js";

const ROOT = join(import.meta.dirname, "../..");

/** What the k3s stand-in of a host reads, or null where it has none. */
function factsOf(id: string, fleetFile: string, treeFolder: string): string | null {
  const opened = openWholeNetwork({
    kind: "fleet",
    file: join(ROOT, fleetFile),
    tree: join(ROOT, treeFolder),
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const { fleet, tree, configurations, snapshot } = opened.value;
  const host = fleet?.hosts.find((each) => each.id === id);
  const configuration = host === undefined ? undefined : configurations.get(host.id);
  if (fleet === null || tree === null || host === undefined || configuration === undefined)
    throw new Error(id);
  const files = platformFiles({ fleet, host, tree, configuration, snapshot });
  const found = files.find(({ path }) => /k3s-standin\/cluster$/.test(path));
  return found === undefined || "symlink" in found ? null : found.text;
}

describe("what the k3s stand-in is told", () => {
  it("is for VXLAN the members of etcd, the ends of the tunnel and the own bridge, all as they were derived", () => {
    const text = factsOf("nl-k8s-02", "examples/inc-0004/pointsman-lab.yaml", "examples/inc-0004/before");
    expect(text?.replaceAll(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/g, "MAC").split("\n")).toEqual([
      "role server",
      "address 10.10.0.4",
      "member standin-10-10-0-2 10.10.0.2",
      "member standin-10-10-0-4 10.10.0.4",
      "member standin-10-10-0-5 10.10.0.5",
      "member standin-10-10-0-3 10.10.0.3",
      "backend vxlan",
      "link ens18",
      "subnet 10.42.1.0/24",
      "vtep MAC",
      "bridge 10.42.1.1/24 MAC",
      "pod 10.42.1.2/24",
      "peer 10.42.0.0/24 10.10.0.2 MAC",
      "peer 10.42.2.0/24 10.10.0.5 MAC",
      "peer 10.42.3.0/24 10.10.0.3 MAC",
      "",
    ]);
  });

  it("is for host-gw the nodes as gateways; a single server keeps no etcd", () => {
    const text = factsOf("deb", "test/lab-platforms/fleet/pointsman.yaml", "test/lab-platforms/fleet/tree");
    expect(text?.replaceAll(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/g, "MAC").split("\n")).toEqual([
      "role server",
      "backend host-gw",
      "link br0",
      "subnet 10.42.0.0/24",
      "bridge 10.42.0.1/24 MAC",
      "pod 10.42.0.2/24",
      "peer 10.42.1.0/24 10.9.0.2",
      "peer 10.42.2.0/24 10.9.0.3",
      "",
    ]);
  });

  it("is nothing for a host that is in no cluster", () => {
    expect(
      factsOf("nl-pve-01", "examples/inc-0004/pointsman-lab.yaml", "examples/inc-0004/before"),
    ).toBeNull();
  });
});
