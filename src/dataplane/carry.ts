import { BROADCAST_MAC, formatIPv4, type IPv4, type Mac } from "#ip/index.js";
import type { LinkName } from "#model/index.js";
import type { CompiledLink } from "./compiled-host.js";
import { VXLAN_BYTES } from "./domain-graph.js";
import { sendUnicast } from "./frame.js";
import type { Domain } from "./layer2.js";
import { dropsTooLong } from "./mtu.js";
import { type Egress, ownLeg, resolveNeighbour } from "./resolve.js";
import { isLocalAddress } from "./route-lookup.js";
import { domainOf, note, type Run, stateOf } from "./run.js";

/** Where a packet arrives after one hop. */
export type Carried =
  | { readonly kind: "arrived"; readonly host: number; readonly link: LinkName }
  | { readonly kind: "lost" }
  | { readonly kind: "loop" }
  | { readonly kind: "unknown"; readonly why: string };

/** How a packet of an own address reaches another one; the walk gives itself, so that VXLAN can send its outer packet. */
export type SendUnderlay = (
  run: Run,
  from: {
    readonly host: number;
    readonly source: IPv4;
    readonly destination: IPv4;
  },
) => Carried;

/** Brings a packet to the next hop: neighbour resolution, then the segment or the tunnel. */
export function carry(run: Run, egress: Egress, sendUnderlay: SendUnderlay): Carried {
  const kind = egress.link.link.type.kind;
  if (kind === "other")
    return {
      kind: "unknown",
      why: `link \`${egress.link.name}\` is not modelled`,
    };
  if (!egress.link.link.isUp || kind === "dummy" || kind === "loopback") {
    return dropped(run, egress, "no carrier", `nothing leaves by \`${egress.link.name}\``);
  }
  const unsure = unsureOfSize(run, egress.link);
  if (unsure !== null) return unsure;
  if (kind === "vxlan") return carryVxlan(run, egress, sendUnderlay);
  const resolution = resolveNeighbour(run, egress);
  if (resolution.kind === "failed") return { kind: "lost" };
  if (resolution.kind === "unknown") return resolution;
  return deliverFrame(run, egress, resolution.mac);
}

function deliverFrame(run: Run, egress: Egress, mac: Mac): Carried {
  const domain = domainOf(run, egress.host, egress.link.name);
  if (domain === null)
    return dropped(run, egress, "no carrier", `\`${egress.link.name}\` is down or has no carrier`);
  if (domain.unknown !== null) return { kind: "unknown", why: domain.unknown };
  if (mac === BROADCAST_MAC)
    return {
      kind: "unknown",
      why: "a unicast packet in a broadcast frame is not modelled",
    };
  const own = ownLeg(domain, egress.host, egress.link);
  const takers = own === null ? [] : sendUnicast(run, domain, own, mac);
  const receiver = takers[run.chooser.choose(takers.length)];
  if (receiver === undefined) {
    if (domain.fog !== null) return { kind: "unknown", why: domain.fog };
    return dropped(run, egress, "no such MAC", whyNobody(domain, mac));
  }
  const link = stateOf(run, receiver.host).linkByName.get(receiver.link);
  const unsure = link === undefined ? null : unsureOfSize(run, link);
  if (unsure !== null) return unsure;
  if (own !== null && dropsTooLong(run, domain, { from: own, to: receiver })) return { kind: "lost" };
  return { kind: "arrived", host: receiver.host, link: receiver.link };
}

function whyNobody(domain: Domain, mac: Mac): string {
  if (!domain.byMac.has(mac)) return `no link of the segment has ${mac}`;
  return `frames for ${mac} do not reach its owner: a bridge's forwarding entry or another link with this address draws them away`;
}

/** Sizes are followed where they are the question; the small packet of other flows fits, or nobody knows what becomes of it. */
function unsureOfSize(
  run: Run,
  { name, link }: CompiledLink,
): Extract<Carried, { readonly kind: "unknown" }> | null {
  if (link.mtu >= run.packetBytes) return null;
  if (run.measured !== null) {
    return link.mtu === 0 ? { kind: "unknown", why: `the MTU of \`${name}\` is not known` } : null;
  }
  const why = `a packet of ${run.packetBytes} bytes does not fit the MTU of ${link.mtu} on \`${name}\`: fragments are not modelled`;
  return { kind: "unknown", why };
}

