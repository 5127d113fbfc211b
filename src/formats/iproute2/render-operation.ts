import { formatIPv4, formatPrefix } from "#ip/index.js";
import type { FdbEntry, LinkName, Neighbour, Operation } from "#model/index.js";
import { linkAddWords } from "./render-link.js";
import { addressWords, routeKeyWords, routeWords, ruleWords } from "./render-words.js";
import { shellCommand } from "./shell-quote.js";

type Words = readonly (string | number)[];

/**
 * The shell command of one kernel operation, as an operator types it with iproute2 and sysctl; every word is quoted where the shell
 * would read more into it.
 *
 * @example renderOperation(addressAdd) // "ip addr add 10.0.0.1/8 brd + dev eth0"
 */
export function renderOperation(operation: Operation): string {
  return operation.kind === "etcd-peer"
    ? `# by hand: make https://${formatIPv4(operation.ip)}:2380 the peer URL of this host's etcd member (etcdctl member update), restart it, and wait until all members are healthy`
    : shellCommand(wordsOf(operation));
}

/**
 * The words of the same command, for whoever runs it without a shell; null for what only a person can do.
 *
 * @example operationWords(addressAdd) // ["ip", "addr", "add", "10.0.0.1/8", "dev", "eth0"]
 */
export function operationWords(operation: Operation): readonly [string, ...string[]] | null {
  if (operation.kind === "etcd-peer") return null;
  const [program = "ip", ...rest] = wordsOf(operation).map(String);
  return [program, ...rest];
}

function wordsOf(operation: Exclude<Operation, { kind: "etcd-peer" }>): Words {
  switch (operation.kind) {
    case "link-add":
      return ["ip", "link", "add", ...linkAddWords(operation.link)];
    case "link-delete":
      return ["ip", "link", "del", "dev", operation.link];
    case "link-up":
      return setLink(operation.link, ["up"]);
    case "link-down":
      return setLink(operation.link, ["down"]);
    case "link-mtu":
      return setLink(operation.link, ["mtu", operation.mtu]);
    case "link-mac":
      return setLink(operation.link, ["address", operation.mac]);
    case "link-master":
      return setLink(operation.link, operation.master === null ? ["nomaster"] : ["master", operation.master]);
    case "sysctl":
      return ["sysctl", "-w", `net.ipv4.${operation.key}=${operation.value}`];
    default:
      return wordsOfLayer3(operation);
  }
}

type Layer3 = Exclude<Operation, { kind: `link-${string}` | "sysctl" | "etcd-peer" }>;

function wordsOfLayer3(operation: Layer3): Words {
  switch (operation.kind) {
    case "address-add":
      return ["ip", "addr", "add", ...addressWords(operation.address)];
    case "address-delete":
      return ["ip", "addr", "del", ...deletedAddress(operation), "dev", operation.link];
    case "route-add":
      return ["ip", "route", "add", ...routeWords(operation.route)];
    case "route-append":
      return ["ip", "route", "append", ...routeWords(operation.route)];
    case "route-replace":
      return ["ip", "route", "replace", ...routeWords(operation.route)];
    case "route-cache-flush":
      return ["ip", "route", "flush", "cache"];
    case "route-delete":
      return ["ip", "route", "del", ...routeKeyWords(operation.route)];
    case "rule-add":
      return ["ip", "rule", "add", ...ruleWords(operation.rule)];
    case "rule-delete":
      return ["ip", "rule", "del", ...ruleWords(operation.rule)];
    default:
      return wordsOfLayer2(operation);
  }
}

type Layer2 = Exclude<Layer3, { kind: `address-${string}` | `route-${string}` | `rule-${string}` }>;

function wordsOfLayer2(operation: Layer2): Words {
  switch (operation.kind) {
    case "neighbour-replace":
      return ["ip", "neigh", "replace", ...neighbourWords(operation.neighbour)];
    case "neighbour-delete": {
      const proxy = operation.isProxy === true ? ["proxy"] : [];
      return ["ip", "neigh", "del", ...proxy, formatIPv4(operation.ip), "dev", operation.link];
    }
    case "neighbour-flush":
      return ["ip", "neigh", "flush", ...(operation.link === null ? ["all"] : ["dev", operation.link])];
    case "fdb-append":
      return [
        "bridge",
        "fdb",
        "append",
        ...fdbWords(operation.entry),
        operation.entry.isPermanent ? "static" : "dynamic",
      ];
    case "fdb-delete":
      return ["bridge", "fdb", "del", ...fdbWords(operation.entry)];
    case "fdb-flush":
      return setLink(operation.link, ["type", "bridge", "fdb_flush"]);
    case "bridge-vlan-add": {
      const flags = [...(operation.isPvid ? ["pvid"] : []), ...(operation.isUntagged ? ["untagged"] : [])];
      return ["bridge", "vlan", "add", ...vlanWords(operation), ...flags, ...selfWords(operation)];
    }
    case "bridge-vlan-delete":
      return ["bridge", "vlan", "del", ...vlanWords(operation), ...selfWords(operation)];
  }
}

function setLink(link: LinkName, words: Words): Words {
  return ["ip", "link", "set", "dev", link, ...words];
}

function deletedAddress(operation: Extract<Operation, { kind: "address-delete" }>): Words {
  const peer = operation.peer ?? null;
  if (peer === null) return [formatPrefix({ address: operation.ip, length: operation.length })];
  return [formatIPv4(operation.ip), "peer", formatPrefix({ address: peer, length: operation.length })];
}

function neighbourWords(neighbour: Neighbour): Words {
  const ip = formatIPv4(neighbour.ip);
  if (neighbour.isProxy) return ["proxy", ip, "dev", neighbour.link];
  const mac = neighbour.mac === null ? [] : ["lladdr", neighbour.mac];
  return [ip, ...mac, "dev", neighbour.link, "nud", neighbour.state];
}

type VlanOperation = Extract<Operation, { kind: `bridge-vlan-${string}` }>;

function vlanWords({ link, vlan, lastVlan }: VlanOperation): Words {
  return ["dev", link, "vid", lastVlan > vlan ? `${vlan}-${lastVlan}` : vlan];
}

function selfWords({ isSelf }: VlanOperation): Words {
  return isSelf ? ["self"] : [];
}

function fdbWords(entry: FdbEntry): Words {
  const remote = entry.remote === null ? [] : ["dst", formatIPv4(entry.remote)];
  const vlan = entry.vlan === null ? [] : ["vlan", entry.vlan];
  return [entry.mac, "dev", entry.link, ...remote, ...vlan, entry.master === null ? "self" : "master"];
}
