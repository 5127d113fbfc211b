import { describe, expect, it } from "vitest";
import { buildIncident } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { oneMacManyAddresses } from "./one-mac-many-addresses.js";

/** The link of nl-pve-01, the second host of the sketch. */
const HYPERVISOR = "02:00:00:00:01:01";

function withCache(...neighbours: readonly string[]) {
  const r5c = {
    sysctls: { ip_forward: 1 },
    links: { "br-lan": { on: "main", addresses: ["10.0.0.1/16", "10.10.0.1/16", "10.11.0.1/16"] } },
    neighbours,
  };
  return { snapshot: buildIncident({ hosts: { r5c } }) };
}

describe("one-mac-many-addresses", () => {
  it("finds the router's cache of the incident: all nodes with the hypervisor's MAC address, word for word", () => {
    const nodes = [2, 3, 4, 5].map((last) => `10.10.0.${last} lladdr ${HYPERVISOR} dev br-lan nud stale`);
    const findings = runRule(oneMacManyAddresses, withCache(...nodes));
    expect(findings).toEqual([
      {
        rule: "one-mac-many-addresses",
        severity: "error",
        message:
          "In the neighbour cache of `r5c` 4 addresses of several hosts have the MAC address 02:00:00:00:01:01, which belongs to `vmbr0` of `nl-pve-01`.",
        host: "r5c",
        source: null,
        evidence: [
          "`10.10.0.2` is an address of `nl-k8s-01`",
          "`10.10.0.3` is an address of `nl-k8s-04`",
          "`10.10.0.4` is an address of `nl-k8s-02`",
          "`10.10.0.5` is an address of `nl-k8s-03`",
        ],
        wayOut:
          "Look at `sysctl net.ipv4.conf.all.proxy_arp` and `net.ipv4.conf.vmbr0.proxy_arp` on `nl-pve-01`, turn it off, then flush the neighbour caches; flushing alone helps until the next answer.",
      },
    ]);
  });

  it("says where to look when nobody known has that MAC address", () => {
    const [finding] = runRule(
      oneMacManyAddresses,
      withCache(
        "10.10.0.2 lladdr 54:e1:ad:a5:1d:0f dev br-lan nud reachable",
        "10.10.0.3 lladdr 54:e1:ad:a5:1d:0f dev br-lan nud reachable",
      ),
    );
    expect(finding?.wayOut).toBe(
      "Find the port of 54:e1:ad:a5:1d:0f in the switch, stop the host there from answering, then flush the neighbour caches.",
    );
  });

  it("says nothing of a router with several addresses on one link, nor of entries that failed", () => {
    const snapshot = buildIncident({
      hosts: {
        guest: {
          links: { eth0: { on: "main", addresses: ["10.0.0.21/16"] } },
          neighbours: [
            "10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud reachable",
            "10.10.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud reachable",
            "10.10.0.2 lladdr 02:00:00:00:00:01 dev eth0 nud failed",
          ],
        },
      },
    });
    expect(lines(runRule(oneMacManyAddresses, { snapshot }))).toEqual([]);
  });
});
