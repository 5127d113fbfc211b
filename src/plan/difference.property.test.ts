import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mac } from "#ip/index.js";
import {
  applyOperation,
  compareRoutes,
  type Host,
  linkName,
  type Operation,
  operation,
  parseIpCommand,
} from "#model/index.js";
import { buildHost, ip } from "../../test/fleet-builder.js";
import { findDifference } from "./difference.js";
import { describeDifference } from "./sameness.js";

const START = sorted(
  buildHost("a", {
    links: {
      e0: { on: "main", addresses: ["10.0.0.1/16"] },
      e1: { on: "other", addresses: ["10.1.0.1/24"] },
    },
    routes: ["default via 10.0.0.254"],
  }),
);

const link = fc.constantFrom("e0", "e1").map(linkName);
const address = fc.constantFrom("10.0.0.1", "10.0.0.2", "10.1.0.1", "10.2.0.1").map(ip);
const length = fc.constantFrom(8, 16, 24, 32);

/** What an administrator may have done: whatever the kernel refuses of it has no effect. */
const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .record({ link, ip: address, length })
    .map((given): Operation => ({ kind: "address-add", address: operation.address(given) })),
  fc.record({ link, ip: address, length }).map((given): Operation => ({ kind: "address-delete", ...given })),
  fc
    .tuple(
      fc.constantFrom("add", "append", "replace", "del"),
      fc.constantFrom("default", "10.5.0.0/16", "10.0.0.0/8"),
      fc.constantFrom(
        "via 10.0.0.254 dev e0",
        "via 10.1.0.254 dev e1",
        "via 9.9.9.9 dev e0 onlink",
        "dev e1",
      ),
      fc.constantFrom("", " metric 7", " src 10.0.0.1"),
    )
    .map(([verb, to, way, more]) =>
      readCommand(`ip route ${verb} ${to} ${way}${verb === "del" ? "" : more}`),
    ),
  fc.record({ kind: fc.constant("link-mtu" as const), link, mtu: fc.constantFrom(1400, 1500) }),
  link.map((name): Operation => ({ kind: "link-down", link: name })),
  link.map((name): Operation => ({ kind: "link-up", link: name })),
  fc.record({
    kind: fc.constant("sysctl" as const),
    key: fc.constantFrom(
      "ip_forward",
      "conf.all.rp_filter",
      "conf.e0.proxy_arp",
      "conf.e1.forwarding",
      "conf.e0.send_redirects",
    ),
    value: fc.constantFrom(0, 1),
  }),
  fc.tuple(link, address, fc.boolean()).map(
    ([name, target, isProxy]): Operation => ({
      kind: "neighbour-replace",
      neighbour: {
        link: name,
        ip: target,
        mac: isProxy ? null : mac([2, 0, 0, 0, 9, 9]),
        state: "permanent",
        isProxy,
      },
    }),
  ),
  fc
    .tuple(link, address, fc.boolean())
    .map(
      ([name, target, isProxy]): Operation => ({ kind: "neighbour-delete", link: name, ip: target, isProxy }),
    ),
);

const host: fc.Arbitrary<Host> = fc.array(operations, { maxLength: 12 }).map((done) =>
  done.reduce((state, one) => {
    const result = applyOperation(state, one);
    return result.ok ? result.value : state;
  }, START),
);

describe("findDifference", () => {
  it("gives operations that the kernel takes one after the other and that end in the other host", () => {
    let found = 0;
    let all = 0;
    fc.assert(
      fc.property(host, host, (before, after) => {
        const difference = findDifference(before, after);
        all += 1;
        if (difference.kind === "not-found") {
          expect(difference.remaining.length).toBeGreaterThan(0);
          return;
        }
        found += 1;
        expect(difference.stages[0]).toBe(before);
        const end = difference.operations.reduce((state, one, index) => {
          const result = applyOperation(state, one);
          expect(result).toEqual({ ok: true, value: difference.stages[index + 1] });
          return result.ok ? result.value : state;
        }, before);
        expect(describeDifference(end, after)).toEqual([]);
      }),
      { numRuns: 500 },
    );
    // What only history gives (a route whose gateway is on-link no more) no command can give.
    expect(found / all).toBeGreaterThan(0.8);
  });

  it("finds nothing between a host and itself", () => {
    fc.assert(
      fc.property(host, (same) => {
        expect(findDifference(same, same)).toEqual({ kind: "found", operations: [], stages: [same] });
      }),
    );
  });
});

const settings = fc.record({
  length: fc.constantFrom(8, 16, 24),
  gateway: fc.constantFrom("10.0.0.254", "10.0.0.253"),
  extra: fc.subarray(["10.5.0.0/16", "10.6.0.0/16", "10.7.0.0/16"]),
});

describe("findDifference, make before break", () => {
  it("never leaves a host without an address or a destination that it has on both sides", () => {
    fc.assert(
      fc.property(settings, settings, (old, next) => {
        const [before, after] = [old, next].map(({ length: bits, gateway, extra }) =>
          buildHost("a", {
            links: { e0: { on: "main", addresses: [`10.0.0.1/${bits}`] } },
            routes: [`default via ${gateway}`, ...extra.map((to) => `${to} via ${gateway}`)],
          }),
        );
        if (before === undefined || after === undefined) return;
        const difference = findDifference(before, after);
        expect(difference.kind).toBe("found");
        if (difference.kind !== "found") return;
        const kept = destinations(before).filter((destination) => destinations(after).includes(destination));
        for (const stage of difference.stages) {
          expect(stage.addresses.map((each) => each.ip)).toContain(ip("10.0.0.1"));
          expect(destinations(stage)).toEqual(expect.arrayContaining([...kept]));
        }
      }),
    );
  });
});

function destinations({ routes }: Host): readonly string[] {
  return routes
    .filter((route) => route.gateway !== null)
    .map(({ destination }) => `${destination.address}/${destination.length}`);
}

/** In the kernel's order, as `ip route show table all` gives it. */
function sorted(given: Host): Host {
  return { ...given, routes: [...given.routes].sort(compareRoutes) };
}

function readCommand(text: string): Operation {
  const parsed = parseIpCommand(text.split(" "));
  const [only] = parsed.ok ? parsed.value : [];
  if (only === undefined) throw new RangeError(`\`${text}\` is no command`);
  return only;
}
