import { describe, expect, it } from "vitest";
import { formatIPv4, ipv4 } from "#ip/index.js";
import { emptyConfiguration, linkName, operation } from "#model/index.js";
import { misplaced } from "../../tools/corpus/check-places.js";
import { checkExpectation } from "../../tools/corpus/check-row.js";
import { describeFacts } from "../../tools/corpus/describe-facts.js";
import { type Expectation, readExpectations } from "../../tools/corpus/expectations.js";
import { parseIndex } from "../../tools/corpus/index-table.js";

/** `kind token[@link]`, with `!` in front where it is forbidden. */
function brief(facts: string): readonly string[] {
  return readExpectations(facts).map(
    ({ kind, token, link, isForbidden }) =>
      `${isForbidden ? "!" : ""}${kind} ${token}${link === null ? "" : `@${link}`}`,
  );
}

describe("parseIndex", () => {
  it("takes number and facts of each row, whatever columns stand between", () => {
    const text =
      "# title\n\n| # | file | class | facts a reader extracts |\n|---|---|---|---|\n| 01 | a | S | br0 10.0.0.1/24 |\n| 3 | b | S | x | y |\nprose\n";
    expect(parseIndex(text)).toEqual([
      { number: "01", facts: "br0 10.0.0.1/24" },
      { number: "3", facts: "x | y" },
    ]);
  });

  it("gives no rows for a text without a table", () => {
    expect(parseIndex("01 is a file")).toEqual([]);
  });
});

describe("readExpectations", () => {
  it.each([
    [
      "an address on a link, and a gateway",
      "br-lan 10.0.0.1/24 gw 10.0.0.254",
      ["address 10.0.0.1/24@br-lan", "address 10.0.0.254@gw"],
    ],
    [
      "a gateway by its last octet",
      "vmbr0 10.10.10.10/24 gw .1",
      ["address 10.10.10.10/24@vmbr0", "address 10.10.10.1@gw", "name vmbr0"],
    ],
    [
      "a second address by its last octet",
      "eth0 10.0.1.38/24 + .39/24",
      ["address 10.0.1.38/24@eth0", "address 10.0.1.39/24", "name eth0"],
    ],
    [
      "numbers after their words",
      "wan metric 10, table 7, prio 5, mtu 9000, vid2",
      ["vlan 2", "mtu 9000", "metric 10", "table 7", "priority 5"],
    ],
    ["an IPv6 address", "pods 10.42.0.0/16,fd01::/48", ["address 10.42.0.0/16@pods", "ipv6 fd01::/48"]],
    ["DHCP", "lan=dhcp on br-lan", ["dhcp dhcp"]],
    ["words of k3s", "backend none; iface tailscale0", ["backend none", "flannel-iface tailscale0"]],
    [
      "an address that is forbidden",
      "lan is dhcp: 192.168.1.1 must NOT be an address fact",
      ["!address 192.168.1.1"],
    ],
    ["an address in a comment", "x; 10.0.0.0/24 is in a comment only", ["!address 10.0.0.0/24"]],
    [
      "what is said to be absent",
      "eth0 10.0.0.1/24 no gw; dns 8.8.8.8",
      ["address 10.0.0.1/24@eth0", "name eth0"],
    ],
    [
      "a remark in parentheses",
      "e 10.0.1.1/9 (network 10.0.0.0/9 = 10.0.0.0-10.127.255.255)",
      ["address 10.0.1.1/9@e"],
    ],
    ["nothing at all", "nothing", ["nothing no address or route"]],
    ["prose without facts", "see file", []],
    ["a router's Ethernet address", "match ether 5e:6d:f8:d1:e8:aa", []],
  ])("reads %s", (_, facts, expected) => {
    expect(brief(facts)).toEqual(expected);
  });
});

describe("checkExpectation", () => {
  const address = (token: string, more: Partial<Expectation> = {}): Expectation => ({
    kind: "address",
    token,
    link: null,
    isForbidden: false,
    ...more,
  });
  const status = (
    expectation: Expectation,
    facts: readonly string[],
    reports: readonly string[] = [],
  ): string => checkExpectation(expectation, { facts, reports }).status;

  it("does not take a longer address or another length for the one that is meant", () => {
    expect(status(address("10.0.0.1"), ["address 10.0.0.12/24 dev e"])).toBe("missing");
    expect(status(address("10.0.0.1/2"), ["address 10.0.0.1/24 dev e"])).toBe("missing");
    expect(status(address("10.0.0.1"), ["address 10.0.0.1/24 dev e"])).toBe("fact");
  });

  it("requires an address on the link that the row names, where that link has addresses", () => {
    const facts = ["address 10.0.0.1/24 dev e1", "address 10.0.0.2/24 dev e2"];
    expect(status(address("10.0.0.1/24", { link: "e1" }), facts)).toBe("fact");
    expect(status(address("10.0.0.1/24", { link: "e2" }), facts)).toBe("missing");
  });

  it("takes a value that was only reported for reported", () => {
    expect(status(address("10.0.0.1"), [], ["unmodelled x found `10.0.0.1`"])).toBe("reported");
    expect(
      status(address("10.0.0.1/24"), [], ["warning x `address 10.0.0.1`, `netmask 255.255.255.0`"]),
    ).toBe("reported");
  });

  it("finds a forbidden fact, and lets it stand in a report", () => {
    const forbidden = address("10.0.0.1", { isForbidden: true });
    expect(status(forbidden, ["address 10.0.0.1/24 dev e"])).toBe("present-but-forbidden");
    expect(status(forbidden, [], ["found `10.0.0.1`"])).toBe("fact");
  });

  it("holds a row that says nothing to having no address, route or dynamic link", () => {
    const nothing: Expectation = { kind: "nothing", token: "", link: null, isForbidden: false };
    expect([status(nothing, ["link-up e"]), status(nothing, ["dynamic e dhcp"])]).toEqual([
      "fact",
      "missing",
    ]);
  });
});

describe("describeFacts and misplaced", () => {
  const source = { file: "a", line: 2, column: 3 };
  const configuration = {
    ...emptyConfiguration(),
    steps: [
      {
        operation: {
          kind: "address-add",
          address: operation.address({ link: linkName("e"), ip: ipv4(0x0a000001), length: 24 }),
        },
        source,
        unit: "u",
        onRefusal: "continue",
      },
    ],
    dynamicLinks: [{ link: linkName("e"), protocol: "dhcp", metric: 10, source }],
  } as const;

  it("writes one line for each fact", () => {
    expect(describeFacts(configuration)).toEqual([
      `address ${formatIPv4(ipv4(0x0a000001))}/24 dev e`,
      "dynamic e dhcp metric 10",
    ]);
  });

  it("finds places outside the file", () => {
    expect(misplaced(configuration, { path: "a", text: "one\ntwo\n" })).toEqual([]);
    expect(misplaced(configuration, { path: "a", text: "one\n" })).toHaveLength(2);
    expect(misplaced(configuration, { path: "b", text: "one\ntwo\n" })[0]).toBe(
      "step address-add stands at a:2:3, which is not in the file",
    );
  });
});
