import { type IPv4, ipv4, parseCidr, parseIPv4, parsePrefix } from "#ip/index.js";
import {
  type ConfigurationEdit,
  type ConfigurationEditor,
  type EditedRoute,
  formatSource,
  linkName,
} from "#model/index.js";
import { type Files, treeOf, withEdits } from "./files.js";

/** Edits in few words, as tests write them. */
export const ask = {
  length: (link: string, text: string, to: number): ConfigurationEdit => {
    const { address: ip, length: from } = cidr(text);
    return { kind: "address-length", link: linkName(link), ip, from, to };
  },
  add: (link: string, text: string): ConfigurationEdit => address("address-add", link, text),
  remove: (link: string, text: string): ConfigurationEdit => address("address-remove", link, text),
  gateway: (link: string, text: string | null, isOnlink = false): ConfigurationEdit => {
    return { kind: "gateway", link: linkName(link), gateway: text === null ? null : ip(text), isOnlink };
  },
  mtu: (link: string, mtu: number): ConfigurationEdit => ({ kind: "mtu", link: linkName(link), mtu }),
  /** `10.0.0.0/8 via 10.0.0.1 dev eth0 metric 5 onlink`; `via`, `metric` and `onlink` may be missing. */
  routeAdd: (text: string): ConfigurationEdit => ({ kind: "route-add", route: route(text) }),
  routeRemove: (text: string): ConfigurationEdit => ({ kind: "route-remove", route: route(text) }),
} as const;

function address(kind: "address-add" | "address-remove", link: string, text: string): ConfigurationEdit {
  const { address: ip, length } = cidr(text);
  return { kind, link: linkName(link), ip, length };
}

function cidr(text: string): NonNullable<ReturnType<typeof parseCidr>> {
  return parseCidr(text) ?? { address: ipv4(0), length: 0 };
}

function ip(text: string): IPv4 {
  return parseIPv4(text) ?? ipv4(0);
}

function route(text: string): EditedRoute {
  const words = text.split(" ");
  const behind = (keyword: string): string | null =>
    words.includes(keyword) ? (words[words.indexOf(keyword) + 1] ?? null) : null;
  const via = behind("via");
  const metric = behind("metric");
  return {
    destination: parsePrefix(words[0] ?? "") ?? { address: ipv4(0), length: 0 },
    gateway: via === null ? null : ip(via),
    link: linkName(behind("dev") ?? ""),
    metric: metric === null ? null : Number(metric),
    isOnlink: words.includes("onlink"),
  };
}

/** The lines that an edit takes out (`-`) and puts in (`+`), in the order of the file; a refusal as its message, place and hint. */
export function showEdit(
  editor: ConfigurationEditor,
  given: { readonly files: Files; readonly path: string },
  edits: readonly ConfigurationEdit[],
): readonly string[] {
  const result = editor(treeOf(given.files), given.path, edits);
  if (!result.ok) {
    const { message, hint, source } = result.error;
    return [message, source === null ? "nowhere" : formatSource(source), hint];
  }
  const after = withEdits(given.files, result.value);
  return Object.keys(given.files).flatMap((path) =>
    differingLines(given.files[path] ?? "", after[path] ?? ""),
  );
}

/** The lines of a longest common subsequence stay; of the others those of the first text come before those of the second. */
function differingLines(before: string, after: string): readonly string[] {
  const [old, now] = [before.split(/(?<=\n)/), after.split(/(?<=\n)/)];
  const lengths = commonLengths(old, now);
  const lines: string[] = [];
  for (let [at, next] = [0, 0]; at < old.length || next < now.length; ) {
    if (at < old.length && next < now.length && old[at] === now[next]) [at, next] = [at + 1, next + 1];
    else if (
      next >= now.length ||
      (at < old.length && lengthAt(lengths, at + 1, next) >= lengthAt(lengths, at, next + 1))
    )
      lines.push(`-${shown(old[at++] ?? "")}`);
    else lines.push(`+${shown(now[next++] ?? "")}`);
  }
  return lines;
}

function shown(line: string): string {
  return line.replace(/\n$/, "").replaceAll("\t", "→").replaceAll("\r", "␍");
}

function lengthAt(lengths: readonly (readonly number[])[], row: number, column: number): number {
  return lengths[row]?.[column] ?? 0;
}

function commonLengths(old: readonly string[], now: readonly string[]): readonly (readonly number[])[] {
  const lengths: number[][] = Array.from({ length: old.length + 1 }, () => []);
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = now.length - 1; column >= 0; column -= 1) {
      const isSame = old[row] === now[column];
      const below = lengthAt(lengths, row + 1, column);
      const here = isSame
        ? lengthAt(lengths, row + 1, column + 1) + 1
        : Math.max(below, lengthAt(lengths, row, column + 1));
      (lengths[row] ?? [])[column] = here;
    }
  return lengths;
}
