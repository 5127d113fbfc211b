import { hostId } from "#model/index.js";
import { openLabReach } from "#transport/index.js";
import { hostScriptWords } from "./boot.js";
import type { Lab, LabRecord } from "./lab.js";
import { findPaths, readRecord } from "./lab-record.js";
import { requireRoot } from "./machine.js";
import { say } from "./messages.js";
import { checkPlaces, defaultPlaces, type LabPaths, type LabPlaces } from "./places.js";
import { type ProgramResult, runWords } from "./run-words.js";

/** Names the namespace in which the controller runs, with the files of this machine; every other name is a host's. */
const OPERATOR = "operator";

/** How a command in the lab is run. */
export interface ExecOptions {
  readonly places?: LabPlaces;
  /** What it reads from its standard input; missing: nothing. */
  readonly input?: string;
  /** After this long it is killed, and its code is 124; one minute where it is missing. */
  readonly timeoutMs?: number;
}

/** What a command in the lab did. */
export type ExecResult = ProgramResult;

/** An open lab with what its functions need of it. */
export interface OpenedLab {
  readonly lab: Lab;
  readonly paths: LabPaths;
}

/** Runs a command on a host through its console, which works whatever its network is like, or as `operator` where the controller runs. */
export async function labExec(
  name: string,
  host: string,
  words: readonly [string, ...string[]],
  { places = defaultPlaces(), ...options }: ExecOptions = {},
): Promise<ExecResult> {
  return runWords(labWords(name, host, words, places), options);
}

/** The words that run a command there, for whoever starts processes himself. They go on to be right when the host boots again. */
export function labWords(
  name: string,
  host: string,
  words: readonly [string, ...string[]],
  places: LabPlaces = defaultPlaces(),
): readonly [string, ...string[]] {
  const { lab, paths } = open(name, places);
  if (host !== OPERATOR) return hostScriptWords(paths, findHost(lab, host), ["enter", ...words]);
  if (lab.operator === null) throw say.noOperator(name);
  return hostScriptWords(paths, findHost(lab, lab.operator), ["operate", ...words]);
}

/** Reaches the hosts of a lab through their consoles. */
export function labReach(name: string, places: LabPlaces = defaultPlaces()): ReturnType<typeof openLabReach> {
  const { lab, paths } = open(name, places);
  return openLabReach((id) => {
    const host = lab.hosts.find((candidate) => candidate.id === id);
    return host === undefined ? null : hostScriptWords(paths, host, ["enter", "sh"]);
  });
}

/** Opens a lab that stands; throws where there is none, or this user may not. */
export function open(name: string, places: LabPlaces): OpenedLab {
  requireRoot();
  const paths = findPaths(checkPlaces(places), name);
  return { lab: readRecord(paths), paths };
}

/** The host of that name; throws where there is none. */
export function findHost(lab: Lab, name: string): LabRecord {
  const found = lab.hosts.find(({ id }) => id === hostId(name));
  if (found === undefined) throw say.unknownHost(lab.name, name);
  return found;
}
