import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { labKill, labStart } from "#lab/index.js";
import type { Bench, FleetStanding } from "./bench.js";
import { isMoment, type Moment, since, type Trial } from "./faults.js";
import type { Work } from "./floor.js";
import { afterEnd, describe, wholeOf } from "./judge.js";
import type { ControllerEnd, RunningController } from "./kill-controller.js";

/** A hardship strikes at a moment of the first phase, or before the run. */
export type When = "before" | Moment;

interface Hardship {
  readonly what: string;
  readonly when: When;
  /** Prepares a host before the run, such as with a small disk. */
  readonly prepare?: (bench: Bench) => Promise<void>;
  readonly strike: (bench: Bench, controller: RunningController) => Promise<void>;
  /** What else must hold; gives what does not. */
  readonly judge?: (bench: Bench, end: ControllerEnd) => Promise<readonly string[]>;
  /** Takes the hardship away before the fleet is judged. */
  readonly lift?: (bench: Bench) => Promise<void>;
}

/** Carries the plan out with it; what the controller says must be what the hosts are. */
function suffer(hardship: Hardship): Work<Trial> {
  return async (bench, { fleet, ends }) => {
    const { when, strike, prepare, lift, judge } = hardship;
    await prepare?.(bench);
    const begun = performance.now();
    const controller = await startAndStrike(bench, when, strike);
    const end = await controller.end;
    const own = (await judge?.(bench, end)) ?? [];
    await lift?.(bench);
    const standing = await bench.standing(ends);
    return {
      what: `${fleet.name}: ${hardship.what}, ${when}`,
      problems: [...own, ...afterEnd(end, { standing, entries: bench.entries() })],
      whole: wholeOf(standing),
      seconds: since(begun),
    };
  };
}

async function startAndStrike(
  bench: Bench,
  when: When,
  strike: Hardship["strike"],
): Promise<RunningController> {
  if (when === "before") {
    const none = { pid: undefined, end: Promise.resolve({ kind: "killed" } as const), kill: () => undefined };
    await strike(bench, none);
    return bench.startApply();
  }
  const controller = bench.startApply();
  await bench.awaitEntry(isMoment(when));
  await strike(bench, controller);
  return controller;
}

/** The state directory of a host is full. */
export function fullDisk(host: string, when: When): Work<Trial> {
  return suffer({
    what: `the disk of ${host} is full`,
    when,
    prepare: async (bench) => {
      const script = 'mkdir -p "$1" && mount -t tmpfs -o size=1m,mode=700 tmpfs "$1"';
      await bench.must(host, ["sh", "-c", script, "sh", bench.stateOnHost(host)]);
    },
    strike: async (bench) => {
      const script = 'cat /dev/zero >"$1/ballast" 2>/dev/null; [ -s "$1/ballast" ]';
      await bench.must(host, ["sh", "-c", script, "sh", bench.stateOnHost(host)]);
    },
    lift: async (bench) => {
      await bench.must(host, ["rm", "-f", `${bench.stateOnHost(host)}/ballast`]);
    },
  });
}

/** Nothing can be written to /etc of a host. */
export function readOnlyEtc(host: string, when: When): Work<Trial> {
  return suffer({
    what: `/etc of ${host} is read-only`,
    when,
    strike: async (bench) => {
      await bench.must(host, ["mount", "-o", "remount,ro", "/etc"]);
    },
    lift: async (bench) => {
      await bench.must(host, ["mount", "-o", "remount,rw", "/etc"]);
    },
  });
}

/** Another administrator changes what the run is about to keep: its address goes and comes again with another one beside it. */
export function foreignAddress(host: string, when: Moment): Work<Trial> {
  const address = ["10.99.0.1/32", "dev", "e0"];
  return suffer({
    what: `somebody gives ${host} another address`,
    when,
    strike: async (bench) => {
      await bench.must(host, ["ip", "addr", "add", ...address]);
    },
    judge: async (_, end) => notDone(end),
    lift: async (bench) => {
      // Whether the second level took it away, too, is not promised.
      await bench.must(host, ["sh", "-c", `ip addr del ${address.join(" ")} 2>/dev/null; :`]);
    },
  });
}

