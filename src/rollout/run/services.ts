import type { HostId } from "#model/index.js";
import { arm, extend, revert, switchOver } from "../host-client/verbs.js";
import { messages } from "../messages.js";
import { servicesRecord } from "../record-id.js";
import type { HostServices, HostStep, RunPhase } from "../run-program.js";
import { holders } from "../where-it-stood.js";
import { releaseRecord } from "./claims.js";
import { append, deadlineKey, type RunContext, standingOf } from "./context.js";
import { failuresOf, goRound } from "./round.js";

/** Services outlive the dead-men of the phase beside them: the network is as it was before they are started by themselves. */
const LIVES = 2;

/**
 * How long services of a host may need to stop, and to start: systemd gives a unit 90 s before it kills it (systemd-system.conf(5),
 * DefaultTimeoutStopSec), and the member of etcd that leads uses half a minute of them where all others stop with it.
 */
export const SERVICES_SECONDS = 120;
const SERVICES_MS = SERVICES_SECONDS * 1000;

/**
 * Has the services of these hosts stopped, and keeps their dead-men from firing for another while. Those that stand still stay so; where a
 * dead-man has started some meanwhile, all are started and stopped anew.
 *
 * @returns null where all of them stand still; else why not.
 */
export async function holdServices(run: RunContext, hosts: readonly HostId[]): Promise<string | null> {
  const wanted = run.program.services.filter(({ host, units }) => hosts.includes(host) && units.length > 0);
  if (wanted.length === 0) return null;
  if (await isHeld(run, wanted)) return null;
  const left = await startServices(run);
  return left ?? (await stopServices(run, wanted));
}

/** Hosts whose services stand still while a phase runs. */
export function stoppedIn(run: RunContext, phase: RunPhase): readonly HostId[] {
  switch (run.program.strategy) {
    case "live":
      return [];
    case "rolling-stop":
      return phase.steps.map(({ host }) => host);
    case "full-stop":
      return run.program.services.map(({ host }) => host);
  }
}

/** Whether all of them stand still by records of this run, and for another while. */
async function isHeld(run: RunContext, wanted: readonly HostServices[]): Promise<boolean> {
  const held = new Set(servicesHeld(run).flatMap(({ hosts }) => hosts));
  const switched = switchedHosts(run);
  if (!wanted.every(({ host }) => held.has(host) && switched.has(host))) return false;
  return (await extendServices(run)).length === 0;
}

/** Keeps the dead-men of stopped services from firing for another while. Returns the hosts that did not say so. */
export async function extendServices(run: RunContext): Promise<readonly HostId[]> {
  const left: HostId[] = [];
  for (const { record, hosts } of servicesHeld(run)) {
    const replies = await goRound(run, {
      verb: "extend",
      record,
      hosts,
      act: async (to, host) => {
        const bootId = run.deadlines.get(deadlineKey(record, host))?.bootId ?? "";
        const reply = await extend(to, record, secondsOf(run), bootId);
        if (reply.kind === "done") run.deadlines.set(deadlineKey(record, host), reply.value);
        return reply;
      },
    });
    left.push(...failuresOf(replies).map(({ host }) => host));
  }
  return left;
}

function switchedHosts(run: RunContext): ReadonlySet<HostId> {
  const records = standingOf(run).records.filter(({ phase }) => phase === null);
  return new Set(
    records.flatMap(({ hosts }) =>
      [...hosts]
        .filter(([, words]) => words.get("switch") === "done" && words.get("revert") === undefined)
        .map(([host]) => host),
    ),
  );
}

async function stopServices(run: RunContext, wanted: readonly HostServices[]): Promise<string | null> {
  const attempt = standingOf(run).records.filter(({ phase }) => phase === null).length;
  const record = servicesRecord(run.program.runId, attempt);
  const steps = new Map(wanted.map((services) => [services.host, stepOf(services)]));
  const hosts = wanted.map(({ host }) => host);
  const armed = await goRound(run, {
    verb: "arm",
    record,
    hosts,
    act: async (to, host) => {
      const step = steps.get(host) ?? { forward: [], revert: [], persist: [] };
      const reply = await arm(to, { record, seconds: secondsOf(run), step, keep: [] });
      if (reply.kind === "done") run.deadlines.set(deadlineKey(record, host), reply.value);
      return reply;
    },
  });
  const [unarmed] = failuresOf(armed);
  if (unarmed !== undefined) return messages.notArmed(unarmed.host, unarmed.reply);
  const switched = await goRound(run, {
    verb: "switch",
    record,
    hosts,
    act: (to) => switchOver(to, record, SERVICES_MS),
  });
  const [running] = failuresOf(switched);
  return running === undefined ? null : messages.notStopped(running.host, running.reply);
}

function secondsOf(run: RunContext): number {
  return run.program.policy.deadlineSeconds * LIVES + SERVICES_SECONDS;
}

function stepOf({ units }: HostServices): Pick<HostStep, "forward" | "revert" | "persist"> {
  return {
    forward: units.map((unit) => ["service-stop", unit] as const),
    revert: units.toReversed().map((unit) => ["service-start", unit] as const),
    persist: [],
  };
}

/**
 * Starts every service that the run has stopped and not started yet. Takes a record back by its own revert, so it may be said again.
 *
 * @returns null where all run; else which hosts did not say so.
 */
export async function startServices(run: RunContext): Promise<string | null> {
  const left: HostId[] = [];
  for (const { record, hosts } of servicesHeld(run)) {
    const replies = await goRound(run, {
      verb: "revert",
      record,
      hosts,
      act: (to) => revert(to, record, false, SERVICES_MS),
    });
    left.push(...failuresOf(replies).map(({ host }) => host));
    await releaseRecord(
      run,
      record,
      hosts.filter((host) => replies.get(host)?.kind === "done"),
    );
  }
  if (left.length === 0) return null;
  await append(run, { kind: "note", what: "services-left", detail: messages.servicesLeft(left) });
  return messages.servicesLeft(left);
}

/** Records of stopped services that are not taken back yet, with the hosts that may hold them. */
export function servicesHeld(
  run: RunContext,
): readonly { readonly record: string; readonly hosts: readonly HostId[] }[] {
  return standingOf(run)
    .records.filter(({ phase }) => phase === null)
    .map((record) => ({ record: record.id, hosts: holders(record) }))
    .filter(({ hosts }) => hosts.length > 0);
}
