import { bareHost, type FleetSpecification, type HostSpecification } from "./fleet-specification.js";
import type { ExpectedFlow } from "./regression-case.js";

/** A fleet whose answer was known before this lab was built: it judges the judge. */
export interface KnownAnswer {
  readonly title: string;
  readonly fleet: FleetSpecification;
  readonly flow: ExpectedFlow;
  /** Redirects the sender is told, as `BY for GATEWAY`; missing where none matter. */
  readonly redirects?: readonly string[];
}

const OWNER = 2;
const STALE = 4;
const FORWARDING = ["ip_forward=1"];

/** Host hN on one segment with a MAC address made of its number. */
function host(number: number, parts: Partial<HostSpecification>): HostSpecification {
  const ports = [{ link: "e0", segment: "s1", mac: macOf(number) }];
  return { ...bareHost(`h${number}`), ports, ...parts };
}

function macOf(number: number): string {
  return `02:00:00:00:0${number}:00`;
}

function fleet(origin: string, hosts: readonly HostSpecification[]): FleetSpecification {
  return { origin, segments: ["s1"], hosts, strangers: [] };
}

function pinned(address: string, number: number): readonly string[] {
  return [`${address} lladdr ${macOf(number)} dev e0 nud permanent`];
}

/** 10.10.0.2 (h2), the host that holds a stale entry for it (h3) and the one whose MAC address that is (h4). */
function staleNeighbours(onFourth: readonly string[]): readonly HostSpecification[] {
  return [
    host(OWNER, { addresses: ["10.10.0.2/16 dev e0"] }),
    host(3, {
      addresses: ["10.10.0.3/16 dev e0"],
      sysctls: FORWARDING,
      neighbours: pinned("10.10.0.2", STALE),
    }),
    host(STALE, { addresses: ["10.10.0.4/16 dev e0"], sysctls: FORWARDING, neighbours: onFourth }),
  ];
}

function flow(
  question: { readonly from: string; readonly to: string },
  verdict: string,
  walk: readonly string[][],
): ExpectedFlow {
  const [path = [], back = []] = walk;
  return { ...question, verdicts: [verdict], paths: [path], backs: [back] };
}

const onAStick = [
  host(1, { addresses: ["10.0.0.1/16 dev e0", "10.5.0.1/16 dev e0"], sysctls: FORWARDING }),
  host(3, { addresses: ["10.5.0.5/16 dev e0"], routes: ["default via 10.5.0.1"] }),
];

