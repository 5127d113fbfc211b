import { formatPrefix, ipv4, type Mac } from "#ip/index.js";
import {
  applyOperation,
  type Host,
  type Issue,
  linkName,
  type Operation,
  operation,
  type Refusal,
} from "#model/index.js";
import { overlayIssue } from "./overlay-issues.js";
import type { OverlayNode } from "./overlay-nodes.js";

/** One host with what flannel added, and what the kernel refused. */
export interface LaidHost {
  readonly host: Host;
  readonly issues: readonly Issue[];
}

const BRIDGE = linkName("cni0");

/** The bridge of a node's pods with the second address of its slice; containernetworking, plugins/main/bridge. */
export function podBridge(
  node: OverlayNode,
  { mtu, mac }: { readonly mtu: number; readonly mac: Mac },
): readonly Operation[] {
  const { source, subnet } = node;
  return [
    {
      kind: "link-add",
      link: {
        name: BRIDGE,
        type: { kind: "bridge", isVlanAware: false },
        mac,
        mtu,
        isUp: false,
        hasCarrier: true,
        master: null,
        isNoArp: false,
        source,
      },
    },
    {
      kind: "address-add",
      address: operation.address({
        link: BRIDGE,
        ip: ipv4(subnet.address + 1),
        length: subnet.length,
        source,
      }),
    },
    { kind: "link-up", link: BRIDGE },
  ];
}

/** Carries out operations one after the other; a refusal is an issue, and the rest goes on, as flannel does. */
export function carryOut(host: Host, node: OverlayNode, operations: readonly Operation[]): LaidHost {
  const issues: Issue[] = [];
  let current = host;
  for (const each of operations) {
    const applied = applyOperation(current, each);
    if (applied.ok) current = applied.value;
    else issues.push(refused(node, each, applied.error));
  }
  return { host: current, issues };
}

function refused(node: OverlayNode, refusedOne: Operation, refusal: Refusal): Issue {
  return overlayIssue.refused(node.host, { what: describe(refusedOne), refusal, source: node.source });
}

function describe(refusedOne: Operation): string {
  switch (refusedOne.kind) {
    case "link-add":
      return `link \`${refusedOne.link.name}\``;
    case "address-add":
      return `address on \`${refusedOne.address.link}\``;
    case "route-replace":
      return `route to \`${formatPrefix(refusedOne.route.destination)}\``;
    default:
      return `operation \`${refusedOne.kind}\``;
  }
}
