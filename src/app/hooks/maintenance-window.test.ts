import { describe, expect, it } from "vitest";
import { isWithin, type MaintenanceWindow, parseWindow } from "./maintenance-window.js";

function windowOf(text: string): MaintenanceWindow {
  const parsed = parseWindow(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

/** 21 November 2026 is a Saturday. */
const utc = (text: string): Date => new Date(`2026-11-${text}:00Z`);

describe("A maintenance window", () => {
  it.each([
    ["Sat 22:00-23:30", { days: [6], opens: 1320, closes: 1410, zone: "local" }],
    ["mon-fri,SUN 01:00-03:00 UTC", { days: [0, 1, 2, 3, 4, 5], opens: 60, closes: 180, zone: "UTC" }],
    ["fri-mon 01:00-03:00", { days: [0, 1, 5, 6], opens: 60, closes: 180, zone: "local" }],
    ["23:00-02:00", { days: [0, 1, 2, 3, 4, 5, 6], opens: 1380, closes: 1560, zone: "local" }],
    ["Sat 22:00 - 24:00", { days: [6], opens: 1320, closes: 1440, zone: "local" }],
  ])("is read from `%s`", (text, found) => {
    expect(windowOf(text)).toEqual({ text, ...found });
  });

  it.each([
    "",
    "Sat",
    "Sat 22-23",
    "Sat 22:00-22:00",
    "Sat 25:00-26:00",
    "Sat 22:61-23:00",
    "Xyz 22:00-23:00",
    "Sat-Sun-Mon 01:00-02:00",
    "22:00-23:00 CET",
    "22:00-23:00x",
  ])("is refused where it is written as `%s`", (text) => {
    expect(parseWindow(text)).toEqual({
      ok: false,
      error: `Expected a window such as \`Sat 22:00-23:30\` or \`Mon-Fri 01:00-03:00 UTC\`, found \`${text}\`.`,
    });
  });

  it.each([
    ["when it opens", "21T22:00", 600, true],
    ["with just enough time", "21T23:00", 1800, true],
    ["with a second too few", "21T23:00", 1801, false],
    ["before it opens", "21T21:59", 600, false],
    ["on another day", "22T22:30", 600, false],
  ])("holds a run that begins %s, or does not", (_, at, needs, is) => {
    expect(isWithin(windowOf("Sat 22:00-23:30 UTC"), utc(at), needs)).toBe(is);
  });

  it.each([
    ["on the evening of its day", "21T23:30", true],
    ["behind midnight, on the next day", "22T01:00", true],
    ["behind midnight of its own day, which belongs to the day before", "21T01:00", false],
    ["too late to end in it", "22T01:51", false],
  ])("that ends on the next day holds a run %s", (_, at, is) => {
    expect(isWithin(windowOf("Sat 23:00-02:00 UTC"), utc(at), 600)).toBe(is);
  });

  it("of the local zone means its clock", () => {
    const at = new Date(2026, 10, 21, 22, 30);
    expect(isWithin(windowOf("Sat 22:00-23:30"), at, 600)).toBe(true);
    expect(isWithin(windowOf("Sat 20:00-21:00"), at, 600)).toBe(false);
  });

  it("holds over the end of a month and of a year", () => {
    const newYear = new Date("2027-01-01T00:30:00Z");
    expect(isWithin(windowOf("Thu 23:00-02:00 UTC"), newYear, 60)).toBe(true);
  });
});
