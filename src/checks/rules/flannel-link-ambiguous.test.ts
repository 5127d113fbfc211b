import { describe, expect, it } from "vitest";
import { linkName } from "#model/index.js";
import { ip } from "../../../test/fleet-builder.js";
import { configure, k3s, lines, runRule } from "../../../test/rule-case.js";
import { flannelLinkAmbiguous } from "./flannel-link-ambiguous.js";

const TWO = {
  a: { links: { eth0: { addresses: ["10.10.0.2/16"] }, eth1: { addresses: ["10.20.0.2/16"] } } },
};
const SAME = { a: { links: { eth0: { addresses: ["10.10.0.2/16", "10.20.0.2/16"] }, eth1: {} } } };

function run(snapshot: typeof TWO | typeof SAME, given: Parameters<typeof k3s>[0] = {}) {
  return runRule(flannelLinkAmbiguous, { snapshot, configurations: configure({ a: { k3s: k3s(given) } }) });
}

describe("flannel-link-ambiguous", () => {
  it("warns of several links with addresses of which none is named", () => {
    expect(lines(run(TWO))).toEqual([
      "warning a: `a` has addresses on `eth0` and `eth1`, and flannel is not told by `--flannel-iface` which link to use.",
    ]);
  });

  it("says nothing of one link, of one that is named, of a named address, and without flannel", () => {
    expect(run(SAME)).toEqual([]);
    expect(run(TWO, { flannelLink: linkName("eth1") })).toEqual([]);
    expect(run(TWO, { nodeIp: ip("10.20.0.2") })).toEqual([]);
    expect(run(TWO, { flannelBackend: "none" })).toEqual([]);
  });

  it("is an error where the named link is not there", () => {
    expect(lines(run(TWO, { flannelLink: linkName("enp1s0") }))).toEqual([
      "error a: `a` is to run flannel on `enp1s0`, which is none of its links.",
    ]);
  });
});
