import { InputError } from "../failure.js";
import { say } from "../messages.js";
import { MAX_CONFIGURATION_BYTES } from "./folder-tree.js";
import { askGit } from "./git-command.js";

/** Text that is fetched in one go, ahead of being asked for. */
const MAX_AHEAD_BYTES = 64 * 1024 * 1024;

/**
 * Gives the text of objects of a repository. With the first question, all the expected ones that fit into memory are
 * fetched by one `git cat-file --batch`; what is too large for a configuration file is never fetched ahead.
 */
export function readBlobs(
  folder: string,
  expected: readonly { readonly object: string; readonly bytes: number }[],
): (object: string) => string {
  let known: Map<string, string> | null = null;
  return (object) => {
    known ??= fetchBlobs(folder, chooseAhead(expected));
    const text = known.get(object) ?? fetchBlobs(folder, [object]).get(object);
    if (text === undefined) throw new InputError(say.gitFailed(folder, `object ${object} is missing`));
    known.set(object, text);
    return text;
  };
}

function chooseAhead(
  expected: readonly { readonly object: string; readonly bytes: number }[],
): readonly string[] {
  let left = MAX_AHEAD_BYTES;
  const chosen = new Set<string>();
  for (const { object, bytes } of expected) {
    if (bytes > MAX_CONFIGURATION_BYTES || bytes > left) continue;
    left -= bytes;
    chosen.add(object);
  }
  return [...chosen];
}

/** `OBJECT blob SIZE<newline>CONTENT<newline>` for each, or `OBJECT missing<newline>`; git-cat-file(1). */
function fetchBlobs(folder: string, objects: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  if (objects.length === 0) return found;
  const answer = askGit(folder, ["cat-file", "--batch"], `${objects.join("\n")}\n`);
  if (!answer.isDone) throw new InputError(say.gitFailed(folder, answer.complaint));
  const { output } = answer;
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    if (end < 0) break;
    const [object = "", type, size] = output.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (type !== "blob") continue;
    found.set(object, output.toString("utf8", at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}
