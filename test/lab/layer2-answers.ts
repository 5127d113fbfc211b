import { bareHost, type FleetSpecification, type HostSpecification } from "./fleet-specification.js";
import type { KnownAnswer } from "./known-answers.js";

const SEGMENTS = ["s1", "s2"];

/** Host hN with one port on a segment, its MAC address made of its number. */
function host(number: number, segment: string, parts: Partial<HostSpecification> = {}): HostSpecification {
  const ports = [{ link: "e0", segment, mac: macOf(number) }];
  return { ...bareHost(`h${number}`), ports, addresses: [`10.0.0.${number}/24 dev e0`], ...parts };
}

function macOf(number: number): string {
  return `02:00:00:00:0${number}:00`;
}

/** A host without addresses whose bridge joins s1 (e0) and s2 (e1). */
function joining(fdb: readonly string[], parts: Partial<HostSpecification> = {}): HostSpecification {
  const ports = SEGMENTS.map((segment, leg) => ({ link: `e${leg}`, segment, mac: `02:00:00:00:e${leg}:01` }));
  const bridges = [{ link: "br0", mac: "02:00:00:00:eb:01", ports: ["e0", "e1"] }];
  return { ...bareHost("b1"), ports, bridges, fdb, ...parts };
}

function fleet(origin: string, hosts: readonly HostSpecification[]): FleetSpecification {
  return { origin, segments: SEGMENTS, hosts, strangers: [] };
}

/** From h1 to h2: the hosts on the way there and back, where the verdict has them. */
function answer(
  title: string,
  hosts: readonly HostSpecification[],
  [verdict, path = [], back = []]: readonly [string, (readonly string[])?, (readonly string[])?],
): KnownAnswer {
  const flow = { from: "h1", to: "10.0.0.2", verdicts: [verdict], paths: [[...path]], backs: [[...back]] };
  return { title, fleet: fleet("layer 2", hosts), flow };
}

const DELIVERED = ["delivered", ["h2"], ["h1"]] as const;
const SILENT = ["conf.all.arp_ignore=8"];

function knows(number: number, state: string, mac = macOf(number)): readonly string[] {
  return [`10.0.0.${number} lladdr ${mac} dev e0 nud ${state}`];
}

/** h1 on s1 and h2 on s2, both with the right neighbour in the cache: nobody asks, so no frame teaches a bridge beforehand. */
const TWO_WITHOUT_ARP = [
  host(1, "s1", { neighbours: knows(2, "reachable") }),
  host(2, "s2", { neighbours: knows(1, "reachable") }),
];

