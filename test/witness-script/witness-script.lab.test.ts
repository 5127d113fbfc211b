import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type BadState, renderWitnessScript } from "#app/index.js";
import { judgeOne } from "#dataplane/index.js";
import { applyOperation, hostId, linkName } from "#model/index.js";
import { buildSnapshot, ip, type SnapshotSketch } from "../fleet-builder.js";

/** A state with what the simulator says of one of its flows. */
function badState(sketch: SnapshotSketch, from: string, to: string): BadState {
  const { hosts, segments } = buildSnapshot(sketch);
  const { verdict, path } = judgeOne({ hosts, segments }, hostId(from), ip(to));
  const histories = new Map([...hosts].map(([id, host]) => [id, [host]]));
  const flow = { from: hostId(from), to: ip(to) };
  return { histories, segments, flow, verdict, path, demand: "delivered", memories: [], stages: [] };
}

function run(state: BadState): { readonly code: number | null; readonly output: string } {
  const script = renderWitnessScript(state);
  if (!script.ok) throw new Error(script.error);
  const done = spawnSync("sh", ["-s"], { input: script.value, encoding: "utf8", timeout: 120_000 });
  return { code: done.status, output: done.stdout + done.stderr };
}

const CIRCLE: SnapshotSketch = {
  a: { links: { e0: { on: "left", addresses: ["10.1.0.2/24"] } }, routes: ["default via 10.1.0.1"] },
  r: {
    links: {
      e0: { on: "left", addresses: ["10.1.0.1/24"] },
      e1: { on: "middle", addresses: ["10.2.0.1/24"] },
    },
    routes: ["10.9.0.0/24 via 10.2.0.2"],
    sysctls: { ip_forward: 1 },
  },
  s: {
    links: { e0: { on: "middle", addresses: ["10.2.0.2/24"] } },
    routes: ["10.9.0.0/24 via 10.2.0.1", "10.1.0.0/24 via 10.2.0.1"],
    sysctls: { ip_forward: 1 },
  },
};

const LOST: SnapshotSketch = {
  ...CIRCLE,
  s: { links: { e0: { on: "middle", addresses: ["10.2.0.2/24"] } } },
};

describe("the script of a witness, run on this kernel", () => {
  it("shows a packet that goes in a circle", () => {
    const state = badState(CIRCLE, "a", "10.9.0.9");
    expect(state.verdict).toBe("loop");
    expect(run(state)).toMatchObject({ code: 0, output: expect.stringContaining("Observed: loop.") });
  });

  it("tells a lost reply from a lost request", () => {
    const reply = badState(LOST, "a", "10.2.0.2");
    expect(reply.verdict).toBe("lost-reply");
    expect(run(reply)).toMatchObject({ code: 0, output: expect.stringContaining("Observed: lost-reply.") });
    const request = badState(LOST, "a", "10.9.0.9");
    expect(request.verdict).toBe("lost");
    expect(run(request)).toMatchObject({ code: 0, output: expect.stringContaining("Observed: lost.") });
  });

  it("ends with 1 where the kernel does otherwise", () => {
    const state: BadState = { ...badState(CIRCLE, "a", "10.2.0.1"), verdict: "lost" };
    expect(run(state)).toMatchObject({ code: 1, output: expect.stringContaining("Observed: delivered.") });
  });

  it("shows by which host a packet to the world outside leaves", () => {
    const state: BadState = { ...badState(LOST, "a", "10.9.0.9"), demand: { exits: [hostId("r")] } };
    const asked = run({ ...state, demand: { exits: [hostId("s")] }, path: [hostId("r")] });
    expect(asked).toMatchObject({ code: 1, output: expect.stringContaining("and by host") });
    expect(run({ ...state, path: [hostId("r"), hostId("s")] }).code).toBe(0);
  });

  it("keeps what only history gives: a route whose gateway is no longer on-link", () => {
    const sketch: SnapshotSketch = {
      a: {
        links: { e0: { on: "main", addresses: ["10.0.0.2/24", "10.7.0.2/24"] } },
        routes: ["10.9.0.0/24 via 10.0.0.1"],
      },
      b: { links: { e0: { on: "main", addresses: ["10.0.0.1/24", "10.9.0.1/32"] } } },
    };
    const state = badState(sketch, "a", "10.9.0.1");
    const first = state.histories.get(hostId("a"))?.[0];
    if (first === undefined) throw new Error("expected the host of the sketch");
    const own = { link: linkName("e0"), ip: ip("10.0.0.2"), length: 24, peer: null };
    const narrowed = applyOperation(first, { kind: "address-delete", ...own });
    if (!narrowed.ok) throw new Error(narrowed.error.kernelMessage);
    const last = narrowed.value;
    const { verdict } = judgeOne(
      {
        hosts: new Map([...state.histories].map(([id, [host]]) => [id, id === "a" ? last : (host ?? last)])),
        segments: state.segments,
      },
      hostId("a"),
      ip("10.9.0.1"),
    );
    const histories = new Map([...state.histories, [hostId("a"), [first, last]]]);
    expect(last.routes.some(({ gateway }) => gateway === ip("10.0.0.1"))).toBe(true);
    expect(run({ ...state, histories, verdict })).toMatchObject({
      code: 0,
      output: expect.stringContaining(`Observed: ${verdict}.`),
    });
  });

  it("builds bridges, names that mean something to a shell, and leaves no namespace behind", () => {
    const sketch: SnapshotSketch = {
      "a; touch pwned": { links: { e0$x: { on: "left", addresses: ["10.1.0.2/24"] } } },
      hypervisor: {
        links: {
          nic: { on: "left", master: "vmbr0" },
          tap: { on: "right", master: "vmbr0" },
          vmbr0: { type: { kind: "bridge", isVlanAware: false }, addresses: ["10.1.0.1/24"] },
        },
      },
      b: { links: { e0: { on: "right", addresses: ["10.1.0.3/24"] } } },
    };
    const before = namespaces();
    expect(run(badState(sketch, "a; touch pwned", "10.1.0.3"))).toMatchObject({ code: 0 });
    expect(namespaces()).toEqual(before);
  });
});

function namespaces(): readonly string[] {
  try {
    return readdirSync("/run/netns").filter((name) => name.startsWith("psm"));
  } catch {
    return [];
  }
}
