import { describe, expect, it } from "vitest";
import { lines, runRule } from "../../../test/rule-case.js";
import { proxyArpSharedPrefix } from "./proxy-arp-shared-prefix.js";

/** Kernel-facts I8: a hypervisor between two segments under one /8, its second leg's route first. */
function fleet(
  sysctls: Readonly<Record<string, number>>,
  prefixes = { router: "10.0.0.1/8", far: "10.10.0.4/8" },
) {
  return {
    r5c: { links: { lan: { on: "main", addresses: [prefixes.router] } } },
    pve: {
      sysctls,
      links: {
        vmbr1: { on: "second", addresses: ["10.11.1.2/8"] },
        vmbr0: { on: "main", addresses: ["10.11.0.2/8"] },
      },
    },
    near: { links: { eth0: { on: "main", addresses: ["10.10.0.2/8"] } } },
    far: { links: { eth0: { on: "second", addresses: [prefixes.far] } } },
  };
}

const PROXY = { ip_forward: 1, "conf.all.proxy_arp": 1 };

describe("proxy-arp-shared-prefix", () => {
  it("is an error where the owners hear the same request", () => {
    const findings = runRule(proxyArpSharedPrefix, { snapshot: fleet(PROXY) });
    expect(lines(findings)).toEqual([
      "error pve: `pve` answers ARP on `vmbr0` as a proxy for 3 addresses inside its neighbours' own prefix, against their owners.",
    ]);
    expect(findings[0]?.evidence).toEqual([
      "`10.0.0.1` of `r5c`, which is on the same segment: the first answer wins",
      "`10.10.0.2` of `near`, which is on the same segment: the first answer wins",
      "`10.10.0.4` of `far`",
    ]);
  });

  it("is a warning where only hosts behind the proxy are answered for", () => {
    const snapshot = fleet(PROXY);
    const pve = {
      ...snapshot.pve,
      links: {
        vmbr1: { on: "second", addresses: ["10.10.0.1/16"] },
        vmbr0: { on: "main", addresses: ["10.11.0.2/16"] },
      },
    };
    const { near: _, ...others } = snapshot;
    expect(lines(runRule(proxyArpSharedPrefix, { snapshot: { ...others, pve } }))).toEqual([
      "warning pve: `pve` answers ARP on `vmbr0` as a proxy for one address inside its neighbours' own prefix.",
    ]);
  });

  it("says nothing without proxy ARP, without forwarding, or where neighbours have prefixes of their own", () => {
    expect(runRule(proxyArpSharedPrefix, { snapshot: fleet({ ip_forward: 1 }) })).toEqual([]);
    expect(runRule(proxyArpSharedPrefix, { snapshot: fleet({ "conf.all.proxy_arp": 1 }) })).toEqual([]);
    const snapshot = {
      pve: {
        sysctls: PROXY,
        links: {
          vmbr1: { on: "second", addresses: ["10.10.0.1/16"] },
          vmbr0: { on: "main", addresses: ["10.11.0.2/16"] },
        },
      },
      near: { links: { eth0: { on: "main", addresses: ["10.11.0.3/16"] } } },
      far: { links: { eth0: { on: "second", addresses: ["10.10.0.4/16"] } } },
    };
    expect(runRule(proxyArpSharedPrefix, { snapshot })).toEqual([]);
  });
});
