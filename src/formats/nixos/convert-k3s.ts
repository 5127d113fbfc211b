import type { Issue, K3sConfiguration, K3sFlagWord } from "#model/index.js";
import { readK3sFlags } from "#model/index.js";
import {
  child,
  type Fact,
  isUnknown,
  items,
  oneOrMore,
  optionOf,
  readBoolean,
  readText,
  report,
} from "./fact.js";
import { unmodelledIssue } from "./messages.js";
import type { Hole } from "./value.js";

/** `services.k3s`: role and addresses from its options, the rest from `extraFlags`. null where k3s is not set or not enabled. */
export function convertK3s(root: Fact, issues: Issue[]): K3sConfiguration | null {
  const fact = child(root, "services", "k3s");
  const enable = child(fact, "enable");
  if (fact === null || (enable !== null && readBoolean(enable) === false)) return null;
  if (enable !== null && enable.value.kind === "unknown") isUnknown(enable);
  const configPath = child(fact, "configPath");
  if (configPath !== null)
    report(
      configPath,
      unmodelledIssue(
        optionOf(configPath),
        "name the file as a `k3s` configuration in the fleet file",
        configPath.source,
      ),
    );
  const words = oneOrMore(child(fact, "extraFlags")).flatMap(flagWords);
  const read = readK3sFlags([...roleWords(fact), ...words]);
  issues.push(...read.issues);
  const server = readText(child(fact, "serverAddr"));
  return {
    ...read.k3s,
    role: read.k3s.role ?? (enable === null ? null : "server"),
    server: server === null || server === "" ? read.k3s.server : server,
    isClusterInit: read.k3s.isClusterInit || readBoolean(child(fact, "clusterInit")) === true,
    source: fact.source,
  };
}

function roleWords(fact: Fact): readonly K3sFlagWord[] {
  const role = child(fact, "role");
  const text = readText(role);
  return role === null || text === null ? [] : [{ text, source: role.source }];
}

/** The words of one string: the unit's ExecStart splits it at blanks, and quotes hold them together; systemd.service(5). */
function flagWords(fact: Fact): readonly K3sFlagWord[] {
  if (fact.value.kind === "list") return items(fact).flatMap(flagWords);
  if (isUnknown(fact) || fact.value.kind !== "string") return [];
  const { text, holes } = fact.value;
  return splitWords(text, holes).map((word) => ({
    text: word.text,
    source: fact.source,
    ...(word.hole === undefined ? {} : { unknownBecause: word.hole.unknown.reason }),
  }));
}

interface Word {
  readonly text: string;
  readonly hole: Hole | undefined;
}

function splitWords(text: string, holes: readonly Hole[]): readonly Word[] {
  const words: Word[] = [];
  let current: string | null = null;
  let quote: string | null = null;
  let start = 0;
  const finish = (end: number): void => {
    const hole = holes.find(({ at }) => at >= start && at <= end);
    if (current !== null || hole !== undefined) words.push({ text: current ?? "", hole });
    current = null;
    start = end + 1;
  };
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    const isBlank = /\s/.test(character) || (character === "\\" && text.charAt(index + 1) === "\n");
    if (quote === null && isBlank) finish(index);
    else if (character === quote) quote = null;
    else if (quote === null && (character === '"' || character === "'")) {
      quote = character;
      current ??= "";
    } else current = (current ?? "") + character;
  }
  finish(text.length);
  return words;
}
