import type { HostSpecification } from "./fleet-specification.js";

/** An address of the fleet with the link it stands on. */
export interface PlacedAddress {
  readonly host: string;
  readonly link: string;
  readonly segment: string;
  readonly ip: string;
}

/** The links that addresses may stand on: bridges, and ports that are in none. */
export function addressableLinks(host: HostSpecification): readonly string[] {
  const enslaved = new Set(host.bridges.flatMap((bridge) => bridge.ports));
  return [
    ...host.bridges.map((bridge) => bridge.link),
    ...host.ports.map((port) => port.link).filter((link) => !enslaved.has(link)),
  ];
}

/** The segment behind a link; a bridge counts as on the segment of its first port. */
export function segmentOf(host: HostSpecification, link: string): string {
  const port = host.bridges.find((bridge) => bridge.link === link)?.ports[0] ?? link;
  return host.ports.find((candidate) => candidate.link === port)?.segment ?? "";
}

/** The MAC address of a link. */
export function macOf(host: HostSpecification, link: string): string {
  return (
    [...host.bridges, ...host.ports, ...host.vxlans].find((candidate) => candidate.link === link)?.mac ?? ""
  );
}
