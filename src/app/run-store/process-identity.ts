import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, so that another one with its number, after it or on another machine, is not taken for it. */
export interface ProcessIdentity {
  readonly machine: string;
  /** The kernel's boot id, or an empty text where there is none to read. */
  readonly bootId: string;
  /** Which numbering of processes `pid` belongs to; pid_namespaces(7). Empty where the kernel does not say. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Clock ticks between the boot and its start, proc_pid_stat(5) field 22; empty where there is no /proc. */
  readonly startTime: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return {
    machine: hostname(),
    bootId: readQuietly("/proc/sys/kernel/random/boot_id").trim(),
    pidNamespace: readLinkQuietly("/proc/self/ns/pid"),
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? "",
  };
}

/** Whether a process still runs; `unknown` where it ran on another machine, or in a numbering of processes that is not seen from here. */
export function isRunning(identity: ProcessIdentity): "yes" | "no" | "unknown" {
  const own = ownIdentity();
  if (identity.machine !== own.machine) return "unknown";
  if (identity.bootId !== own.bootId) return "no";
  if (identity.pidNamespace !== own.pidNamespace) return "unknown";
  if (!isThere(identity.pid)) return "no";
  return startTimeOf(identity.pid) === (identity.startTime === "" ? null : identity.startTime) ? "yes" : "no";
}

/** kill(2) with signal 0; a process of another user is there too. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The name in the second field may hold blanks and parentheses: what counts begins behind the last one. A zombie runs no more. */
function startTimeOf(pid: number): string | null {
  const stat = readQuietly(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function readLinkQuietly(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
