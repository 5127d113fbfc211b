import { describe, expect, it } from "vitest";
import { formatIPv4 } from "#ip/index.js";
import { linkName } from "#model/index.js";
import { buildHost, type HostSketch, ip } from "../../test/fleet-builder.js";
import { answerArp, arpSender } from "./arp-answer.js";
import { type CompiledHost, type CompiledLink, compileHost } from "./compiled-host.js";

const LINKS = { e0: { addresses: ["10.0.0.1/24"] }, e1: { addresses: ["10.1.0.1/24"] } };

function compiled(sketch: HostSketch): { readonly host: CompiledHost; readonly link: CompiledLink } {
  const host = compileHost(buildHost("a", { links: LINKS, ...sketch }));
  const link = host.linkByName.get(linkName("e0"));
  if (link === undefined) throw new RangeError("expected link e0");
  return { host, link };
}

function answer(sketch: HostSketch, sender: string, target: string): string {
  const { host, link } = compiled(sketch);
  return answerArp(host, { link, sender: ip(sender), target: ip(target) });
}

describe("answerArp", () => {
  it("answers for an own address on any link, whoever asks", () => {
    expect(answer({}, "10.0.0.5", "10.0.0.1")).toBe("own");
    expect(answer({}, "172.16.0.5", "10.1.0.1")).toBe("own");
  });

  it("validates the source first: what rp_filter would drop is not answered", () => {
    expect(answer({ sysctls: { "conf.all.rp_filter": 1 } }, "172.16.0.5", "10.0.0.1")).toBe("silent");
    expect(answer({}, "10.1.0.1", "10.0.0.1")).toBe("silent");
  });

  it.each([
    [0, "10.0.0.5", "10.1.0.1", "own"],
    [1, "10.0.0.5", "10.1.0.1", "withheld"],
    [1, "172.16.0.5", "10.0.0.1", "own"],
    [2, "172.16.0.5", "10.0.0.1", "withheld"],
    [2, "10.0.0.5", "10.0.0.1", "own"],
    [8, "10.0.0.5", "10.0.0.1", "withheld"],
  ])("with arp_ignore %s, asked by %s for %s, is %s", (mode, sender, target, expected) => {
    expect(answer({ sysctls: { "conf.e0.arp_ignore": mode } }, sender, target)).toBe(expected);
  });

  it("with arp_ignore 3 keeps addresses of scope host to itself", () => {
    const links = { e0: { addresses: ["10.0.0.1/24", "10.3.0.1/24 scope host"] } };
    const sysctls = { "conf.all.arp_ignore": 3 };
    expect(answer({ links, sysctls }, "10.0.0.5", "10.3.0.1")).toBe("withheld");
    expect(answer({ links, sysctls }, "10.0.0.5", "10.0.0.1")).toBe("own");
  });

  it("with arp_filter answers only where the way back leaves by this link", () => {
    const sysctls = { "conf.all.arp_filter": 1 };
    expect(answer({ sysctls }, "10.1.0.5", "10.0.0.1")).toBe("withheld");
    expect(answer({ sysctls }, "10.0.0.5", "10.1.0.1")).toBe("own");
  });

  it("answers as a proxy where proxy_arp is on and the target is behind another link", () => {
    const on = { ip_forward: 1, "conf.e0.proxy_arp": 1 };
    expect(answer({ sysctls: on }, "10.0.0.5", "10.1.0.9")).toBe("proxy");
    expect(answer({ sysctls: { ip_forward: 1, "conf.all.proxy_arp": 1 } }, "10.0.0.5", "10.1.0.9")).toBe(
      "proxy",
    );
    expect(answer({ sysctls: { "conf.e0.proxy_arp": 1 } }, "10.0.0.5", "10.1.0.9")).toBe("silent");
    expect(answer({ sysctls: on }, "10.0.0.5", "10.0.0.9")).toBe("silent");
  });

  it("answers as a proxy for a neighbour entry of kind proxy", () => {
    const sketch = { sysctls: { ip_forward: 1 }, neighbours: ["proxy 10.1.0.9 dev e0"] };
    expect(answer(sketch, "10.0.0.5", "10.1.0.9")).toBe("proxy");
    expect(answer(sketch, "10.0.0.5", "10.1.0.8")).toBe("silent");
  });

  it("is no proxy between links of one medium", () => {
    const sysctls = { ip_forward: 1, "conf.e0.proxy_arp": 1, "conf.e0.medium_id": 7, "conf.e1.medium_id": 7 };
    expect(answer({ sysctls }, "10.0.0.5", "10.1.0.9")).toBe("silent");
    expect(answer({ sysctls: { ...sysctls, "conf.e1.medium_id": 8 } }, "10.0.0.5", "10.1.0.9")).toBe("proxy");
  });

  it("answers a probe from 0.0.0.0 for an own address only", () => {
    expect(answer({}, "0.0.0.0", "10.0.0.1")).toBe("own");
    expect(answer({}, "0.0.0.0", "10.0.0.9")).toBe("silent");
  });

  it("does not answer for loopback and multicast addresses", () => {
    expect([answer({}, "10.0.0.5", "127.0.0.1"), answer({}, "10.0.0.5", "224.0.0.1")]).toEqual([
      "silent",
      "silent",
    ]);
  });
});

describe("arpSender", () => {
  const sender = (mode: number, packetSource: string, target = "10.0.0.9"): string => {
    const { host, link } = compiled({ sysctls: { "conf.e0.arp_announce": mode } });
    return formatIPv4(arpSender(host, link, ip(target), ip(packetSource)));
  };

  it("with arp_announce 0 is the packet's own source, on whatever link that is", () => {
    expect(sender(0, "10.1.0.1")).toBe("10.1.0.1");
  });

  it("is chosen for the target where the packet is forwarded", () => {
    expect(sender(0, "172.16.0.5")).toBe("10.0.0.1");
  });

  it("with arp_announce 1 is the packet's source only where a prefix of the link has both", () => {
    expect([sender(1, "10.0.0.1"), sender(1, "10.1.0.1")]).toEqual(["10.0.0.1", "10.0.0.1"]);
  });

  it("with arp_announce 2 is always chosen for the target", () => {
    expect(sender(2, "10.1.0.1")).toBe("10.0.0.1");
  });
});
