import { createWriteStream, openSync } from "node:fs";
import type { RunEvent } from "#app/index.js";
import { renderEventLine } from "#report/index.js";
import { usageFailure } from "../command-failure.js";
import { eventsLost } from "./messages.js";

/** Writes events as NDJSON while a run goes on. */
export interface EventStream {
  readonly write: (event: RunEvent) => void;
  /** Resolves when all is written, or cannot be. */
  readonly close: () => Promise<void>;
}

/** Characters that may wait for a slow reader; beyond them events are lost, not the run. */
const WAITING = 16 * 1024 * 1024;

/** Where events go, and what is told of them besides. */
export interface EventStreamOptions {
  /** A file that is written behind what it has, or `-` for the standard output. */
  readonly target: string;
  /** Empty where it is not known yet: then the first event says it. */
  readonly run: string;
  readonly now: () => string;
  readonly note: (text: string) => void;
}

/** Opens the event stream. A target that can no longer be written to is said once. */
export function openEventStream({ target, run: known, now, note }: EventStreamOptions): EventStream {
  const stream: NodeJS.WritableStream & { readonly writableLength: number } =
    target === "-" ? process.stdout : createWriteStream(target, { fd: openForAppending(target) });
  let run = known;
  let isLost = false;
  const onError = (error: Error): void => {
    if (!isLost) note(eventsLost(target, error.message));
    isLost = true;
  };
  stream.on("error", onError);
  return {
    write: (event) => {
      if (event.kind === "journal" && event.entry.kind === "begin") run = event.entry.program.runId;
      if (isLost || stream.writableLength > WAITING) return;
      stream.write(renderEventLine(event, { run, time: now() }));
    },
    close: () =>
      new Promise((resolve) => {
        if (isLost || target === "-") return resolve();
        stream.once("error", () => resolve());
        stream.end(() => resolve());
      }),
  };
}

/** Opened before anything begins, so that a name that cannot be written to is refused and not found out later. */
function openForAppending(file: string): number {
  try {
    return openSync(file, "a", 0o600);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "an error";
    throw usageFailure(
      `Expected a file that events can be written to, found \`${code}\`. Nothing was changed.`,
      "Name a file in a folder that is there and writable.",
      file,
    );
  }
}
