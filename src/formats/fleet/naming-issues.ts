import { keySourceAt, type PathStep, parseNetwork, sourceAt } from "#formats/document/index.js";
import type { YamlTree } from "#formats/yaml/index.js";
import { covers } from "#ip/index.js";
import { formatSource, type Issue, type Source } from "#model/index.js";
import { ANY } from "./convert-invariant.js";
import { DEFAULT_POD_CIDR } from "./defaults.js";
import { message } from "./messages.js";
import type { ClusterDocument, FleetDocument } from "./schema.js";

interface Naming {
  readonly document: FleetDocument;
  readonly tree: YamlTree;
  readonly known: readonly string[];
}

interface Member {
  readonly host: string;
  readonly podCidr: string | null;
  readonly path: readonly PathStep[];
}

/** Names that lead nowhere, and things that are said twice. */
export function namingIssues(document: FleetDocument, tree: YamlTree): readonly Issue[] {
  const naming: Naming = { document, tree, known: Object.keys(document.hosts) };
  return [...hostIssues(naming), ...segmentIssues(naming), ...clusterIssues(naming)];
}

function hostIssues(naming: Naming): readonly Issue[] {
  const { document, tree } = naming;
  const reserved = Object.hasOwn(document.hosts, ANY)
    ? [message.reservedHost(keySourceAt(tree, ["hosts", ANY]))]
    : [];
  const operator =
    document.operator === undefined ? [] : unknownHost(naming, document.operator, ["operator"]);
  return [...reserved, ...operator];
}

function unknownHost(naming: Naming, name: string, path: readonly PathStep[]): readonly Issue[] {
  if (Object.hasOwn(naming.document.hosts, name)) return [];
  return [
    message.unknownName({ source: sourceAt(naming.tree, path), kind: "host", name, known: naming.known }),
  ];
}

function segmentIssues(naming: Naming): readonly Issue[] {
  const segments = Object.entries(naming.document.segments ?? {});
  const plugged = new Map<string, Source>();
  const hosts = new Set<string>();
  const issues: Issue[] = [];
  for (const [segment, { ports }] of segments) {
    for (const [index, port] of ports.entries()) {
      const path: readonly PathStep[] = ["segments", segment, "ports", index];
      const source = sourceAt(naming.tree, path);
      const first = plugged.get(`${port.host} ${port.link}`);
      if (first !== undefined) {
        issues.push(message.pluggedTwice(source, `${port.host} ${port.link}`, formatSource(first)));
      }
      issues.push(...unknownHost(naming, port.host, [...path, "host"]));
      plugged.set(`${port.host} ${port.link}`, first ?? source);
      hosts.add(port.host);
    }
  }
  const unplugged = segments.length === 0 ? [] : naming.known.filter((host) => !hosts.has(host));
  return [
    ...issues,
    ...unplugged.map((host) => message.unpluggedHost(keySourceAt(naming.tree, ["hosts", host]), host)),
  ];
}

function clusterIssues(naming: Naming): readonly Issue[] {
  const members = new Map<string, Source>();
  return Object.entries(naming.document.clusters ?? {}).flatMap(([name, cluster]) =>
    membersOf(name, cluster).flatMap((member) => {
      const source = sourceAt(naming.tree, member.path);
      const first = members.get(member.host);
      members.set(member.host, first ?? source);
      return [
        ...unknownHost(naming, member.host, member.path),
        ...(first === undefined ? [] : [message.memberTwice(source, member.host, formatSource(first))]),
        ...sliceIssues(naming, cluster, member),
      ];
    }),
  );
}

function membersOf(name: string, cluster: ClusterDocument): readonly Member[] {
  const ofList = (key: "servers" | "agents"): readonly Member[] =>
    (cluster[key] ?? []).map((member, index) => {
      const path: readonly PathStep[] = ["clusters", name, key, index];
      return typeof member === "string"
        ? { host: member, podCidr: null, path }
        : { host: member.host, podCidr: member.podCidr ?? null, path };
    });
  return [...ofList("servers"), ...ofList("agents")];
}

function sliceIssues(naming: Naming, cluster: ClusterDocument, member: Member): readonly Issue[] {
  const text = cluster.podCidr ?? DEFAULT_POD_CIDR;
  const whole = parseNetwork(text);
  const slice = member.podCidr === null ? null : parseNetwork(member.podCidr);
  if (whole === null || slice === null || covers(whole, slice)) return [];
  return [
    message.podCidrOutside(sourceAt(naming.tree, [...member.path, "podCidr"]), member.podCidr ?? "", text),
  ];
}
