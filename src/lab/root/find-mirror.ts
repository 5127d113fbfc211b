import { readOutput } from "./run-logged.js";

/**
 * The address of the Debian mirror that apt uses for a suite, from apt's own sources; apt-get(8), `indextargets`. Null where there is none.
 */
export async function findMirror(suite: string): Promise<string | null> {
  const format = "$(CODENAME)|$(COMPONENT)|$(ORIGIN)|$(LABEL)|$(REPO_URI)";
  return mirrorIn(
    await readOutput(["apt-get", "indextargets", "--format", format, "Created-By: Packages"]),
    suite,
  );
}

/** The first line of the suite itself (not of its updates) in what `indextargets` prints. */
export function mirrorIn(text: string, suite: string): string | null {
  const lines = text.split("\n").map((line) => line.split("|"));
  const found = lines.find(
    ([codename, component, origin, label]) =>
      codename === suite && component === "main" && origin === "Debian" && label === "Debian",
  );
  return found?.[4] ?? null;
}
