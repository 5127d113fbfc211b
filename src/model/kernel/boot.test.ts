import { expect, it } from "vitest";
import { type IPv4, mac, parseIPv4, parsePrefix } from "#ip/index.js";
import type { BootStep, HostConfiguration, Issue, Link, Operation, Route } from "#model/index.js";
import { bootHost, emptyConfiguration, hostId, linkName, operation } from "#model/index.js";

const E0 = linkName("e0");

function ip(text: string): IPv4 {
  const parsed = parseIPv4(text);
  if (parsed === null) throw new Error(text);
  return parsed;
}

const HARDWARE: Link = {
  name: E0,
  type: { kind: "ethernet" },
  mac: mac([2, 0, 0, 0, 0, 1]),
  mtu: 1500,
  isUp: false,
  hasCarrier: false,
  master: null,
  isNoArp: false,
  source: null,
};

const UP: Operation = { kind: "link-up", link: E0 };
const ADDRESS: Operation = {
  kind: "address-add",
  address: operation.address({ link: E0, ip: ip("10.10.0.2"), length: 16 }),
};

function route(destination: string, gateway: string): Operation {
  const network: Route["destination"] | null = parsePrefix(destination);
  if (network === null) throw new Error(destination);
  return { kind: "route-add", route: operation.route({ destination: network, gateway: ip(gateway) }) };
}

function steps(
  operations: readonly Operation[],
  onRefusal: BootStep["onRefusal"] = "continue",
): HostConfiguration {
  const made = operations.map((next, index): BootStep => {
    return {
      operation: next,
      source: { file: "interfaces", line: index + 1, column: 1 },
      unit: "iface e0",
      onRefusal,
    };
  });
  return { ...emptyConfiguration(), steps: made };
}

function boot(
  configuration: HostConfiguration,
  sysctls: ReadonlyMap<string, number> = new Map(),
): ReturnType<typeof bootHost> {
  return bootHost({ id: hostId("h"), configuration, hardware: [HARDWARE], sysctls });
}

it("A boot of nothing has a loopback with its routes, and the hardware down.", () => {
  const { host, issues } = boot(emptyConfiguration());
  expect(host.links.map(({ name, isUp }) => [name, isUp])).toEqual([
    ["lo", true],
    ["e0", false],
  ]);
  expect(host.routes.map(({ type, destination }) => [type, destination.length])).toEqual([
    ["local", 8],
    ["local", 32],
    ["broadcast", 32],
  ]);
  expect(issues).toEqual([]);
});

it("A gateway outside every connected prefix is refused in the kernel's words, with the prefixes to choose from.", () => {
  const { host, issues } = boot(steps([UP, ADDRESS, route("10.0.0.0/16", "10.0.0.1")]));
  expect(host.routes.filter(({ table, gateway }) => table === 254 && gateway !== null)).toEqual([]);
  expect(issues).toEqual<Issue[]>([
    {
      code: "boot/refused-route",
      severity: "error",
      message:
        "Expected the kernel to take the route to `10.0.0.0/16` at boot, but it answers `Error: Nexthop has invalid gateway.`.",
      source: { file: "interfaces", line: 3, column: 1 },
      hint: "Gateway `10.0.0.1` is in no connected prefix: use a gateway inside a connected prefix (`10.10.0.0/16`), or add `onlink` if it answers ARP on that link all the same.",
    },
  ]);
});

it("What is there twice is a warning.", () => {
  const { issues } = boot(steps([UP, ADDRESS, ADDRESS]));
  expect(issues.map(({ code, severity, hint }) => [code, severity, hint])).toEqual([
    ["boot/refused-address", "warning", "Take one of the two lines out."],
  ]);
});

it("A unit that stops at a refusal leaves out the rest, and says so.", () => {
  const { host, issues } = boot(steps([route("default", "10.10.0.1"), UP], "stop-unit"));
  expect(host.links[1]?.isUp).toBe(false);
  expect(issues.map(({ code, severity, message }) => [code, severity, message])).toEqual([
    [
      "boot/refused-route",
      "error",
      "Expected the kernel to take the route to `0.0.0.0/0` at boot, but it answers `Error: Nexthop has invalid gateway.`.",
    ],
    [
      "boot/skipped-step",
      "warning",
      "Expected operation `link-up` at boot, but `iface e0` stops at line 1, which the kernel refuses.",
    ],
  ]);
});

it("A link that nothing makes becomes a port without a cable, with a warning.", () => {
  const { host, issues } = boot(steps([{ kind: "link-up", link: linkName("e7") }]));
  expect(host.links.at(-1)).toMatchObject({
    name: "e7",
    type: { kind: "ethernet" },
    isUp: true,
    hasCarrier: false,
  });
  expect(issues.map(({ code, severity }) => [code, severity])).toEqual([["boot/unknown-link", "warning"]]);
});

it("Sysctls of the platform hold before the first step, and for links made later.", () => {
  const { host } = boot(
    steps([UP]),
    new Map([
      ["ip_forward", 1],
      ["conf.br0.rp_filter", 2],
    ]),
  );
  expect([host.sysctls.get("conf.e0.forwarding"), host.sysctls.get("conf.br0.rp_filter")]).toEqual([1, 2]);
});

it("A dynamic link and input that was not understood make the host's verdicts unknown; other issues do not.", () => {
  const source = { file: "network", line: 4, column: 3 };
  const note = (severity: Issue["severity"]): Issue => ({
    code: "x/y",
    severity,
    message: "m",
    source,
    hint: "h",
  });
  const dynamicLinks = [{ link: E0, protocol: "dhcp", source }];
  const { host, issues } = boot({
    ...emptyConfiguration(),
    dynamicLinks,
    issues: [note("unmodelled"), note("warning")],
  });
  expect(host.unmodelled.map(({ code }) => code)).toEqual(["x/y", "boot/dynamic-address"]);
  expect(issues).toEqual([
    {
      code: "boot/dynamic-address",
      severity: "unmodelled",
      message:
        "Found link `e0` configured by `dhcp`: its addresses and the routes that come with them are not in the files.",
      source,
      hint: "Verdicts that depend on this host are unknown; use a live snapshot (`--snapshot`), or configure the link statically.",
    },
  ]);
});
