import type { Host } from "../host.js";
import { err, ok, type Result } from "../result.js";
import { addAddress, deleteAddress } from "./addresses.js";
import { setMaster } from "./bridge.js";
import { addVlans, deleteVlans } from "./bridge-vlans.js";
import { type Draft, draftOf, hostOf } from "./draft.js";
import { appendFdbEntry, deleteFdbEntry, flushFdb } from "./fdb.js";
import { deleteRoute, insertRoute } from "./fib-table.js";
import { setLinkDown, setLinkUp } from "./link-state.js";
import { addLink, deleteLink, setMac, setMtu } from "./links.js";
import { deleteNeighbour, flushNeighbours, replaceNeighbour } from "./neighbours.js";
import type { Operation } from "./operation.js";
import type { Refusal } from "./refusal.js";
import { addRule, deleteRule } from "./rules.js";
import { writeSysctl } from "./sysctls.js";

/**
 * What the Linux kernel makes of one operation: the host after it, sharing all that did not change, or the refusal with the words
 * that `ip` prints. The host given is never changed. Measured against a kernel by test/lab-operations.
 */
export function applyOperation(host: Host, operation: Operation): Result<Host, Refusal> {
  if (operation.kind === "etcd-peer") return ok({ ...host, etcdPeer: operation.ip });
  const draft = draftOf(host);
  const refusal = carryOut(draft, operation);
  return refusal === null ? ok(hostOf(draft)) : err(refusal);
}

function carryOut(draft: Draft, operation: Exclude<Operation, { kind: "etcd-peer" }>): Refusal | null {
  switch (operation.kind) {
    case "link-add":
    case "link-delete":
    case "link-up":
    case "link-down":
    case "link-mtu":
    case "link-mac":
    case "link-master":
      return changeLinks(draft, operation);
    case "address-add":
      return addAddress(draft, operation.address);
    case "address-delete":
      return deleteAddress(draft, operation);
    case "route-add":
      return insertRoute(draft, operation.route, "add");
    case "route-append":
      return insertRoute(draft, operation.route, "append");
    case "route-replace":
      return insertRoute(draft, operation.route, "replace");
    case "route-delete":
      return deleteRoute(draft, operation.route);
    case "rule-add":
      return addRule(draft, operation.rule);
    case "rule-delete":
      return deleteRule(draft, operation.rule);
    case "neighbour-replace":
      return replaceNeighbour(draft, operation.neighbour);
    case "neighbour-delete":
      return deleteNeighbour(draft, operation);
    case "neighbour-flush":
      return flushNeighbours(draft, operation.link);
    case "route-cache-flush":
      // Exceptions of next hops are in no snapshot: what may be in them is `dataplane`'s to say.
      return null;
    case "fdb-append":
      return appendFdbEntry(draft, operation.entry);
    case "fdb-delete":
      return deleteFdbEntry(draft, operation.entry);
    case "fdb-flush":
      return flushFdb(draft, operation.link);
    case "bridge-vlan-add":
      return addVlans(draft, operation);
    case "bridge-vlan-delete":
      return deleteVlans(draft, operation);
    case "sysctl":
      return writeSysctl(draft, operation.key, operation.value);
  }
}

function changeLinks(
  draft: Draft,
  operation: Extract<Operation, { kind: `link-${string}` }>,
): Refusal | null {
  switch (operation.kind) {
    case "link-add":
      return addLink(draft, operation.link);
    case "link-delete":
      return deleteLink(draft, operation.link);
    case "link-up":
      return setLinkUp(draft, operation.link);
    case "link-down":
      return setLinkDown(draft, operation.link);
    case "link-mtu":
      return setMtu(draft, operation.link, operation.mtu);
    case "link-mac":
      return setMac(draft, operation.link, operation.mac);
    case "link-master":
      return setMaster(draft, operation.link, operation.master);
  }
}
