import { type FlowResult, judgeOne, parseFlowSize } from "#dataplane/index.js";
import { formatIPv4, type IPv4, parseIPv4 } from "#ip/index.js";
import { err, type Host, type HostId, hostId, ok, type Result, type Snapshot } from "#model/index.js";
import type { Failure } from "./failure.js";
import { say } from "./messages.js";
import { nearestNames } from "./nearest-names.js";
import { type Network, type NetworkSource, openWholeNetwork } from "./network.js";

/** One packet to follow, as the operator wrote it. */
export interface TraceRequest {
  readonly source: NetworkSource;
  /** The name of a host. */
  readonly from: string;
  /** The name of a host, or an address. */
  readonly to: string;
  /** How large the packets are, as the operator wrote it; null: small. */
  readonly size: string | null;
}

/** One flow with all its hops. */
export interface Trace {
  readonly network: Network;
  readonly flow: FlowResult;
  /** The host that was meant by its name, and the addresses of it that were not taken; null for an address. */
  readonly target: { readonly host: HostId; readonly others: readonly string[] } | null;
}

/** Follows one packet there and back, hop by hop, with the kernel rule that decided each hop. */
export function trace(request: TraceRequest): Result<Trace, Failure> {
  const size = request.size === null ? undefined : parseFlowSize(request.size);
  if (size === null) return err(say.notASize(request.size ?? ""));
  const network = openWholeNetwork(request.source);
  if (!network.ok) return network;
  const { snapshot } = network.value;
  const from = findHost(snapshot, request.from);
  if (!from.ok) return from;
  const to = findTarget(snapshot, request.to);
  if (!to.ok) return to;
  const { address, target } = to.value;
  return ok({ network: network.value, flow: judgeOne(snapshot, from.value.id, address, size), target });
}

function findHost(snapshot: Snapshot, name: string): Result<Host, Failure> {
  const host = snapshot.hosts.get(hostId(name));
  if (host !== undefined) return ok(host);
  const names = [...snapshot.hosts.keys()];
  return err(say.unknownHost(name, nearestNames(name, names), names.length));
}

interface Target {
  readonly address: IPv4;
  readonly target: Trace["target"];
}

function findTarget(snapshot: Snapshot, name: string): Result<Target, Failure> {
  const host = snapshot.hosts.get(hostId(name));
  if (host !== undefined) return addressOf(host);
  const address = parseIPv4(name);
  if (address !== null) return ok({ address, target: null });
  return err(say.unknownTarget(name, nearestNames(name, [...snapshot.hosts.keys()])));
}

/** The first global address: what the others have in their tables and name servers. */
function addressOf(host: Host): Result<Target, Failure> {
  const own = host.addresses.filter((address) => address.ip >>> 24 !== 127);
  const chosen = own.find((address) => address.scope === "global") ?? own[0];
  if (chosen === undefined) return err(say.noAddress(host.id));
  const others = own.filter((address) => address.ip !== chosen.ip).map((address) => formatIPv4(address.ip));
  return ok({ address: chosen.ip, target: { host: host.id, others } });
}
