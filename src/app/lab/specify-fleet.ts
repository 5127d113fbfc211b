import { ensureRoot, type LabHost, type LabSpecification, platformFiles, rootKindOf } from "#lab/index.js";
import {
  type ConfigurationTree,
  err,
  type Fleet,
  type FleetHost,
  type Host,
  ok,
  type Result,
} from "#model/index.js";
import type { Network } from "../network.js";
import { reachAddress, specifyLinks, specifyNamespace, specifySegments } from "./specify.js";

/** A fleet with the tree that its configuration lies in. */
export interface FleetNetwork {
  readonly network: Network;
  readonly fleet: Fleet;
  readonly tree: ConfigurationTree;
}

/**
 * A fleet as hosts that boot from their files: with systemd, SSH and a root of their own. The operator's host is a namespace, for the
 * controller brings its own files; so is a host whose operating system Pointsman knows nothing of.
 */
export async function specifyFleet(
  given: FleetNetwork,
  name: string,
): Promise<Result<LabSpecification, string>> {
  const { network, fleet } = given;
  const hosts: LabHost[] = [];
  for (const fleetHost of fleet.hosts) {
    const state = network.snapshot.hosts.get(fleetHost.id);
    if (state === undefined) return err(`nothing is known of the network of \`${fleetHost.id}\``);
    const made = isBooted(fleet, fleetHost)
      ? ok(await bootedHost(given, fleetHost, state))
      : specifyNamespace(state);
    if (!made.ok) return made;
    hosts.push(made.value);
  }
  const mtus = new Map(fleet.segments.flatMap(({ id, mtu }) => (mtu === null ? [] : [[id, mtu] as const])));
  return ok({ name, hosts, segments: specifySegments(network.snapshot, mtus), operator: fleet.operator });
}

function isBooted(fleet: Fleet, { id, os }: FleetHost): boolean {
  return id !== fleet.operator && os !== "other";
}

async function bootedHost(
  { network, fleet, tree }: FleetNetwork,
  fleetHost: FleetHost,
  state: Host,
): Promise<LabHost> {
  const configuration = network.configurations.get(fleetHost.id);
  if (configuration === undefined) throw new RangeError(`no configuration of \`${fleetHost.id}\``);
  return {
    kind: "systemd",
    id: fleetHost.id,
    links: specifyLinks(state),
    root: await ensureRoot(rootKindOf(fleetHost)),
    init: null,
    files: platformFiles({ fleet, host: fleetHost, tree, configuration, snapshot: network.snapshot }),
    address: reachAddress(state),
    sshNames: sshName(fleetHost),
  };
}

/** `root@nl-k8s-01.lan` and `ssh://root@nl-k8s-01.lan:22` name `nl-k8s-01.lan`. */
function sshName({ ssh }: FleetHost): readonly string[] {
  const found = /^(?:ssh:\/\/)?(?:[^@]*@)?([^:/]+)/.exec(ssh ?? "")?.[1];
  return found === undefined ? [] : [found];
}
