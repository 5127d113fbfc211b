import type { FleetHost, HostId } from "#model/index.js";
import { askHost, inParallel, type ScriptAnswer, TOOL_PATH } from "#probe/index.js";
import type { Finding, PreflightContext } from "./check.js";
import { say } from "./messages.js";

/** All is well, and this is what was found. */
export function fine(detail: string): Finding {
  return { outcome: "ok", detail, hint: "" };
}

/** There was nothing to look at, or nobody to ask. */
export function passedOver(detail: string): Finding {
  return { outcome: "skipped", detail, hint: "" };
}

/** Something that does not stop a run. */
export function warning(detail: string, hint: string): Finding {
  return { outcome: "warning", detail, hint };
}

/** Something that stops it. */
export function failed(detail: string, hint: string): Finding {
  return { outcome: "failed", detail, hint };
}

/** The hosts that have a step in the program, once each, in its order. */
function changedHosts({ program }: PreflightContext): readonly HostId[] {
  return [...new Set(program.phases.flatMap(({ steps }) => steps.map(({ host }) => host)))];
}

/** Of these, the hosts of the fleet file that `is` true of; null where there is no fleet file. */
export function changedHostsThat(
  context: PreflightContext,
  is: (host: FleetHost) => boolean,
): readonly HostId[] | null {
  const { fleet } = context;
  if (fleet === null) return null;
  const changed = new Set(changedHosts(context));
  return fleet.hosts.flatMap((host) => (changed.has(host.id) && is(host) ? [host.id] : []));
}

/** What is asked of hosts of one kind, and what follows from an answer. */
export interface HostQuestion {
  readonly hosts: readonly HostId[] | null;
  /** Fixed text of `sh`. */
  readonly script: string;
  /** What is read, to begin a sentence with where it could not be. */
  readonly what: string;
  /** What the hosts are, where there is none of them. */
  readonly kind: string;
  readonly judge: (host: HostId, answer: ScriptAnswer) => readonly Finding[];
  /** Said where no host has anything to say. */
  readonly well: string;
}

const QUESTION_MS = 20_000;

/** Asks all hosts of a kind one thing; a host without an answer is a warning, because it was not found to be wrong. */
export async function askAll(context: PreflightContext, question: HostQuestion): Promise<readonly Finding[]> {
  const { hosts, script, what, judge } = question;
  if (hosts === null) return [passedOver(say.noFleet)];
  if (hosts.length === 0) return [passedOver(say.onlyOthers(question.kind))];
  const found = await inParallel(hosts, 16, async (host) => {
    const answer = await askHost(context.sessionOf, host, {
      script: `${TOOL_PATH}\n${script}`,
      words: [],
      timeoutMs: QUESTION_MS,
    });
    return answer.ok ? judge(host, answer.value) : [warning(say.notRead(host, what, answer.error), "")];
  });
  const findings = found.flat();
  return findings.length === 0 ? [fine(question.well)] : findings;
}
