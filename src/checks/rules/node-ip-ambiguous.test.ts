import { describe, expect, it } from "vitest";
import { at, ip } from "../../../test/fleet-builder.js";
import { configure, k3s, lines, runRule } from "../../../test/rule-case.js";
import { nodeIpAmbiguous } from "./node-ip-ambiguous.js";

const TWO = {
  a: { links: { eth0: { addresses: ["10.10.0.2/16"] }, eth1: { addresses: ["10.20.0.2/16"] } } },
};
const ONE = {
  a: { links: { eth0: { addresses: ["10.10.0.2/16"] }, cni0: { addresses: ["10.42.0.1/24"] } } },
};

describe("node-ip-ambiguous", () => {
  it("warns of several addresses of which none is named", () => {
    const configurations = configure({ a: { k3s: k3s() } });
    const findings = runRule(nodeIpAmbiguous, { snapshot: TWO, configurations });
    expect(lines(findings)).toEqual([
      "warning a: `a` has 2 addresses, and k3s is not told by `--node-ip` which one is the node's.",
    ]);
    expect(findings[0]?.source).toEqual(at("k3s.nix", 5));
    expect(findings[0]?.evidence).toEqual(["`10.10.0.2/16` on `eth0`", "`10.20.0.2/16` on `eth1`"]);
  });

  it("says nothing of one address beside those of the cluster's own links, and of one that is named", () => {
    expect(
      runRule(nodeIpAmbiguous, { snapshot: ONE, configurations: configure({ a: { k3s: k3s() } }) }),
    ).toEqual([]);
    const configurations = configure({ a: { k3s: k3s({ nodeIp: ip("10.20.0.2") }) } });
    expect(runRule(nodeIpAmbiguous, { snapshot: TWO, configurations })).toEqual([]);
  });

  it("is an error where the named address is not the host's", () => {
    const configurations = configure({ a: { k3s: k3s({ nodeIp: ip("10.10.0.9") }) } });
    expect(lines(runRule(nodeIpAmbiguous, { snapshot: ONE, configurations }))).toEqual([
      "error a: `a` is to run k3s with `--node-ip=10.10.0.9`, which is none of its addresses.",
    ]);
  });
});
