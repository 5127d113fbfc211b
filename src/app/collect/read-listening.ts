/** The port on which members of etcd hear each other, as k3s and kubeadm set it. */
const ETCD_PEER_PORT = "094C";

/** `sl local_address rem_address st ...` of /proc/net/tcp, the address in the byte order of the host; proc_pid_net(5). */
const LINE = /^\s*\d+: ([0-9A-F]{8}):([0-9A-F]{4}) /;

/**
 * The address at which the other members dial the etcd member of this host: where something listens on port 2380, which for k3s is the
 * node's address and 127.0.0.1. null where nothing does, or it listens everywhere, or on several addresses: then nobody can tell from here.
 */
export function readEtcdPeerAddress(lines: readonly string[]): string | null {
  const addresses = lines.flatMap((line) => {
    const match = LINE.exec(line);
    return match !== null && match[2] === ETCD_PEER_PORT ? [dottedQuad(match[1] ?? "")] : [];
  });
  const outside = [...new Set(addresses)].filter((address) => !address.startsWith("127."));
  const [only] = outside;
  return outside.length === 1 && only !== undefined && only !== "0.0.0.0" ? only : null;
}

/** The hosts that run etcd (amd64, arm64) have the lowest byte first. */
function dottedQuad(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(".");
}
