import { describe, expect, it } from "vitest";
import { buildIncident, buildIncidentFleet } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { etcdEvenMembers } from "./etcd-even-members.js";

function withServers(count: number) {
  const fleet = buildIncidentFleet();
  const clusters = fleet.clusters.map((cluster) => {
    const members = [...cluster.servers, ...cluster.agents];
    return { ...cluster, servers: members.slice(0, count), agents: members.slice(count) };
  });
  return { snapshot: buildIncident(), fleet: { ...fleet, clusters } };
}

describe("etcd-even-members", () => {
  it("says what four servers survive, and what three and five would", () => {
    const [finding] = runRule(etcdEvenMembers, withServers(4));
    expect(finding?.message).toBe(
      "Cluster `nl` has 4 servers: 3 must agree, so it survives one failure, as 3 servers would.",
    );
    expect(finding?.wayOut).toBe("Make one server an agent, or add one: 5 servers survive 2 failures.");
  });

  it("says that two servers survive no failure", () => {
    expect(lines(runRule(etcdEvenMembers, withServers(2)))).toEqual([
      "warning fleet: Cluster `nl` has 2 servers: 2 must agree, so it survives no failure, as 1 servers would.",
    ]);
  });

  it.each([1, 3])("says nothing of %d servers", (count) => {
    expect(runRule(etcdEvenMembers, withServers(count))).toEqual([]);
  });
});