/** The measured facts I3 to I6, I10, M1, M2, M4 and M5, and one of each further kind that the random fleets build. */
export const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  {
    title: "a prefix that excludes the peer goes through the router there and directly back, with a redirect",
    fleet: fleet("I3", [
      host(1, { addresses: ["10.10.0.1/16 dev e0"], sysctls: FORWARDING }),
      host(2, { addresses: ["10.10.0.2/30 dev e0"], routes: ["default via 10.10.0.1"] }),
      host(4, { addresses: ["10.10.0.4/8 dev e0"] }),
    ]),
    flow: flow({ from: "h2", to: "10.10.0.4" }, "delivered", [["h1", "h4"], ["h2"]]),
    redirects: ["10.10.0.1 for 10.10.0.4"],
  },
  {
    title: "a stale neighbour entry that names a forwarding host delivers, with that host's redirect",
    fleet: fleet("I4", staleNeighbours([])),
    flow: flow({ from: "h3", to: "10.10.0.2" }, "delivered", [["h4", "h2"], ["h3"]]),
    redirects: ["10.10.0.4 for 10.10.0.2"],
  },
  {
    title:
      "two stale entries that name each other's host bring the sender's packet back, and it dies as a martian",
    fleet: fleet("I5", staleNeighbours(pinned("10.10.0.2", 3))),
    flow: flow({ from: "h3", to: "10.10.0.2" }, "lost", [["h4", "h3"]]),
    redirects: ["10.10.0.4 for 10.10.0.2"],
  },
  {
    title:
      "two stale entries that name each other's host are a loop for a third host, with redirects from both",
    fleet: fleet("I6", [
      ...staleNeighbours(pinned("10.10.0.2", 3)),
      host(5, { addresses: ["10.10.0.5/16 dev e0"], neighbours: pinned("10.10.0.2", 3) }),
    ]),
    flow: flow({ from: "h5", to: "10.10.0.2" }, "loop", [["h3", "h4", "h3"]]),
    redirects: ["10.10.0.3 for 10.10.0.2", "10.10.0.4 for 10.10.0.2"],
  },
  {
    title: "two routers with a default route to each other are a loop",
    fleet: fleet("I10", [
      host(1, { addresses: ["10.0.0.1/24 dev e0"], sysctls: FORWARDING, routes: ["default via 10.0.0.2"] }),
      host(2, { addresses: ["10.0.0.2/24 dev e0"], sysctls: FORWARDING, routes: ["default via 10.0.0.1"] }),
      host(3, { addresses: ["10.0.0.3/24 dev e0"], routes: ["default via 10.0.0.1"] }),
    ]),
    flow: flow({ from: "h3", to: "10.9.9.9" }, "loop", [["h1", "h2", "h1"]]),
  },
  {
    title: "two prefixes behind a router on a stick go through it both ways, with redirects",
    fleet: fleet("M1", [
      ...onAStick,
      host(2, { addresses: ["10.0.0.5/16 dev e0"], routes: ["default via 10.0.0.1"] }),
    ]),
    flow: flow({ from: "h2", to: "10.5.0.5" }, "delivered", [
      ["h1", "h3"],
      ["h1", "h2"],
    ]),
    redirects: ["10.0.0.1 for 10.5.0.5"],
  },
  {
    title: "a sender widened to /8 goes directly and its reply through the router",
    fleet: fleet("M2", [
      ...onAStick,
      host(2, { addresses: ["10.0.0.5/8 dev e0"], routes: ["default via 10.0.0.1"] }),
    ]),
    flow: flow({ from: "h2", to: "10.5.0.5" }, "delivered", [["h3"], ["h1", "h2"]]),
  },
  {
    title: "a peer without a route back answers ARP and takes the request, and the reply is lost",
    fleet: fleet("M4", [
      host(2, { addresses: ["10.0.0.5/8 dev e0"] }),
      host(3, { addresses: ["10.5.0.5/16 dev e0"] }),
    ]),
    flow: flow({ from: "h2", to: "10.5.0.5" }, "lost-reply", [["h3"]]),
  },
  {
    title: "the same peer with strict source validation does not even answer ARP",
    fleet: fleet("M5", [
      host(2, { addresses: ["10.0.0.5/8 dev e0"] }),
      host(3, { addresses: ["10.5.0.5/16 dev e0"], sysctls: ["conf.all.rp_filter=1"] }),
    ]),
    flow: flow({ from: "h2", to: "10.5.0.5" }, "lost", []),
  },
  {
    title: "a flow to an own address has the host itself as path and back",
    fleet: fleet("own address", [host(1, { addresses: ["10.0.0.1/24 dev e0"] })]),
    flow: flow({ from: "h1", to: "10.0.0.1" }, "delivered", [["h1"], ["h1"]]),
  },
  {
    title: "a request may not be sent to a broadcast address",
    fleet: fleet("broadcast", [
      host(1, { addresses: ["10.0.0.1/29 dev e0"] }),
      host(2, { addresses: ["10.0.0.7/24 dev e0"] }),
    ]),
    flow: flow({ from: "h1", to: "10.0.0.7" }, "lost", []),
  },
  {
    title: "a reply, unlike a request, is sent to an address that is a broadcast address to the responder",
    fleet: fleet("broadcast reply", [
      host(1, { addresses: ["10.0.0.1/29 dev e0"] }),
      host(2, { addresses: ["10.0.0.7/24 dev e0"] }),
      host(3, { addresses: ["10.0.0.3/24 dev e0"] }),
    ]),
    flow: flow({ from: "h2", to: "10.0.0.1" }, "delivered", [["h1"], ["h2"]]),
  },
  {
    title: "a frame for a foreign MAC address reaches a host's port and does not count as arrived",
    fleet: fleet("foreign MAC", [
      host(1, {
        addresses: ["10.0.0.1/24 dev e0"],
        neighbours: ["10.0.0.2 lladdr 02:00:00:00:ee:ee dev e0 nud permanent"],
      }),
      host(2, { addresses: ["10.0.0.2/24 dev e0"] }),
    ]),
    flow: flow({ from: "h1", to: "10.0.0.2" }, "lost", []),
  },
  {
    title: "of two owners of one address either may answer",
    fleet: fleet("two answerers", [
      host(1, { addresses: ["10.0.0.1/24 dev e0"] }),
      host(2, { addresses: ["10.0.0.9/24 dev e0"] }),
      host(3, { addresses: ["10.0.0.9/24 dev e0"] }),
    ]),
    flow: { from: "h1", to: "10.0.0.9", verdicts: ["delivered"], paths: [["h2"], ["h3"]], backs: [["h1"]] },
  },
];
