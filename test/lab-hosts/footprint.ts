import { readdirSync, readFileSync } from "node:fs";
import type { LabPlaces } from "#lab/index.js";

/** All that labs of these places have on this machine, one line for each thing; empty where there is nothing. */
export function footprint({ label, base, registry }: LabPlaces): readonly string[] {
  return [
    ...names("/run/netns")
      .filter((name) => name.startsWith(`${label}-`))
      .map((name) => `namespace ${name}`),
    ...lines("/proc/self/mountinfo")
      .filter((line) => line.includes(` ${base}/`))
      .map((line) => `mount ${line}`),
    ...["", "unified", "systemd", "cpu"].flatMap((hierarchy) =>
      names(`/sys/fs/cgroup/${hierarchy}/${label}`).map((name) => `control group ${hierarchy}/${name}`),
    ),
    ...processesOf(label).map((pid) => `process ${pid}`),
    ...names(base).map((name) => `folder ${name}`),
    ...names(registry).map((name) => `registration ${name}`),
    ...names("/sys/class/net")
      .filter((name) => /^[ps]\d+/.test(name))
      .map((name) => `link ${name}`),
  ];
}

/** Processes in a control group of the label; one that has ended and is only not yet asked for its exit code is none. */
export function processesOf(label: string): readonly string[] {
  return names("/proc").filter(
    (name) =>
      /^\d+$/.test(name) &&
      lines(`/proc/${name}/cgroup`).some((line) => line.includes(`:/${label}/`)) &&
      !lines(`/proc/${name}/status`).some((line) => /^State:\s*[ZX]/.test(line)),
  );
}

function lines(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
