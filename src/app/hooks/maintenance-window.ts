import { err, ok, type Result } from "#model/index.js";

/** Days by their first three letters, as `Date.getDay` counts them. */
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const MINUTES_OF_A_DAY = 24 * 60;

/** When changes may be made: on these days, between two times of day. */
export interface MaintenanceWindow {
  /** As it was given; for people. */
  readonly text: string;
  /** Days on which it opens; 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes since midnight. */
  readonly opens: number;
  /** Minutes since the midnight before `opens`: more than a day where it ends on the next one. */
  readonly closes: number;
  readonly zone: "local" | "UTC";
}

/**
 * Reads `[DAYS ]HH:MM-HH:MM[ UTC]`, such as `Sat 22:00-23:30`, `Mon-Fri,Sun 01:00-03:00 UTC` or `23:00-02:00`: no days are all days, and a
 * window that closes before it opens closes on the next day. The error says what was expected and found.
 */
export function parseWindow(text: string): Result<MaintenanceWindow, string> {
  const match = /^\s*(?:([A-Za-z,-]+)\s+)?(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)(?:\s+(UTC))?\s*$/.exec(text);
  const days = match === null ? null : parseDays(match[1]);
  const opens = match === null ? null : minutesOf(match[2], match[3]);
  const closes = match === null ? null : minutesOf(match[4], match[5]);
  if (match === null || days === null || opens === null || closes === null || opens === closes)
    return err(
      `Expected a window such as \`Sat 22:00-23:30\` or \`Mon-Fri 01:00-03:00 UTC\`, found \`${text}\`.`,
    );
  const length = closes > opens ? closes - opens : closes - opens + MINUTES_OF_A_DAY;
  const zone = match[6] === undefined ? "local" : "UTC";
  return ok({ text: text.trim(), days, opens, closes: opens + length, zone });
}

/**
 * Whether the window is open at `now` and stays open for so many seconds more: what is begun has to end in it. A window that opened
 * yesterday and closes today counts.
 */
export function isWithin(window: MaintenanceWindow, now: Date, needsSeconds: number): boolean {
  const ends = now.getTime() + needsSeconds * 1000;
  return [0, -1].some((offset) => {
    const day = dayOf(window, now, offset);
    if (!window.days.includes(day.weekday)) return false;
    return timeOf(window, day, window.opens) <= now.getTime() && ends <= timeOf(window, day, window.closes);
  });
}

function parseDays(text: string | undefined): readonly number[] | null {
  if (text === undefined) return [0, 1, 2, 3, 4, 5, 6];
  const days = text.split(",").map((part) => {
    const ends = part.split("-").map((name) => DAYS.indexOf(name.toLowerCase()));
    const [first = -1, last = first] = ends;
    return first < 0 || last < 0 || ends.length > 2 ? null : daysBetween(first, last);
  });
  return days.includes(null) ? null : [...new Set(days.flatMap((some) => some ?? []))].sort();
}

function daysBetween(first: number, last: number): readonly number[] {
  const count = ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => (first + index) % 7);
}

function minutesOf(hours: string | undefined, minutes: string | undefined): number | null {
  const [hour, minute] = [Number(hours), Number(minutes)];
  const isTime = (hour < 24 && minute < 60) || (hour === 24 && minute === 0);
  return isTime ? hour * 60 + minute : null;
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly weekday: number;
}

/** The day of `now` in the window's zone, moved by whole days; `Date` carries over the ends of months. */
function dayOf({ zone }: MaintenanceWindow, now: Date, offset: number): Day {
  const noon =
    zone === "UTC"
      ? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + offset, 12))
      : new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset, 12);
  return zone === "UTC"
    ? {
        year: noon.getUTCFullYear(),
        month: noon.getUTCMonth(),
        date: noon.getUTCDate(),
        weekday: noon.getUTCDay(),
      }
    : { year: noon.getFullYear(), month: noon.getMonth(), date: noon.getDate(), weekday: noon.getDay() };
}

/** Where clocks are set, a local time of day is what the zone says of it. */
function timeOf({ zone }: MaintenanceWindow, { year, month, date }: Day, minutes: number): number {
  return zone === "UTC"
    ? Date.UTC(year, month, date, 0, minutes)
    : new Date(year, month, date, 0, minutes).getTime();
}
