import type { HostId } from "#model/index.js";
import type { JournalProblem } from "#rollout/index.js";
import type { CollectedHost } from "../collect/collect-snapshot.js";
import type { Failure, FailureKind } from "../failure.js";
import type { ChangedFile } from "../plan-file/schema.js";
import type { LockAnswer } from "../run-store/file-lock.js";
import type { Misfit } from "./live-fit.js";
import type { CheckResult } from "./request.js";

type TakenLock = Extract<LockAnswer, { readonly kind: "taken" }>;

/** Hosts and lines named in one message. */
const MAX_NAMED = 8;
const MAX_LINES = 12;
const MAX_RUNS = 3;

function failure(
  kind: FailureKind,
  message: string,
  rest: Partial<Failure> & { readonly hint: string },
): Failure {
  return { kind, message, where: null, more: [], ...rest };
}

function list(hosts: readonly string[]): string {
  const named = hosts.slice(0, MAX_NAMED).map((host) => `\`${host}\``);
  const left = hosts.length - named.length;
  return `${named.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

const NOTHING_CHANGED = "Nothing was changed.";
const PLAN_AGAIN = "Make the plan again with `pointsman plan -o FILE`.";

/** The texts of everything that keeps a run from beginning, and of runs that are looked for. */
export const say = {
  alteredPlan: (path: string): Failure =>
    failure(
      "altered",
      `Expected the plan file as it was written, found one whose digest does not fit its text. ${NOTHING_CHANGED}`,
      { where: path, hint: PLAN_AGAIN },
    ),
  notProved: (path: string, kind: string, problem: string): Failure =>
    failure(
      "refused",
      `Expected a plan that is proved, and its proof made again is \`${kind}\`: ${problem} ${NOTHING_CHANGED}`,
      { where: path, hint: `\`pointsman prove ${path}\` has the whole of it. ${PLAN_AGAIN}` },
    ),
  handwork: (path: string, steps: readonly string[]): Failure =>
    failure(
      "refused",
      `Expected a plan that can be carried out by commands on its hosts, found ${steps.length === 1 ? "a step" : `${steps.length} steps`} that only a person can do: ${steps.slice(0, MAX_NAMED).join("; ")}. ${NOTHING_CHANGED}`,
      { where: path, hint: "Carry this plan out by its runbook: `pointsman plan --runbook FILE` writes it." },
    ),
  noWayBack: (host: HostId, phase: number): Failure =>
    failure(
      "refused",
      `Expected a way back for the step of \`${host}\` in phase ${phase}, and the model of the kernel finds none. ${NOTHING_CHANGED}`,
      { hint: "Carry this step out by the runbook, with a console of the host at hand." },
    ),
  systemMissing: (host: HostId): Failure =>
    failure(
      "refused",
      `Expected the new NixOS system of \`${host}\`, whose modules change, found none. ${NOTHING_CHANGED}`,
      {
        hint: `Build it, copy it there with \`nix-copy-closure\`, and name it: \`--system ${host}=/nix/store/...\`. Or try the change without writing it: \`--persist never\`.`,
      },
    ),
  noSystem: (host: string, path: string): Failure =>
    failure("usage", `Expected the path of a NixOS system in the store for \`${host}\`, found \`${path}\`.`, {
      hint: `Write \`--system ${host}=/nix/store/HASH-nixos-system-NAME\`, as \`readlink -f result\` prints it.`,
    }),
  systemOfNobody: (host: string): Failure =>
    failure("usage", `Expected a host of the plan for \`--system\`, found \`${host}\`.`, {
      hint: "Correct the name; `pointsman prove --show FILE` lists the hosts that change.",
    }),
  placeUnknown: ({ host, path }: ChangedFile): Failure =>
    failure(
      "refused",
      `Expected to know where \`${path}\` lies on \`${host}\`, and nothing says so. ${NOTHING_CHANGED}`,
      {
        hint: "Add `at: /path/on/the/host` beside it in the fleet file and make the plan again, or use `--persist never`.",
      },
    ),
  otherText: ({ host, path }: ChangedFile): Failure =>
    failure(
      "refused",
      `Expected \`${path}\` of \`${host}\` with the text that the plan was made for, found another one or none. ${NOTHING_CHANGED}`,
      {
        hint: `Name the tree that the plan leads to with \`--configuration TREE\`, or make the plan again.`,
      },
    ),
  nothingToWrite: (hosts: readonly string[]): Failure =>
    failure(
      "refused",
      `Expected changed configuration files of ${list(hosts)}, found none in the plan: after a reboot the old network would be back. ${NOTHING_CHANGED}`,
      {
        hint: "Make the plan from configuration trees (`--fleet --from --to`), or try the change in the kernel alone: `--persist never`.",
      },
    ),
  servicesUnknown: (strategy: string): Failure =>
    failure(
      "refused",
      `Expected the fleet file, since \`${strategy}\` stops services and it says which cluster runs where, found none. ${NOTHING_CHANGED}`,
      { hint: "Name it with `--fleet FILE`." },
    ),
  distributionUnknown: (strategy: string, cluster: string): Failure =>
    failure(
      "refused",
      `Expected clusters of k3s for \`${strategy}\`, found \`${cluster}\` of another distribution, whose units are not known. ${NOTHING_CHANGED}`,
      { hint: "Carry this plan out by its runbook, or find one with `--strategy live`." },
    ),
  noLab: (message: string, hint: string): Failure => failure("usage", message, { hint }),
  deadlineTooShort: (given: number, least: number): Failure =>
    failure(
      "usage",
      `Expected a deadline of at least ${least} s for arming, switching, settling, measuring and confirming, found ${given} s.`,
      { hint: "Leave `--deadline` out: then it is what the phases need with all their patience." },
    ),
  locked: (fleet: string, { holder, isSeenRunning, file }: TakenLock): Failure =>
    failure(
      "locked",
      `Expected the fleet \`${fleet}\` for this run alone, found run \`${holder.run}\` at work on it: process ${holder.pid} of \`${holder.machine}\`${isSeenRunning ? "" : ", which cannot be seen from here"}. ${NOTHING_CHANGED}`,
      {
        where: file,
        hint: `Watch it with \`pointsman status ${holder.run}\`, or wait until it has ended; \`pointsman abort ${holder.run}\` has it take everything back.${isSeenRunning ? "" : " If that process is gone for good, remove the file."}`,
      },
    ),
  lockUnreadable: (file: string): Failure =>
    failure(
      "locked",
      `Expected the lock to say who holds it, found a file that says nothing. ${NOTHING_CHANGED}`,
      {
        where: file,
        hint: "Make sure that no controller works on the fleet, on any machine, and remove the file.",
      },
    ),
  stateFolder: (problem: string): Failure =>
    failure("unreadable", `Expected to keep the run on disk: ${problem}`, {
      hint: "Make room, or name another folder with `--state DIR`. What is armed on hosts is taken back by them; `pointsman status` tells.",
    }),
  noWindow: (problem: string): Failure =>
    failure("usage", problem, {
      hint: "Write it as `--window 'Sat 22:00-23:30'`, with ` UTC` behind it where it is not local time.",
    }),
  outsideWindow: (window: string, seconds: number): Failure =>
    failure(
      "refused",
      `Expected ${Math.ceil(seconds / 60)} minutes, which this run may take at most, before the end of the window \`${window}\`, found less. ${NOTHING_CHANGED}`,
      { hint: "Begin it earlier in the window, or name another one." },
    ),
  notCollected: (hosts: readonly CollectedHost[]): Failure =>
    failure(
      "unreadable",
      `Expected the live state of every host, found none of ${list(hosts.map(({ host }) => host))}. ${NOTHING_CHANGED}`,
      {
        more: hosts.slice(0, MAX_NAMED).map(({ host, why }) => `${host}: ${why}`),
        hint: "Reach each of them with `ssh`, as the fleet file names it, and run this again.",
      },
    ),
  stale: (misfits: readonly Misfit[]): Failure =>
    failure(
      "altered",
      `Expected the hosts as the plan found them, and ${list(misfits.map(({ host }) => host))} ${misfits.length === 1 ? "is" : "are"} different now. ${NOTHING_CHANGED}`,
      {
        more: misfits.flatMap(({ host, lines }) => [
          ...lines.slice(0, MAX_LINES).map((line) => `${host}: ${line}`),
          ...(lines.length > MAX_LINES ? [`${host}: and ${lines.length - MAX_LINES} more`] : []),
        ]),
        hint: `These commands would make them so again. If what they are now is right, make the plan again from it: \`pointsman collect\`, or configuration files and \`sysctls\` of the fleet file that say it.`,
      },
    ),
  checksFailed: (checks: readonly CheckResult[]): Failure => {
    const [first, ...rest] = checks;
    const hints = [...new Set(checks.map(({ hint }) => hint))].filter((hint) => hint !== "");
    return failure(
      "refused",
      `The check \`${first?.name ?? ""}\` failed: ${first?.detail ?? ""} ${NOTHING_CHANGED}`,
      {
        more: rest.map(({ name, detail }) => `${name}: ${detail}`),
        hint: `${hints.join(" ")} \`--skip-check ${first?.name ?? "NAME"}\` begins all the same, and the journal says so.`.trim(),
      },
    );
  },
  notBegun: { why: "Nobody said yes.", hint: "Nothing was changed. Run it again when it is wanted." },
  noRuns: (stateFolder: string): Failure =>
    failure("usage", "Expected a run, found none.", {
      where: stateFolder,
      hint: "Begin one with `pointsman apply PLAN`, or name the folder where runs are kept with `--state DIR`.",
    }),
  unknownRun: (run: string, known: readonly string[]): Failure =>
    failure("usage", `Expected a run of the state folder, found \`${run}\`.`, {
      hint: `The last ones are ${list(known.slice(-MAX_RUNS).reverse())}.`,
    }),
  noJournal: (path: string): Failure =>
    failure("unreadable", "Expected the journal of the run, found none.", {
      where: path,
      hint: "Nothing is known to have been begun. Look at each host with `sh /var/lib/pointsman/pointsman-host status`.",
    }),
  badJournal: (path: string, { problem, hint }: JournalProblem): Failure =>
    failure("altered", problem, { where: path, hint }),
  noStart: (run: string): Failure =>
    failure("usage", `Expected to know how the hosts of run \`${run}\` are reached, found no note of it.`, {
      hint: "Name `--fleet FILE`, and `--ssh-config FILE` or `--lab NAME`, as the run was started.",
    }),
  ended: (run: string, outcome: string): Failure =>
    failure("usage", `Expected a run that goes on, found that \`${run}\` has ended: ${outcome}.`, {
      hint: `\`pointsman status ${run}\` has the whole of it; \`pointsman rollback ${run}\` takes it back.`,
    }),
  nothingWaits: (run: string): Failure =>
    failure(
      "usage",
      `Expected a phase of \`${run}\` that waits for a confirmation, found none that has begun.`,
      {
        hint: `Look with \`pointsman status ${run}\`.`,
      },
    ),
  pausesAlone: (): Failure =>
    failure("usage", "Expected `--one-by-one` with `--pause`, found `--pause` alone.", {
      hint: "Add `--one-by-one`: in lock-step there is no next host to ask about.",
    }),
};
