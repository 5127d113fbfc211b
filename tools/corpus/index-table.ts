/** One row of an INDEX.md: the number of a file and what a correct reader extracts from it. */
export interface IndexRow {
  readonly number: string;
  readonly facts: string;
}

/** Reads the Markdown table with the columns `#` and `facts...`; a row of another width is skipped. */
export function parseIndex(text: string): readonly IndexRow[] {
  const rows: IndexRow[] = [];
  let columns: { number: number; facts: number } | null = null;
  for (const line of text.split(/\r?\n/)) {
    const cells = cellsOf(line);
    if (cells === null) continue;
    const facts = cells.findIndex((cell) => /^facts\b/i.test(cell));
    if (facts >= 0) columns = { number: cells.indexOf("#"), facts };
    else if (columns !== null && /^\d+$/.test(cells[columns.number] ?? "")) {
      // A `|` inside the last column would split it: what is left over belongs to it.
      const isLast = columns.facts <= cells.length - 1;
      const tail = isLast ? cells.slice(columns.facts).join(" | ") : "";
      rows.push({ number: cells[columns.number] ?? "", facts: tail });
    }
  }
  return rows;
}

function cellsOf(line: string): string[] | null {
  if (!line.startsWith("|")) return null;
  return line
    .replace(/^\|/, "")
    .replace(/\|\s*$/, "")
    .split("|")
    .map((cell) => cell.trim());
}