/** The inner frame's address names the tunnel end (FDB), and the outer packet takes its own walk; drivers/net/vxlan/vxlan_core.c, vxlan_xmit. */
function carryVxlan(run: Run, egress: Egress, sendUnderlay: SendUnderlay): Carried {
  const { host, link, nextHop } = egress;
  const type = link.link.type;
  const cached = stateOf(run, host).neighbours.get(`${nextHop} ${link.name}`);
  if (type.kind !== "vxlan") return { kind: "lost" };
  if (cached === undefined) {
    if (type.isLearning)
      return {
        kind: "unknown",
        why: `\`${link.name}\` learns its peers: that is not modelled`,
      };
    return dropped(
      run,
      egress,
      "no neighbour",
      `no entry for \`${formatIPv4(nextHop)}\`, and nobody hears a request on \`${link.name}\``,
    );
  }
  const remote = remoteOf(run, host, link, cached.mac);
  if (remote === null)
    return dropped(run, egress, "vxlan fdb", `no entry of \`${link.name}\` says where ${cached.mac} is`);
  if (type.local === null)
    return {
      kind: "unknown",
      why: `\`${link.name}\` has no fixed local address`,
    };
  note(run, host, {
    link: link.name,
    decision: "send",
    rule: "vxlan fdb",
    why: `${cached.mac} is behind \`${formatIPv4(remote)}\`: the packet goes inside one from \`${formatIPv4(type.local)}\``,
  });
  // encap_bypass_if_local: what goes to an address of this host never leaves it, and no one looks at the inner MAC address.
  if (isLocalAddress(stateOf(run, host), remote)) return { kind: "arrived", host, link: link.name };
  const { packetBytes, mayFragment } = run;
  run.packetBytes += VXLAN_BYTES;
  // Without `df set` the outer packet may be cut, whatever the inner one says; vxlan_xmit_one.
  run.mayFragment = true;
  const outer = sendUnderlay(run, {
    host,
    source: type.local,
    destination: remote,
  });
  run.packetBytes = packetBytes;
  run.mayFragment = mayFragment;
  if (outer.kind !== "arrived") return outer;
  return decapsulate(run, egress, {
    host: outer.host,
    mac: cached.mac,
    sender: link,
  });
}

function remoteOf(run: Run, host: number, link: CompiledLink, mac: Mac): IPv4 | null {
  const entries = stateOf(run, host).host.fdb;
  return (
    entries.find((entry) => entry.link === link.name && entry.mac === mac && entry.remote !== null)?.remote ??
    null
  );
}

interface Inner {
  readonly host: number;
  readonly mac: Mac;
  readonly sender: CompiledLink;
}

/** drivers/net/vxlan/vxlan_core.c, vxlan_rcv: the receiver needs a link of this port and network identifier. */
function decapsulate(run: Run, egress: Egress, inner: Inner): Carried {
  const sent = inner.sender.link.type;
  const receiver = stateOf(run, inner.host).links.find(
    ({ link }) =>
      link.type.kind === "vxlan" &&
      sent.kind === "vxlan" &&
      link.isUp &&
      link.type.id === sent.id &&
      link.type.port === sent.port,
  );
  if (receiver === undefined) {
    return dropped(
      run,
      { ...egress, host: inner.host },
      "vxlan",
      "no VXLAN link of this network identifier and port",
    );
  }
  if (receiver.link.mac === inner.sender.link.mac) {
    return dropped(
      run,
      { ...egress, host: inner.host, link: receiver },
      "vxlan",
      "the frame has the receiver's own address as its source",
    );
  }
  if (receiver.link.mac === inner.mac) return { kind: "arrived", host: inner.host, link: receiver.name };
  return dropped(
    run,
    { ...egress, host: inner.host, link: receiver },
    "other host",
    `the frame is for ${inner.mac}, the link has ${receiver.link.mac}`,
  );
}

function dropped(run: Run, egress: Egress, rule: string, why: string): Carried {
  note(run, egress.host, {
    link: egress.link.name,
    decision: "drop",
    rule,
    why,
  });
  return { kind: "lost" };
}
