import { describe, expect, it } from "vitest";
import { ipv4, parseIPv4, prefix } from "#ip/index.js";
import { type BootStep, linkName, type Operation, operation } from "#model/index.js";
import { renderSteps } from "./nixos-system.js";

const source = { file: "networking.nix", line: 1, column: 1 };
const link = linkName("e0");
const ip = (text: string): ReturnType<typeof ipv4> => parseIPv4(text) ?? ipv4(0);

function rendered(done: Operation, given: Partial<BootStep> = {}): string {
  return renderSteps([{ operation: done, source, unit: "u.service", onRefusal: "stop-unit", ...given }]);
}

describe("renderSteps", () => {
  it.each<readonly [string, Operation, string, string]>([
    [
      "an address",
      { kind: "address-add", address: operation.address({ link, ip: ip("10.0.0.1"), length: 8 }) },
      "ip addr add 10.0.0.1/8 dev e0",
      "ip addr del 10.0.0.1/8 dev e0",
    ],
    [
      "a route by a gateway",
      {
        kind: "route-replace",
        route: operation.route({
          destination: prefix(ip("10.2.0.0"), 16),
          gateway: ip("10.0.0.9"),
          link,
          protocol: "static",
        }),
      },
      "ip route replace 10.2.0.0/16 via 10.0.0.9 dev e0 proto static",
      "ip route del unicast 10.2.0.0/16 via 10.0.0.9 dev e0 scope global",
    ],
    ["a link that comes up stays up", { kind: "link-up", link }, "ip link set dev e0 up", "-"],
    [
      "a port",
      { kind: "link-master", link, master: linkName("br0") },
      "ip link set dev e0 master br0",
      "ip link set dev e0 nomaster",
    ],
    [
      "a sysctl keeps its value",
      { kind: "sysctl", key: "ip_forward", value: 1 },
      "sysctl -w net.ipv4.ip_forward=1",
      "-",
    ],
  ])("%s", (_, done, command, undo) => {
    expect(rendered(done)).toBe(`u.service\tstop-unit\t${command}\t${undo}\n`);
  });

  it("keeps the unit one word, and says what it does after a refusal", () => {
    expect(rendered({ kind: "link-up", link }, { unit: "two words", onRefusal: "continue" })).toBe(
      "two-words\tcontinue\tip link set dev e0 up\t-\n",
    );
  });
});
