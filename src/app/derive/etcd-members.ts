import type { IPv4 } from "#ip/index.js";
import type { Host, HostId } from "#model/index.js";
import { type Members, nodeAddress } from "./overlay-nodes.js";

/**
 * The servers of a k3s cluster with the address at which their etcd members are dialled: `node-ip`, else the address of the node; k3s,
 * pkg/etcd (advertised peer URLs). One server alone that was not begun with `cluster-init` keeps its state in SQLite and is no member.
 */
export function deriveEtcdMembers(members: Members): ReadonlyMap<HostId, Host> {
  const { cluster, hosts, configurations } = members;
  if (cluster.distribution !== "k3s") return new Map();
  const servers = cluster.servers.map(({ host }) => ({
    id: host,
    k3s: configurations.get(host)?.k3s ?? null,
  }));
  const isEtcd = servers.length > 1 || servers.some(({ k3s }) => k3s?.isClusterInit === true);
  if (!isEtcd || servers.some(({ k3s }) => hasOtherStore(k3s))) return new Map();
  return new Map(
    servers.flatMap(({ id, k3s }) => {
      const host = hosts.get(id);
      if (host === undefined) return [];
      const peer: IPv4 | null = k3s?.nodeIp ?? nodeAddress(host, k3s);
      return peer === null ? [] : [[id, { ...host, etcdPeer: peer }] as const];
    }),
  );
}

/** An external database takes the place of etcd. */
function hasOtherStore(k3s: Parameters<typeof nodeAddress>[1]): boolean {
  return k3s?.otherSettings?.some(({ key }) => key === "datastore-endpoint") === true;
}
