import { once } from "node:events";
import { setImmediate } from "node:timers/promises";

/** Characters that are gathered before they are written. */
const CHUNK = 64 * 1024;

/** Where a command's output goes. */
export interface Sink {
  readonly write: (text: string) => Promise<void>;
}

/**
 * Sends a long output in pieces and waits for the reader, so that it never fills the memory. The event loop gets its
 * turn between the pieces, so that an interrupt is heard.
 */
export async function printTo(sink: Sink, pieces: Iterable<string>): Promise<void> {
  let gathered = "";
  for (const piece of pieces) {
    gathered += piece;
    if (gathered.length < CHUNK) continue;
    await sink.write(gathered);
    gathered = "";
    await setImmediate();
  }
  if (gathered !== "") await sink.write(gathered);
}

/** A stream as a sink; when its reader has gone (`| head`), the rest is dropped without a word. */
export function streamSink(stream: NodeJS.WritableStream & { readonly destroyed?: boolean }): Sink {
  return {
    write: async (text) => {
      if (stream.destroyed === true) return;
      if (stream.write(text)) return;
      const settled = new AbortController();
      const { signal } = settled;
      await Promise.race([
        once(stream, "drain", { signal }),
        once(stream, "close", { signal }),
        once(stream, "error", { signal }),
      ]).catch(() => undefined);
      settled.abort();
    },
  };
}
