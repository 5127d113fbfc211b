import { createHash } from "node:crypto";
import type { PersistItem, RunProgram } from "../run-program.js";

const DIGEST = /^sha256:([0-9a-f]{64})$/;

/** The program as the journal keeps it: configuration files hold secrets, so of each text only `sha256:` and its digest. */
export function withoutTexts(program: RunProgram): RunProgram {
  return mapItems(program, (item) =>
    item.kind === "file" ? { ...item, text: `sha256:${sha256Of(item.text)}` } : item,
  );
}

/**
 * The program of a journal with its texts again.
 *
 * @param textOf the text with that SHA-256, or null where it cannot be had; what has another digest counts as not had.
 * @returns the program, and the paths whose texts are missing.
 */
export async function withTexts(
  program: RunProgram,
  textOf: (sha256: string) => Promise<string | null>,
): Promise<{ readonly program: RunProgram; readonly missing: readonly string[] }> {
  const texts = new Map<string, string>();
  const missing: string[] = [];
  for (const item of itemsOf(program)) {
    const digest = item.kind === "file" ? DIGEST.exec(item.text)?.[1] : undefined;
    if (item.kind !== "file" || digest === undefined) continue;
    const text = await textOf(digest);
    if (text !== null && sha256Of(text) === digest) texts.set(item.text, text);
    else missing.push(item.path);
  }
  return {
    program: mapItems(program, (item) =>
      item.kind === "file" ? { ...item, text: texts.get(item.text) ?? item.text } : item,
    ),
    missing,
  };
}

/** The first path of these whose text is not had. */
export function pathWithoutText(items: readonly PersistItem[]): string | null {
  const item = items.find((one) => one.kind === "file" && DIGEST.test(one.text));
  return item?.kind === "file" ? item.path : null;
}

function itemsOf(program: RunProgram): readonly PersistItem[] {
  return program.phases.flatMap(({ steps }) => steps.flatMap(({ persist }) => persist));
}

function mapItems(program: RunProgram, change: (item: PersistItem) => PersistItem): RunProgram {
  return {
    ...program,
    phases: program.phases.map((phase) => ({
      ...phase,
      steps: phase.steps.map((step) => ({ ...step, persist: step.persist.map(change) })),
    })),
  };
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
