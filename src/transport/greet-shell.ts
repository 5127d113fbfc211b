import { renderHello } from "./hello-script.js";
import { newMark } from "./mark.js";
import type { StartWords } from "./reach.js";
import { type ChildEnd, ShellChild } from "./shell-child.js";

/** A shell that answered, and what it said of its host. */
export interface Greeted {
  readonly kind: "greeted";
  readonly child: ShellChild;
  /** The number of the user that it runs as; 0 is root. */
  readonly user: number;
  /** Where these programs are; null: not there. */
  readonly timeout: string | null;
  readonly sudo: string | null;
}

/** What a start came to when no shell answered. */
export type FailedStart =
  | { readonly kind: "ended"; readonly end: ChildEnd }
  | { readonly kind: "timed-out"; readonly afterMs: number };

/** Starts a shell and greets it. Whatever a login prints before the answer is skipped. The caller owns the child. Never rejects. */
export async function greetShell(
  words: StartWords,
  withinMs: number,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Greeted | FailedStart> {
  const child = new ShellChild(words, environment);
  const mark = newMark();
  const answer = child.stdout.read(mark);
  child.write(renderHello(mark));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<FailedStart>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "timed-out", afterMs: withinMs }), withinMs);
  });
  const ended = child.ended.then((end): FailedStart => ({ kind: "ended", end }));
  const first = await Promise.race([answer, ended, late]);
  clearTimeout(timer);
  if (first !== null && "text" in first) return { kind: "greeted", child, ...readHello(first.text) };
  child.kill();
  return first ?? { kind: "ended", end: await child.ended };
}

function readHello(text: string): Omit<Greeted, "kind" | "child"> {
  const [user, timeout, sudo] = text.split("\n");
  return { user: Number(user), timeout: pathOf(timeout), sudo: pathOf(sudo) };
}

function pathOf(line: string | undefined): string | null {
  return line?.startsWith("/") === true ? line : null;
}
