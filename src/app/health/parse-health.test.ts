import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { judgeLogs } from "./judge-logs.js";
import { judgeUnits } from "./judge-units.js";
import { parseKubernetes } from "./kubernetes.js";
import { parseLogs } from "./logs.js";
import { parseUnits } from "./units.js";

const HOST = hostId("s1");

describe("Units of a host", () => {
  const seen = parseUnits(
    "clock 1700000000\nunit active k3s.service\nunit failed k3s-agent.service\nunit  odd.service\n",
  );

  it("are read with its clock", () => {
    expect(seen).toEqual({
      kind: "seen",
      clock: 1_700_000_000,
      states: new Map([
        ["k3s.service", "active"],
        ["k3s-agent.service", "failed"],
        ["odd.service", "unknown"],
      ]),
    });
  });

  it.each([
    ["clock 1\nno systemctl\n", "the host has no systemctl"],
    ["", "the host's answer was not understood"],
  ])("are not measured: %j", (stdout, why) => {
    expect(parseUnits(stdout)).toEqual({ kind: "not-measured", why });
  });

  const baseline = { members: [], clocks: {}, units: { s1: ["k3s.service"] }, kubernetes: {} };

  it("have to run where they ran before, and where they were stopped", () => {
    const services = [{ host: HOST, units: ["k3s-agent.service"] }];
    expect(judgeUnits({ host: HOST, seen, services: [], baseline })).toEqual({ kind: "healthy" });
    expect(judgeUnits({ host: HOST, seen, services, baseline })).toEqual({
      kind: "unhealthy",
      what: ["Expected `k3s-agent.service` on `s1` to be `active`, found `failed`."],
    });
  });

  it("have to run without a baseline where k3s is installed", () => {
    expect(judgeUnits({ host: HOST, seen, services: [], baseline: null }).kind).toBe("unhealthy");
  });

  it("are not missed on a host without systemd, unless they ran there", () => {
    const blind = { kind: "not-measured", why: "the host has no systemctl" } as const;
    expect(judgeUnits({ host: hostId("r"), seen: blind, services: [], baseline })).toEqual({
      kind: "healthy",
    });
    expect(judgeUnits({ host: HOST, seen: blind, services: [], baseline })).toEqual({
      kind: "not-measured",
      why: "The units of `s1` could not be asked: the host has no systemctl",
    });
  });
});

describe("What the API server says", () => {
  it("names nodes and pods that are not well", () => {
    const stdout =
      "seen\nnode s1 True\nnode s2 False\nnode s3 Unknown\n\npod a/run Running true true\npod a/half Running true false\npod a/done Succeeded false\npod a/wait Pending\npod a/gone Failed false\n";
    expect(parseKubernetes(stdout)).toEqual({
      kind: "seen",
      unreadyNodes: ["s2", "s3"],
      unreadyPods: ["a/half", "a/wait", "a/gone"],
    });
  });

  it.each([
    ["absent\n", { kind: "absent" }],
    ["failed\n", { kind: "not-measured", why: "kubectl has no answer of the API server" }],
    ["", { kind: "not-measured", why: "kubectl has no answer of the API server" }],
  ])("is nothing: %j", (stdout, expected) => {
    expect(parseKubernetes(stdout)).toEqual(expected);
  });
});

describe("The journal of a host", () => {
  it("is told by words and counts, and never by its lines", () => {
    const logs = parseLogs(
      "read\n0 lost leader\n12 prober detected unhealthy status\n3 K10secret::server:token\n1 peer became inactive\n",
    );
    expect(judgeLogs(HOST, logs)).toEqual({
      kind: "unhealthy",
      what: [
        "On `s1` the journal of k3s has 12 lines with `prober detected unhealthy status`.",
        "On `s1` the journal of k3s has 1 line with `peer became inactive`.",
      ],
    });
  });

  it.each([
    ["no journalctl\n", "the host has no journalctl"],
    ["no right\n", "the user may not read the journal; members of the group `systemd-journal` may"],
    ["failed\n", "journalctl gave no answer"],
    ["", "journalctl gave no answer"],
  ])("is not measured: %j", (stdout, why) => {
    expect(judgeLogs(HOST, parseLogs(stdout))).toEqual({
      kind: "not-measured",
      why: `The journal of \`s1\` could not be read: ${why}`,
    });
  });
});
