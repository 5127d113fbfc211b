const short = (hash: string): string => `\`${hash.slice(0, 12)}\``;

/** What is said of a journal that is refused. */
export const journalMessages = {
  empty: (): string => "expected the beginning of a run, found an empty journal.",
  notJson: (line: string): string =>
    `expected one JSON object on the line, found \`${line.slice(0, 60)}\`. The line was edited or damaged.`,
  notAnEntry: (what: string): string => `expected an entry of a journal, found at ${what}.`,
  misplaced: (expected: number, found: number): string =>
    `expected \`seq\` ${expected}, found ${found}. Lines are missing here, or in another order.`,
  doubled: (twin: number): string => `found the line of entry ${twin} a second time.`,
  foreign: (expected: string, found: string): string =>
    `expected \`previous\` ${short(expected)}, found ${short(found)}. The line belongs to another journal, or the one before it was exchanged.`,
  beginning: (place: number): string =>
    place === 1
      ? "expected the beginning of a run, found another entry."
      : "found the beginning of a run in the middle of one.",
  edited: (expected: string, found: string): string =>
    `expected \`hash\` ${short(expected)} for what the line says, found ${short(found)}. The line was edited.`,
  rewritten: (): string =>
    "says the same in other bytes than were written. The file was rewritten by another program.",
  torn: (entry: number, bytes: number): string =>
    `Entry ${entry}: expected a whole line, found ${bytes} ${bytes === 1 ? "byte" : "bytes"} without a line feed: the controller ended while it wrote.`,
  tornHint: (entry: number): string =>
    `Nothing that entry ${entry} announces was done. \`pointsman resume --repair-journal\` cuts it off and goes on from the entry before.`,
  alteredHint: (): string =>
    "Nothing is done by this journal. Bring back the file as the controller wrote it, or look at each host with `sh /var/lib/pointsman/pointsman-host status` and take its records back there with `revert ID`.",
};
