import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHost } from "./parse-host.js";

describe("What the collecting script of a host printed", () => {
  it("becomes files, with the blank before each line taken off", () => {
    const { files, missing, isWhole } = parseHost(
      "file addr.json\n [\n  {}\n ]\nmissing nft.json\nfile neigh.json\n []\nend\n",
    );
    expect(Object.fromEntries(files)).toEqual({ "addr.json": "[\n {}\n]\n", "neigh.json": "[]\n" });
    expect(missing).toEqual(["nft.json"]);
    expect(isWhole).toBe(true);
  });

  it("is not whole where its end is missing", () => {
    expect(parseHost("file addr.json\n []\n").isWhole).toBe(false);
    expect(parseHost("").isWhole).toBe(false);
  });

  it("cannot be made to name another file by a line of its own text", () => {
    const { files } = parseHost("file addr.txt\n file route.txt\n end\nend\n");
    expect([...files]).toEqual([["addr.txt", "file route.txt\nend\n"]]);
  });

  it("gives sysctls as sysctl(8) writes them, a dot of a link's name as a slash, in order", () => {
    const { files } = parseHost("raw sysctl\n ip_forward:1\n conf/eth0.100/rp_filter:2\n odd\nend\n");
    expect(files.get("sysctl.txt")).toBe("net.ipv4.conf.eth0/100.rp_filter = 2\nnet.ipv4.ip_forward = 1\n");
  });

  it("gives the forwarding table of a bridge from its bytes", () => {
    const { files } = parseHost(
      [
        "raw forward br-lan",
        " 020b000000980100000000000000000000".slice(0, 33),
        " 020b0000000202010000000000000000",
        " 020b0000000b00010000000000000000",
        " 020b0000000c07000000000000000000",
        " 020b0000000d01000000000001000000",
        "raw port e0 br-lan",
        " 0x1",
        "raw port e1 br-lan",
        " 0x2",
        "raw port far br-lan",
        " 0x101",
        "end",
      ].join("\n"),
    );
    expect(JSON.parse(files.get("fdb.json") ?? "")).toEqual([
      { mac: "02:0b:00:00:00:98", ifname: "e0", flags: [], master: "br-lan", state: "" },
      { mac: "02:0b:00:00:00:02", ifname: "e1", flags: [], master: "br-lan", state: "permanent" },
      { mac: "02:0b:00:00:00:0b", ifname: "br-lan", flags: [], master: "br-lan", state: "permanent" },
      { mac: "02:0b:00:00:00:0d", ifname: "far", flags: [], master: "br-lan", state: "" },
    ]);
  });

  it.each([
    ["one address beside 127.0.0.1", ["0100000A:094C", "0100007F:094C"], "10.0.0.1"],
    ["another port", ["0100000A:094B"], null],
    ["all addresses", ["00000000:094C"], null],
    ["two addresses", ["0100000A:094C", "0200000A:094C"], null],
    ["nothing", [], null],
  ])("tells where an etcd member is dialled: %s", (_, listening, expected) => {
    const lines = listening.map((local, index) => `    ${index}: ${local} 00000000:0000 0A 0`);
    const { files } = parseHost(["raw listening", ...lines, "end"].join("\n"));
    expect(files.get("etcd.json")).toBe(expected === null ? undefined : `{"peer":"${expected}"}\n`);
  });

  it("never throws, whatever it is", () => {
    const word = fc.constantFrom(
      "file ",
      "raw forward ",
      "raw port ",
      "raw sysctl",
      "missing ",
      "\n",
      " ",
      "end",
      "0a",
      ":",
      "x",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 40 }), (words) => {
        parseHost(words.join(""));
      }),
      { numRuns: 1000 },
    );
  });
});
