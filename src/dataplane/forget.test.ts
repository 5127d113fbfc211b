import { describe, expect, it } from "vitest";
import { mac } from "#ip/index.js";
import { linkName, type Operation } from "#model/index.js";
import { ip } from "../../test/fleet-builder.js";
import { type Cache, forgets } from "./forget.js";

const [e0, e1, br0] = [linkName("e0"), linkName("e1"), linkName("br0")];
const neighbour: Cache = { kind: "neighbour", link: e0, ip: ip("10.0.0.1") };
const redirect: Cache = { kind: "redirect", link: e0 };

const permanent = (address: string): Operation => ({
  kind: "neighbour-replace",
  neighbour: { link: e0, ip: ip(address), mac: null, state: "permanent", isProxy: false },
});

describe("forgets", () => {
  it.each<[string, Operation, boolean, boolean]>([
    ["a flush of the link's neighbours", { kind: "neighbour-flush", link: e0 }, true, false],
    ["a flush of all neighbours", { kind: "neighbour-flush", link: null }, true, false],
    ["a flush of another link", { kind: "neighbour-flush", link: e1 }, false, false],
    ["a flush of the route cache", { kind: "route-cache-flush" }, false, true],
    ["a flush of a bridge", { kind: "fdb-flush", link: br0 }, false, false],
    ["a link that goes down", { kind: "link-down", link: e0 }, true, true],
    ["a link that goes away", { kind: "link-delete", link: e0 }, true, true],
    ["another link that goes down", { kind: "link-down", link: e1 }, false, false],
    [
      "another address of the link itself",
      { kind: "link-mac", link: e0, mac: mac([2, 0, 0, 0, 0, 1]) },
      true,
      false,
    ],
    ["an entry that is set by hand", permanent("10.0.0.1"), true, false],
    ["an entry for somebody else", permanent("10.0.0.2"), false, false],
    ["an entry that is deleted", { kind: "neighbour-delete", link: e0, ip: ip("10.0.0.1") }, true, false],
    [
      "a proxy entry that is deleted",
      { kind: "neighbour-delete", link: e0, ip: ip("10.0.0.1"), isProxy: true },
      false,
      false,
    ],
  ])("%s", (_, operation, neighbours, redirects) => {
    expect(forgets(operation, neighbour)).toBe(neighbours);
    expect(forgets(operation, redirect)).toBe(redirects);
  });
});
