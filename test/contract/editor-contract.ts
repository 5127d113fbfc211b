import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ConfigurationEdit,
  type ConfigurationEditor,
  type ConfigurationTree,
  compareEdited,
  type FactDifference,
  type HostConfiguration,
  linkName,
} from "#model/index.js";
import { damage, type Files, treeOf, withCarriageReturns, withEdits } from "./files.js";
import { editOf, editSeed } from "./random-edit.js";

/** An editor with its reader and files that it must be able to edit. */
export interface EditorCase {
  readonly name: string;
  readonly read: (tree: ConfigurationTree, path: string) => HostConfiguration;
  readonly edit: ConfigurationEditor;
  readonly samples: readonly Sample[];
  /** How many of a hundred random edits of these samples must not be refused, so that refusing is no way to keep the contract. */
  readonly leastMade: number;
}

export interface Sample {
  readonly name: string;
  readonly path: string;
  readonly files: Files;
}

/** Many runs on a machine that does other work too; what takes seconds alone must not fail there. */
const BUSY_MACHINE_MS = 180_000;

/** What holds for the editor of every dialect. */
export function describeEditor({ name, read, edit, samples, leastMade }: EditorCase): void {
  const sample = fc.constantFrom(...samples);
  const readFiles = (files: Files, path: string): HostConfiguration => read(treeOf(files), path);

  describe(`${name}, as any editor`, { timeout: BUSY_MACHINE_MS }, () => {
    it("gives exactly what was asked when the edited files are read again, and lines it did not touch as they were", () => {
      let made = 0;
      let asked = 0;
      fc.assert(
        fc.property(sample, editSeed, ({ files, path }, seed) => {
          const before = readFiles(files, path);
          const wanted = editOf(before, seed);
          const result = edit(treeOf(files), path, [wanted]);
          asked += 1;
          if (!result.ok) return;
          made += 1;
          const after = withEdits(files, result.value);
          expect(differencesOf(before, [wanted], readFiles(after, path))).toEqual([]);
          for (const { path: file, text } of result.value) expectFewLines(files[file] ?? "", text);
        }),
        { numRuns: 400 },
      );
      expect((made / asked) * 100).toBeGreaterThanOrEqual(leastMade);
    });

    it("makes several edits one after the other as it makes each, or refuses them all", () => {
      fc.assert(
        fc.property(sample, fc.array(editSeed, { minLength: 2, maxLength: 4 }), ({ files, path }, seeds) => {
          const before = readFiles(files, path);
          const edits = distinct(seeds.map((seed) => editOf(before, seed)));
          const result = edit(treeOf(files), path, edits);
          if (!result.ok) {
            expect(edits).toContain(result.error.edit);
            return;
          }
          const after = readFiles(withEdits(files, result.value), path);
          expect(differencesOf(before, edits, after)).toEqual([]);
        }),
        { numRuns: 300 },
      );
    });

    it("changes nothing where the edit is there already", () => {
      fc.assert(
        fc.property(sample, editSeed, ({ files, path }, seed) => {
          const wanted = editOf(readFiles(files, path), seed);
          const first = edit(treeOf(files), path, [wanted]);
          if (!first.ok || wanted.kind === "address-length") return;
          const after = withEdits(files, first.value);
          expect(edit(treeOf(after), path, [wanted])).toEqual({ ok: true, value: [] });
        }),
        { numRuns: 300 },
      );
    });

    it("puts a length back as it was, byte for byte", () => {
      fc.assert(
        fc.property(sample, editSeed, ({ files, path }, seed) => {
          const there = editOf(readFiles(files, path), { ...seed, kind: 0, length: (seed.length % 22) + 8 });
          if (there.kind !== "address-length" || there.from >= 31) return;
          const back = { ...there, from: there.to, to: there.from };
          const first = edit(treeOf(files), path, [there]);
          if (!first.ok) return;
          const second = edit(treeOf(withEdits(files, first.value)), path, [back]);
          if (second.ok) expect(withEdits(withEdits(files, first.value), second.value)).toEqual(files);
        }),
        { numRuns: 300 },
      );
    });

    it("keeps the line breaks of DOS and decides as it does without them", () => {
      fc.assert(
        fc.property(sample, editSeed, ({ files, path }, seed) => {
          const dos = withCarriageReturns(files);
          const wanted = editOf(readFiles(files, path), seed);
          const plain = edit(treeOf(files), path, [wanted]);
          const result = edit(treeOf(dos), path, [wanted]);
          expect(result.ok).toBe(plain.ok);
          if (result.ok && plain.ok)
            expect(withEdits(dos, result.value)).toEqual(withCarriageReturns(withEdits(files, plain.value)));
        }),
        { numRuns: 300 },
      );
    });

    it("never throws on damaged files, and never makes another edit than the one asked for", () => {
      const cut = fc.tuple(fc.nat(5000), fc.nat(12), fc.oneof(fc.string({ maxLength: 5 }), word(samples)));
      fc.assert(
        fc.property(sample, fc.array(cut, { maxLength: 6 }), editSeed, ({ files, path }, cuts, seed) => {
          const damaged = damage(files, cuts);
          const before = readFiles(damaged, path);
          const wanted = editOf(before, seed);
          const result = edit(treeOf(damaged), path, [wanted]);
          if (result.ok) {
            const after = readFiles(withEdits(damaged, result.value), path);
            expect(differencesOf(before, [wanted], after).filter(isNoMistake)).toEqual([]);
          } else expectRefusal(result.error, damaged, wanted);
        }),
        { numRuns: 1500 },
      );
    });

    it.each(samples)("refuses links that $name does not name, with what to do", ({ files, path }) => {
      const link = linkName("nowhere0");
      for (const wanted of [
        { kind: "mtu", link, mtu: 1400 },
        { kind: "gateway", link, gateway: null, isOnlink: false },
      ] as const) {
        const result = edit(treeOf(files), path, [wanted]);
        expect(result.ok).toBe(false);
        if (!result.ok) expectRefusal(result.error, files, wanted);
      }
    });

    it("refuses edits of files that are not there", () => {
      const wanted = { kind: "mtu", link: linkName("eth0"), mtu: 1400 } as const;
      const result = edit(treeOf({}), "nowhere/file", [wanted]);
      expect(result.ok).toBe(false);
      if (!result.ok) expectRefusal(result.error, {}, wanted);
    });
  });
}

