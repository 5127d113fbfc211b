import { describe, expect, it } from "vitest";
import { ipv4, prefix } from "#ip/index.js";
import { type Cluster, hostId } from "#model/index.js";
import type { MemberHealth } from "./member.js";
import { judgeQuorum } from "./quorum.js";

const source = { file: "f", line: 1, column: 1 };

function cluster(servers: number): Cluster {
  return {
    name: "home",
    distribution: "k3s",
    servers: Array.from({ length: servers }, (_, index) => ({
      host: hostId(`s${index}`),
      podCidr: null,
      source,
    })),
    agents: [],
    backend: "vxlan",
    podCidr: prefix(ipv4(0), 8),
    serviceCidr: prefix(ipv4(0), 8),
    vip: null,
    source,
  };
}

const STATES: Readonly<Record<string, MemberHealth>> = {
  h: { kind: "healthy" },
  u: { kind: "unhealthy", what: "it sees no leader" },
  s: { kind: "silent" },
  n: { kind: "not-measured", why: "refused" },
};

function judge(letters: string, before: string | null): string {
  const members = new Map(
    [...letters].flatMap((letter, index) => {
      const state = STATES[letter];
      return state === undefined ? [] : [[hostId(`s${index}`), state] as const];
    }),
  );
  const known =
    before === null
      ? null
      : new Set([...before].flatMap((letter, index) => (letter === "s" ? [] : [hostId(`s${index}`)])));
  return judgeQuorum([cluster(letters.length)], members, known).kind;
}

describe("The quorum of a cluster", () => {
  it.each([
    ["hhh", "hhh", "healthy"],
    ["hhs", "hhh", "healthy"],
    ["hhn", "hhh", "healthy"],
    ["hss", "hhh", "unhealthy"],
    ["huu", "hhh", "unhealthy"],
    ["hnn", "hhh", "not-measured"],
    ["hns", "hhh", "not-measured"],
    ["uus", "hhh", "unhealthy"],
    ["nnn", "hhh", "not-measured"],
    ["hh", "hh", "healthy"],
    ["hs", "hh", "unhealthy"],
    ["hhss", "hhhh", "unhealthy"],
    ["hhhs", "hhhh", "healthy"],
    ["hhhss", "hhhhh", "healthy"],
    ["hhsss", "hhhhh", "unhealthy"],
    ["h", "h", "healthy"],
    ["s", "h", "unhealthy"],
    // Nobody listened before: the cluster keeps its state elsewhere.
    ["sss", "sss", "healthy"],
    ["s", "s", "healthy"],
    // Nobody looked before: several servers are taken to have etcd, one alone may have SQLite.
    ["sss", null, "unhealthy"],
    ["s", null, "healthy"],
    ["u", null, "unhealthy"],
  ] as const)("of members %s, which were %s, is %s", (now, before, expected) => {
    expect(judge(now, before)).toBe(expected);
  });

  it("is that of every cluster, and there is nothing to lose without one", () => {
    expect(judgeQuorum([], new Map(), null)).toEqual({ kind: "healthy" });
  });
});