/** What bridges and neighbour caches remember, measured on Linux 6.18. */
export const LAYER2_ANSWERS: readonly KnownAnswer[] = [
  answer(
    "a bridge that joins two segments carries frames both ways",
    [host(1, "s1"), host(2, "s2"), joining([])],
    DELIVERED,
  ),
  answer(
    "a learnt forwarding entry for the port a frame came in by loses it",
    [...TWO_WITHOUT_ARP, joining([`add ${macOf(2)} dev e0 master dynamic`])],
    ["lost"],
  ),
  answer(
    "a static one does the same",
    [...TWO_WITHOUT_ARP, joining([`add ${macOf(2)} dev e0 master static`])],
    ["lost"],
  ),
  answer(
    "a wrong entry for the sender is corrected by the request itself, learnt or static",
    [...TWO_WITHOUT_ARP, joining([`add ${macOf(1)} dev e1 master static`])],
    DELIVERED,
  ),
  answer(
    "a sticky one stays, and the reply is lost",
    [...TWO_WITHOUT_ARP, joining([`add ${macOf(1)} dev e1 master static sticky`])],
    ["lost-reply", ["h2"]],
  ),
  answer(
    "an ARP answer corrects a static entry on its way back",
    [host(1, "s1"), host(2, "s2"), joining([`add ${macOf(2)} dev e0 master static`])],
    DELIVERED,
  ),
  answer(
    "an ARP answer does not come back past a sticky entry for the asker",
    [host(1, "s1"), host(2, "s2"), joining([`add ${macOf(1)} dev e1 master static sticky`])],
    ["lost"],
  ),
  answer(
    "a permanent entry makes the address the bridge's own: the frame goes no further",
    [...TWO_WITHOUT_ARP, joining([`add ${macOf(2)} dev e1 master`])],
    ["lost"],
  ),
  answer(
    "a port that is down carries nothing",
    [...TWO_WITHOUT_ARP, joining([], { down: ["e1"] })],
    ["lost"],
  ),
  answer(
    "a frame for the address of another port is taken by the bridge and dropped above it",
    [
      host(1, "s1", { neighbours: knows(2, "stale", "02:00:00:00:e1:01") }),
      joining([], { addresses: ["10.0.0.2/24 dev br0"] }),
    ],
    ["lost"],
  ),
  answer(
    "a frame for the address of the port it comes in by is the bridge's",
    [
      host(1, "s1", { neighbours: knows(2, "stale", "02:00:00:00:e0:01") }),
      joining([], { addresses: ["10.0.0.2/24 dev br0"] }),
    ],
    ["delivered", ["b1"], ["h1"]],
  ),
  ...["stale", "reachable", "permanent"].map((state) =>
    answer(
      `a ${state} neighbour entry with a wrong MAC is used without asking`,
      [
        host(1, "s1", { neighbours: knows(2, state, macOf(3)) }),
        host(2, "s1"),
        host(3, "s1", { addresses: [] }),
      ],
      ["lost", ["h3"]],
    ),
  ),
  ...["stale", "reachable"].map((state) =>
    answer(
      `a wrong ${state} entry at the responder is corrected by the sender's request`,
      [host(1, "s1"), host(2, "s1", { neighbours: knows(1, state, macOf(3)) }), host(3, "s1")],
      DELIVERED,
    ),
  ),
  answer(
    "it is not corrected where the sender did not ask",
    [
      host(1, "s1", { neighbours: knows(2, "stale") }),
      host(2, "s1", { neighbours: knows(1, "stale", macOf(3)) }),
      host(3, "s1"),
    ],
    ["lost-reply", ["h2"], ["h3"]],
  ),
  answer(
    "nor at a host that owns the address asked for and keeps silent about it",
    [
      host(1, "s1"),
      host(2, "s1", {
        addresses: ["10.0.0.2/24 dev e0", "10.0.0.12/24 dev e0"],
        neighbours: knows(1, "stale", macOf(4)),
        sysctls: ["ip_forward=1", "conf.all.accept_local=1", ...SILENT],
      }),
      host(3, "s1", {
        addresses: ["10.0.0.3/24 dev e0", "10.0.0.2/32 dev e0"],
        routes: ["10.0.0.1/32 via 10.0.0.12"],
        neighbours: knows(12, "permanent", macOf(2)),
      }),
      host(4, "s1"),
    ],
    ["lost-reply", ["h3"], ["h2", "h4"]],
  ),
  {
    title: "a host with two legs on one segment may answer by either",
    fleet: fleet("ARP flux", [
      host(1, "s1"),
      {
        ...host(2, "s1"),
        ports: [
          { link: "e0", segment: "s1", mac: macOf(2) },
          { link: "e1", segment: "s1", mac: "02:00:00:00:02:01" },
        ],
      },
    ]),
    flow: { from: "h1", to: "10.0.0.2", verdicts: ["delivered"], paths: [["h2"]], backs: [["h1"]] },
  },
  answer(
    "of two links with one MAC on a segment, the one that spoke last gets the frames",
    [
      host(1, "s1"),
      host(2, "s1", { ports: [{ link: "e0", segment: "s1", mac: macOf(9) }] }),
      host(3, "s1", { ports: [{ link: "e0", segment: "s1", mac: macOf(9) }] }),
    ],
    DELIVERED,
  ),
];