/** Another administrator writes to the file that the run is about to exchange. */
export function foreignFile(host: string, when: Moment): Work<Trial> {
  const file = "/etc/systemd/network/10-e0.network";
  const line = "# somebody else";
  return suffer({
    what: `somebody writes to a file of ${host}`,
    when,
    strike: async (bench) => {
      await bench.must(host, ["sh", "-c", `echo '${line}' >>${file}`]);
    },
    judge: async (bench, end) => {
      const text = await bench.must(host, ["cat", file]);
      return [...notDone(end), ...(text.includes(line) ? [] : ["the other's line is lost"])];
    },
    lift: async (bench) => {
      await bench.must(host, ["sed", "-i", `/^${line}$/d`, file]);
    },
  });
}

function notDone(end: ControllerEnd): readonly string[] {
  return end.kind === "ended" && end.outcome.kind === "done" ? ["expected no `done`"] : [];
}

/** Every session of the controller is cut, so that what it just asked for has no answer. */
export function sessionsCut(when: Moment): Work<Trial> {
  return suffer({
    what: "all sessions are cut",
    when,
    strike: async (_, { pid }) => {
      for (const child of childrenOf(pid)) endQuietly(child);
    },
  });
}

/** Sessions are cut again and again for a while, at no moment in particular. */
export function sessionsCutOften(times: number, everyMs: number): Work<Trial> {
  return suffer({
    what: `all sessions are cut ${times} times, each ${everyMs} ms`,
    when: "armed",
    strike: async (_, { pid }) => {
      for (let cut = 0; cut < times; cut += 1) {
        for (const child of childrenOf(pid)) endQuietly(child);
        await sleep(everyMs);
      }
    },
  });
}

/** `pointsman abort` in another terminal. */
export function aborted(when: Moment): Work<Trial> {
  return suffer({
    what: "abort from another terminal",
    when,
    strike: async (bench) => {
      const { code, text } = await bench.say("abort");
      if (code !== 0) throw new Error(`abort: ${code} ${text}`);
    },
    judge: async (_, end) => {
      const isBack = end.kind === "ended" && end.outcome.kind === "rolled-back";
      return isBack ? [] : ["expected all taken back"];
    },
  });
}

/** A host that loses its power for good: the others are as the policy says; what it comes back with later is old. */
export function neverBack(
  host: string,
  { phase, policy }: { readonly phase: number; readonly policy: "revert-all" | "keep-confirmed" },
): Work<Trial> {
  return async (bench, { fleet, ends }) => {
    const begun = performance.now();
    const controller = bench.startApply({ policy: { onFailure: policy } });
    await bench.awaitEntry(
      ({ kind, verb, record }) =>
        kind === "result" && verb === "switch" && record?.endsWith(`-p${phase}`) === true,
    );
    await labKill(bench.lab, host);
    const end = await controller.end;
    const others = await othersOf(bench, { host, ends });
    const seconds = since(begun);
    await labStart(bench.lab, host);
    const after = await bench.resume();
    const standing = await bench.standing(ends);
    const stays = policy === "keep-confirmed" && phase > 1;
    const wanted = (name: string): string => (stays && name === "r" ? "new" : "old");
    const problems = [
      ...(end.kind === "ended" && end.outcome.kind === "unknown" ? [] : ["expected an unknown outcome"]),
      ...[...others, ...standing].flatMap(([name, { state }]) =>
        state === wanted(name) ? [] : [`${name} is ${state}, expected ${wanted(name)}`],
      ),
      ...(after.kind === "ended" && ["rolled-back", "kept"].includes(after.outcome.kind)
        ? []
        : ["not ended"]),
    ];
    return {
      what: `${fleet.name}: ${host} never comes back from phase ${phase}, ${policy}`,
      problems:
        problems.length === 0
          ? []
          : [...problems, JSON.stringify(end), JSON.stringify(after), describe(standing)],
      whole: wholeOf(others),
      seconds,
    };
  };
}

async function othersOf(
  bench: Bench,
  { host, ends }: { readonly host: string; readonly ends: Parameters<Bench["standing"]>[0] },
): Promise<FleetStanding> {
  const names = bench.fleet.hosts.filter((name) => name !== host);
  const all = await Promise.all(
    names.map(async (name) => [name, await bench.standingOf(name, ends)] as const),
  );
  return new Map(all);
}

/** By field 4 of /proc/PID/stat; proc(5). */
function childrenOf(parent: number | undefined): readonly number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const own = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return own === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