/** A link that stands on another takes its MTU over where it has none of its own: that follows from the edit. */
function differencesOf(
  before: HostConfiguration,
  edits: readonly ConfigurationEdit[],
  after: HostConfiguration,
): readonly FactDifference[] {
  const stacked = after.steps.flatMap(({ operation }) =>
    operation.kind === "link-add" &&
    (operation.link.type.kind === "vlan" || operation.link.type.kind === "vxlan")
      ? [operation.link.name]
      : [],
  );
  const differences = compareEdited(before, edits, after);
  if (!edits.some(({ kind }) => kind === "mtu")) return differences;
  return differences.filter(
    ({ text }) => !stacked.some((link) => /^mtu \d/.test(text) && text.endsWith(` dev ${link}`)),
  );
}

/** A mistake in the files may go with the line that it stands in, or name the value that was edited. */
function isNoMistake({ text }: FactDifference): boolean {
  return !/^[\w-]+\/[\w-]+: /.test(text);
}

/** A word of the samples, to be put where it does not belong. */
function word(samples: readonly Sample[]): fc.Arbitrary<string> {
  const words = samples.flatMap(({ files }) =>
    Object.values(files).flatMap((text) => text.split(/(\s+|[=:,[\]{}'"])/)),
  );
  return fc.constantFrom(...new Set(words.filter((one) => one !== "")));
}

/** One edit for each fact: two that want different things of one fact are no task for an editor. */
function distinct(edits: readonly ConfigurationEdit[]): readonly ConfigurationEdit[] {
  const subjects = new Set<string>();
  return edits.filter((edit) => {
    const subject = subjectOf(edit);
    const isNew = !subjects.has(subject);
    subjects.add(subject);
    return isNew;
  });
}

function subjectOf(edit: ConfigurationEdit): string {
  switch (edit.kind) {
    case "address-add":
    case "address-length":
    case "address-remove":
      return `address ${edit.ip}`;
    case "gateway":
      return "default";
    case "route-add":
    case "route-remove":
      return edit.route.destination.length === 0 ? "default" : JSON.stringify(edit.route.destination);
    case "mtu":
      return `mtu ${edit.link}`;
    default:
      return edit.kind;
  }
}

function expectRefusal(
  refusal: Extract<ReturnType<ConfigurationEditor>, { ok: false }>["error"],
  files: Files,
  wanted: ConfigurationEdit,
): void {
  expect(refusal.edit).toBe(wanted);
  expect(refusal.message).toMatch(/^[A-Z][^\n]*[^.]\.$/);
  expect(refusal.hint).toMatch(/^[A-Z][^\n]*\.$/);
  if (refusal.source === null) return;
  const lines = (files[refusal.source.file] ?? "").split("\n").length;
  expect(refusal.source.line).toBeLessThanOrEqual(lines);
}

/** No edit of one fact touches more lines than the longest way to write one has. */
const MOST_LINES = 12;

function expectFewLines(before: string, after: string): void {
  const left = countLines(before.split("\n"));
  for (const line of after.split("\n")) left.set(line, (left.get(line) ?? 0) - 1);
  const touched = [...left.values()].reduce((sum, count) => sum + Math.abs(count), 0);
  expect(touched).toBeLessThanOrEqual(MOST_LINES);
}

function countLines(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
