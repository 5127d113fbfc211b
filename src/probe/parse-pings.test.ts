import { describe, expect, it } from "vitest";
import { parsePings } from "./parse-pings.js";

function read(stdout: string, ...addresses: string[]): unknown {
  return Object.fromEntries(parsePings(stdout, addresses));
}

describe("What the ping script of a host printed", () => {
  it("is delivered or lost where fping asked", () => {
    expect(read("by fping\n10.0.0.1  : 0.05\n10.0.0.22 : -\n", "10.0.0.1", "10.0.0.22")).toEqual({
      "10.0.0.1": { kind: "delivered" },
      "10.0.0.22": { kind: "lost" },
    });
  });

  it("passes over what fping says besides its lines", () => {
    const said =
      "by fping\nICMP Host Unreachable from 10.0.0.9 for ICMP Echo sent to 10.0.0.2\n10.0.0.1 : duplicate for [0], 84 bytes, 0.1 ms\n10.0.0.2 : -\n10.0.0.1 : 12\n";
    expect(read(said, "10.0.0.1", "10.0.0.2")).toEqual({
      "10.0.0.1": { kind: "delivered" },
      "10.0.0.2": { kind: "lost" },
    });
  });

  const packets =
    "--- 10.0.0.1 ping statistics --- 1 packets transmitted, 0 received, 100% packet loss, time 0ms";
  it.each([
    ["an answer", "0 PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.", { kind: "delivered" }],
    [
      "silence, as iputils says it",
      `1 PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.  ${packets}`,
      { kind: "lost" },
    ],
    [
      "silence, as busybox says it",
      "1 PING 10.0.0.1 (10.0.0.1): 56 data bytes  --- 10.0.0.1 ping statistics --- 1 packets transmitted, 0 packets received, 100% packet loss",
      { kind: "lost" },
    ],
    ["no route, iputils", "2 ping: connect: Network is unreachable ", { kind: "lost" }],
    [
      "no route, busybox",
      "1 PING 10.0.0.1 (10.0.0.1): 56 data bytes ping: sendto: Network is unreachable ",
      { kind: "lost" },
    ],
    ["a route of type unreachable", "2 ping: connect: No route to host ", { kind: "lost" }],
    ["a route of type blackhole", "2 ping: connect: Invalid argument ", { kind: "lost" }],
    [
      "a route of type prohibit, or a broadcast address",
      "2 ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules ",
      { kind: "lost" },
    ],
    [
      "a firewall that lets nothing out",
      "1 PING 10.0.0.1 (10.0.0.1): 56 data bytes ping: sendto: Operation not permitted ",
      { kind: "lost" },
    ],
    [
      "no right to a socket, iputils",
      "2 ping: socket: Operation not permitted ",
      { kind: "not-measured", why: "ping ended with 2: ping: socket: Operation not permitted" },
    ],
    [
      "no right to a socket, busybox",
      "1 PING 10.0.0.1 (10.0.0.1): 56 data bytes ping: permission denied (are you root?) ",
      {
        kind: "not-measured",
        why: "ping ended with 1: PING 10.0.0.1 (10.0.0.1): 56 data bytes ping: permission denied (are you root?)",
      },
    ],
    ["no ping after all", "127 ", { kind: "not-measured", why: "ping ended with 127: no words" }],
  ])("of ping is read right: %s", (_, words, expected) => {
    expect(read(`by ping\n10.0.0.1 ${words}\n`, "10.0.0.1")).toEqual({ "10.0.0.1": expected });
  });

  it.each([
    ["by nothing\n", "the host has neither fping nor ping"],
    ["by fping\n10.0.0.2 : 0.1\n", "the host gave no line for this address"],
    ["by ping\n", "the host gave no line for this address"],
    ["", "the host's answer is none of the ping script"],
    ["10.0.0.1 : 0.1\n", "the host's answer is none of the ping script"],
  ])("was not measured where its line is missing: %j", (stdout, why) => {
    expect(read(stdout, "10.0.0.1")).toEqual({ "10.0.0.1": { kind: "not-measured", why } });
  });

  it("speaks of the addresses that were asked for, and of no others", () => {
    expect(read("by fping\n10.0.0.9 : 0.05\n")).toEqual({});
  });
});
