import { spawn } from "node:child_process";
import { type LabPlaces, labWords } from "#lab/index.js";
import type { Result } from "#model/index.js";
import type { Failure } from "../failure.js";
import { asResult } from "./lab.js";

/** Of a command that a signal ended; sh(1). */
const SIGNALLED = 128;

/** Runs a command on a host of a lab with the terminal of this process, and gives its exit code. */
export function execInLab(
  place: { readonly lab: string; readonly host: string; readonly places?: LabPlaces },
  words: readonly [string, ...string[]],
): Promise<Result<number, Failure>> {
  return asResult(() => {
    const [program, ...args] = labWords(place.lab, place.host, words, place.places);
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { stdio: "inherit" });
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? SIGNALLED));
    });
  });
}
