import { describe, expect, it } from "vitest";
import { jumpDestination, knownAs, parseSettings } from "./settings.js";

describe("parseSettings", () => {
  it("reads what a way needs of the output of ssh -G", () => {
    const text =
      "host a\nuser ops\nhostname a.lan\nport 2222\nhostkeyalias A\nproxyjump root@b:23,[c]\nidentityfile ~/x\n";
    expect(parseSettings(text)).toEqual({
      hostname: "a.lan",
      user: "ops",
      port: 2222,
      hostKeyAlias: "A",
      jumps: ["root@b:23", "[c]"],
      hasProxyCommand: false,
    });
  });

  it("takes what is not given, or none, for nothing", () => {
    expect(parseSettings("hostname a\nproxycommand none\nproxyjump none\n")).toEqual({
      hostname: "a",
      user: "",
      port: 22,
      hostKeyAlias: null,
      jumps: [],
      hasProxyCommand: false,
    });
    expect(parseSettings("hostname a\nproxycommand nc %h %p\n")?.hasProxyCommand).toBe(true);
    expect(parseSettings("")).toBe(null);
  });
});

describe("jumpDestination", () => {
  it.each([
    ["b", "b"],
    ["root@b", "root@b"],
    ["root@b:23", "ssh://root@b:23"],
    ["[c]", "c"],
    ["ops@[fe80::1]", "ops@fe80::1"],
    ["[fe80::1]:23", "ssh://[fe80::1]:23"],
    ["ssh://x@y:1", "ssh://x@y:1"],
  ])("is for %s %s", (jump, destination) => {
    expect(jumpDestination(jump)).toBe(destination);
  });
});

describe("knownAs", () => {
  const settings = {
    hostname: "A.lan",
    user: "",
    port: 22,
    hostKeyAlias: null,
    jumps: [],
    hasProxyCommand: false,
  };

  it("is the name, the name with another port, or what the user calls it", () => {
    expect(knownAs(settings)).toBe("a.lan");
    expect(knownAs({ ...settings, port: 2222 })).toBe("[a.lan]:2222");
    expect(knownAs({ ...settings, port: 2222, hostKeyAlias: "x" })).toBe("x");
  });
});
