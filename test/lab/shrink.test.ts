import { expect, it } from "vitest";
import { bareHost, type FleetSpecification } from "./fleet-specification.js";
import { randomFleet } from "./random-fleet.js";
import { shrinkFleet } from "./shrink.js";

it("keeps only the lines that the fault needs", async () => {
  const isFaulty = (fleet: FleetSpecification): boolean => {
    const routes = fleet.hosts.find((host) => host.name === "h2")?.routes ?? [];
    return (
      routes.includes("10.9.0.0/16 dev e0") &&
      fleet.hosts.some((host) => host.sysctls.includes("ip_forward=1"))
    );
  };
  const start = randomFleet(0, "everything");
  const hosts = start.hosts.map((host) =>
    host.name === "h2"
      ? {
          ...host,
          sysctls: ["ip_forward=1", "conf.all.rp_filter=1"],
          routes: [...host.routes, "10.9.0.0/16 dev e0", "default dev e0"],
        }
      : host,
  );
  const smallest = await shrinkFleet({ ...start, hosts }, ["h1"], (fleet) =>
    Promise.resolve(isFaulty(fleet)),
  );
  expect(isFaulty(smallest)).toBe(true);
  expect(smallest.hosts).toEqual([
    bareHost("h1"),
    { ...bareHost("h2"), sysctls: ["ip_forward=1"], routes: ["10.9.0.0/16 dev e0"] },
  ]);
  expect(smallest.segments).toEqual([]);
});
