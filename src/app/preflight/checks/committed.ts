import { InputError } from "../../failure.js";
import { askGit } from "../../tree/git-command.js";
import type { Check, Finding, PreflightContext } from "../check.js";
import { fine, passedOver } from "../finding.js";
import { named, say } from "../messages.js";

/** What will be written to the hosts is committed to git, so that it can be found again. */
export const committed: Check = {
  name: "configuration-committed",
  look: async ({ configurationFolder, uncommitted }) => {
    if (configurationFolder === null) return [passedOver(say.noFolder)];
    return lookAt(configurationFolder, uncommitted);
  },
};

function lookAt(folder: string, outcome: PreflightContext["uncommitted"]): readonly Finding[] {
  try {
    const status = askGit(folder, ["status", "--porcelain", "-z", "--", "."]);
    if (!status.isDone) return [{ outcome, detail: say.noRepository(folder), hint: say.uncommittedHint }];
    const files = status.output.toString("utf8").split("\0").flatMap(pathOf);
    if (files.length === 0) return [fine(say.committed)];
    return [{ outcome, detail: say.uncommitted(folder, named(files)), hint: say.uncommittedHint }];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [{ outcome, detail: error.failure.message, hint: error.failure.hint }];
  }
}

/** `XY PATH`; the old name of a renamed file stands alone and is left out. */
function pathOf(entry: string): readonly string[] {
  return /^[ MTADRCU?!]{2} /.test(entry) ? [entry.slice(3)] : [];
}
