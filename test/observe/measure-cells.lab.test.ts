import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostId, hostId } from "#model/index.js";
import { askVirtualAddress, measureCells, type ProbeCell, type SessionOf } from "#probe/index.js";
import { openNetwork, type TestNetwork } from "./namespaces.js";

let network: TestNetwork;

beforeAll(() => {
  network = openNetwork({
    a: { addresses: ["10.0.0.1/24"] },
    b: { addresses: ["10.0.0.2/24", "10.0.0.100/32"] },
    // Nothing but busybox on it.
    c: { addresses: ["10.0.0.3/24"], kind: "busybox" },
    // Answers ARP requests and no echo request.
    d: { addresses: ["10.0.0.4/24"], mac: "02:0b:00:00:00:44" },
  });
  network.run("a", "ip", "route", "add", "blackhole", "10.66.0.0/24");
  network.run("a", "ip", "route", "add", "prohibit", "10.67.0.0/24");
  network.run("d", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all");
});

afterAll(async () => {
  await network.close();
});

const sessionOf: SessionOf = (host) => network.reach.open(host, "probe");

function cells(from: string, ...to: readonly string[]): readonly ProbeCell[] {
  return to.map((address) => ({ from: hostId(from), to: address, expected: "any" }));
}

async function observed(asked: readonly ProbeCell[]): Promise<readonly string[]> {
  const readings = await measureCells(sessionOf, asked);
  return readings.map((reading) => [reading.observed, reading.why].join(" ").trim());
}

const ADDRESSES = [
  "10.0.0.1",
  "10.0.0.2",
  "10.0.0.4",
  "10.0.0.9",
  "10.66.0.1",
  "10.67.0.1",
  "192.0.2.1",
  "127.0.0.1",
];
const SEEN = ["delivered", "delivered", "lost", "lost", "lost", "lost", "lost", "delivered"];

describe("Cells of real hosts", () => {
  it("are measured by fping", async () => {
    expect(await observed(cells("a", ...ADDRESSES))).toEqual(SEEN);
  });

  it("are measured by busybox's ping where there is nothing else", async () => {
    expect(await observed(cells("c", ...ADDRESSES))).toEqual(SEEN);
  });

  it("are measured of many destinations by busybox's ping, in batches", async () => {
    const many = Array.from({ length: 150 }, (_, index) => `127.0.1.${index + 1}`);
    expect(new Set(await observed(cells("c", ...many)))).toEqual(new Set(["delivered"]));
  });

  it("are measured of all hosts at once, and follow a cable that is cut", async () => {
    const all = network.hosts.flatMap((from: HostId) => cells(from, "10.0.0.1", "10.0.0.2", "10.0.0.3"));
    expect(new Set(await observed(all))).toEqual(new Set(["delivered"]));
    network.run("switch", "ip", "link", "set", "p1", "down");
    const cut = await measureCells(sessionOf, all);
    network.run("switch", "ip", "link", "set", "p1", "up");
    const differing = cut.filter((reading) => reading.observed === "lost");
    expect(differing.map(({ cell }) => `${cell.from} ${cell.to}`).sort()).toEqual(
      ["a 10.0.0.2", "b 10.0.0.1", "b 10.0.0.3", "c 10.0.0.2", "d 10.0.0.2"].sort(),
    );
  });
});

describe("A virtual address on real hosts", () => {
  const observers = ["a", "b", "c"].map(hostId);

  it("has one holder, and its Ethernet address is heard", async () => {
    const answers = await askVirtualAddress(sessionOf, "10.0.0.100", observers);
    expect(answers).toEqual([
      { kind: "heard", observer: "a", isHolder: false, macs: ["02:0b:00:00:00:02"] },
      { kind: "heard", observer: "b", isHolder: true, macs: [] },
      { kind: "heard", observer: "c", isHolder: false, macs: ["02:0b:00:00:00:02"] },
    ]);
  });

  it("has two answers where two hosts have it, also for a holder", async () => {
    network.run("d", "ip", "addr", "add", "10.0.0.100/32", "dev", "e0");
    const answers = await askVirtualAddress(sessionOf, "10.0.0.100", observers);
    network.run("d", "ip", "addr", "del", "10.0.0.100/32", "dev", "e0");
    const heard = answers.map((answer) => (answer.kind === "heard" ? [...answer.macs].sort() : [answer.why]));
    expect(heard).toEqual([
      ["02:0b:00:00:00:02", "02:0b:00:00:00:44"],
      ["02:0b:00:00:00:44"],
      ["02:0b:00:00:00:02", "02:0b:00:00:00:44"],
    ]);
  });

  it("is nobody's where nobody answers, and unheard from another network", async () => {
    network.run("a", "ip", "route", "add", "10.5.0.0/24", "via", "10.0.0.2");
    const [here] = await askVirtualAddress(sessionOf, "10.0.0.77", [hostId("a")]);
    const [away] = await askVirtualAddress(sessionOf, "10.5.0.1", [hostId("a")]);
    expect(here).toMatchObject({ kind: "heard", macs: [] });
    expect(away).toMatchObject({ kind: "not-measured" });
  });
});
