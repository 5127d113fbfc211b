import type { Fleet, FleetHost, HostConfiguration, Link, LinkName, Source } from "#model/index.js";
import type { MacSource } from "./mac.js";

/** Ethernet's own; no file of the fleet says what a port is set to before its configuration is applied. */
const DEFAULT_MTU = 1500;

/**
 * The physical links of a host before its configuration is applied: those that the fleet's wiring or its `macs` name, without the
 * ones that the configuration makes. A link that only the configuration names is for the boot to tell of.
 */
export function deriveHardware(
  fleet: Fleet,
  host: FleetHost,
  given: { readonly configuration: HostConfiguration; readonly macOf: MacSource },
): readonly Link[] {
  const made = new Set(
    given.configuration.steps.flatMap(({ operation }) =>
      operation.kind === "link-add" ? [operation.link.name] : [],
    ),
  );
  const wired = wiredLinks(fleet, host);
  const names = new Set([...wired.keys(), ...host.macs.keys()]);
  return [...names]
    .filter((name) => name !== "lo" && !made.has(name))
    .map((name) => ({
      name,
      type: { kind: "ethernet" } as const,
      mac: host.macs.get(name) ?? given.macOf(host.id, name),
      mtu: DEFAULT_MTU,
      isUp: false,
      hasCarrier: false,
      master: null,
      isNoArp: false,
      source: wired.get(name) ?? host.source,
    }));
}

function wiredLinks(fleet: Fleet, host: FleetHost): ReadonlyMap<LinkName, Source> {
  const wired = new Map<LinkName, Source>();
  for (const segment of fleet.segments) {
    for (const port of segment.ports) {
      if (port.host === host.id) wired.set(port.link, segment.source);
    }
  }
  return wired;
}
