/** More than this is no answer that anybody reads; it bounds what a host can make the controller hold. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Longer than the mark with its code and newlines, so that one that came in pieces is seen. */
const TAIL_BYTES = 64;
const NEWLINE = 0x0a;

/** What stood between the marks, and the exit code behind the second one. */
export interface Marked {
  readonly text: string;
  readonly code: number;
}

/** Finds in the bytes of one stream what one command printed; what comes outside its marks belongs to nobody and is dropped. */
export class MarkedStream {
  #begin: Buffer | null = null;
  #end: Buffer = Buffer.alloc(0);
  #kept: Buffer[] = [];
  #tail: Buffer = Buffer.alloc(0);
  #length = 0;
  #settle: ((marked: Marked | null) => void) | null = null;

  /** Looks for the marks of the next command. The answer is null when there is more between them than anybody reads. */
  async read(mark: string): Promise<Marked | null> {
    this.#begin = Buffer.from(`\n${mark}<\n`);
    this.#end = Buffer.from(`\n${mark}>`);
    this.#restart();
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    if (this.#settle === null) return;
    if (this.#begin === null) this.#collect(chunk);
    else this.#awaitBegin(this.#begin, chunk);
  }

  #awaitBegin(begin: Buffer, chunk: Buffer): void {
    const seen = Buffer.concat([this.#tail, chunk]);
    const at = seen.indexOf(begin);
    if (at < 0) {
      this.#tail = Buffer.from(seen.subarray(-begin.length));
      return;
    }
    this.#begin = null;
    this.#restart();
    this.#collect(seen.subarray(at + begin.length));
  }

  #collect(chunk: Buffer): void {
    const seen = Buffer.concat([this.#tail, chunk]);
    const before = this.#length - this.#tail.length;
    this.#kept.push(chunk);
    this.#length += chunk.length;
    this.#tail = Buffer.from(seen.subarray(-TAIL_BYTES));
    const at = seen.indexOf(this.#end);
    const over = at < 0 ? -1 : seen.indexOf(NEWLINE, at + this.#end.length);
    if (over >= 0) {
      const code = Number(seen.subarray(at + this.#end.length, over).toString("latin1"));
      const text = Buffer.concat(this.#kept)
        .subarray(0, before + at)
        .toString("utf8");
      this.#answer({ text, code });
    } else if (this.#length > MAX_BYTES) {
      this.#answer(null);
    }
  }

  #answer(marked: Marked | null): void {
    const settle = this.#settle;
    this.#settle = null;
    this.#restart();
    settle?.(marked);
  }

  #restart(): void {
    this.#kept = [];
    this.#tail = Buffer.alloc(0);
    this.#length = 0;
  }
}
