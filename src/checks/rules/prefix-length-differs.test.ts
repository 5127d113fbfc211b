import { describe, expect, it } from "vitest";
import { at } from "../../../test/fleet-builder.js";
import { buildIncident } from "../../../test/incident-fleet.js";
import { lines, runRule } from "../../../test/rule-case.js";
import { prefixLengthDiffers } from "./prefix-length-differs.js";

const ODD = { file: "nl-k8s-01.conf", links: { enp1s0: { on: "main", addresses: ["10.10.0.2/8"] } } };

describe("prefix-length-differs", () => {
  it("names the host whose prefix length is not that of its segment, word for word", () => {
    const snapshot = buildIncident({ hosts: { "nl-k8s-01": ODD } });
    const findings = runRule(prefixLengthDiffers, { snapshot });
    expect(findings).toEqual([
      {
        rule: "prefix-length-differs",
        severity: "warning",
        message: "`nl-k8s-01` has `10.10.0.2/8` on `enp1s0`, while 7 addresses in the same network have /16.",
        host: "nl-k8s-01",
        source: at("nl-k8s-01.conf", 2),
        evidence: [
          "`nl-k8s-01`: `10.10.0.2/8` on `enp1s0`",
          "`r5c`: `10.0.0.1/16` on `br-lan`",
          "`r5c`: `10.10.0.1/16` on `br-lan`",
          "`r5c`: `10.11.0.1/16` on `br-lan`",
          "`nl-pve-01`: `10.11.0.2/16` on `vmbr0`",
          "`nl-k8s-04`: `10.10.0.3/16` on `enp1s0`",
          "`nl-k8s-02`: `10.10.0.4/16` on `enp1s0`",
          "`nl-k8s-03`: `10.10.0.5/16` on `enp1s0`",
        ],
        wayOut: "Give `nl-k8s-01` the prefix length /16, or give the whole segment /8 in one planned change.",
      },
    ]);
  });

  it("says nothing of several networks side by side on one segment", () => {
    expect(runRule(prefixLengthDiffers, { snapshot: buildIncident() })).toEqual([]);
  });

  it("says nothing of lengths on different segments, and of a virtual address of /32", () => {
    const snapshot = {
      a: { links: { eth0: { on: "left", addresses: ["10.0.0.1/8", "10.0.0.100/32"] } } },
      b: { links: { eth0: { on: "right", addresses: ["10.0.0.2/16"] } } },
    };
    expect(runRule(prefixLengthDiffers, { snapshot })).toEqual([]);
  });

  it("takes the longer length for the usual one where the votes are even", () => {
    const snapshot = {
      a: { links: { eth0: { on: "main", addresses: ["10.0.0.1/8"] } } },
      b: { links: { eth0: { on: "main", addresses: ["10.0.0.2/16"] } } },
    };
    expect(lines(runRule(prefixLengthDiffers, { snapshot }))).toEqual([
      "warning a: `a` has `10.0.0.1/8` on `eth0`, while one address in the same network has /16.",
    ]);
  });
});
