import { describe, expect, it } from "vitest";
import { buildHost } from "../../test/fleet-builder.js";
import { describeRoute } from "./describe-route.js";

describe("describeRoute", () => {
  it.each([
    "10.9.0.0/16 via 10.0.0.7 dev e0 metric 5",
    "10.9.0.0/16 via 10.0.0.7 dev e0 onlink",
    "blackhole 10.8.0.0/16",
    "10.7.0.0/16 dev e0 table 100",
  ])("writes `%s` as ip route does", (text) => {
    const host = buildHost("a", { links: { e0: { addresses: ["10.0.0.1/24"] } }, routes: [text] });
    const route = host.routes.at(-1);
    expect(route === undefined ? "" : describeRoute(route)).toBe(text);
  });

  it("names table local by its name", () => {
    const [first] = buildHost("a", {}).routes;
    expect(first === undefined ? "" : describeRoute(first)).toBe("local 127.0.0.1/32 dev lo table local");
  });
});
