import type { Sysctls } from "#model/index.js";
import { say } from "./messages.js";
import type { Reading } from "./reading.js";

const LINE = /^([^=\s]+)\s*=\s*(.*)$/;

/**
 * Reads `sysctl` lines (`net.ipv4.conf.eth0/100.rp_filter = 1`, dots and slashes in either role as sysctl(8) allows) and keeps the
 * numbers below `net.ipv4.`; a key that is not there has the kernel's default.
 */
export function readSysctls(reading: Reading, file: string, text: string): Sysctls {
  const sysctls = new Map<string, number>();
  for (const [index, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith(";")) continue;
    const source = { file, line: index + 1, column: 1 };
    const match = LINE.exec(trimmed);
    if (match === null) {
      reading.errors.push(say.badLine(source, "a line `key = value`", trimmed.slice(0, 80)));
      continue;
    }
    const key = canonicalKey(match[1] ?? "");
    const value = match[2] ?? "";
    if (key === null) continue;
    if (/^-?\d+$/.test(value)) sysctls.set(key, Number(value));
    else if (isModelled(key)) reading.errors.push(say.badValue(source, "a number", value.slice(0, 80)));
  }
  return sysctls;
}

/** The key without `net.ipv4.`, dots of a link's name as slashes; null for other parts of the tree. */
function canonicalKey(key: string): string | null {
  const firstSeparator = /[./]/.exec(key)?.[0];
  const dotted = firstSeparator === "/" ? key.replaceAll(/[./]/g, swapSeparators) : key;
  const rest = /^net\.ipv4\.(.+)$/.exec(dotted)?.[1];
  if (rest === undefined) return null;
  const perLink = /^(conf|neigh)\.(.+)\.([a-z0-9_]+)$/.exec(rest);
  return perLink === null ? rest : `${perLink[1]}.${(perLink[2] ?? "").replaceAll(".", "/")}.${perLink[3]}`;
}

function swapSeparators(separator: string): string {
  return separator === "/" ? "." : "/";
}

function isModelled(key: string): boolean {
  return key === "ip_forward" || key.startsWith("conf.");
}
