/** A piece of an indented string: literal text, or a hole that an interpolation fills. */
export type IndentedPiece<T> =
  | { readonly kind: "text"; readonly text: string; readonly isEscape: boolean }
  | { readonly kind: "hole"; readonly value: T };

/**
 * Takes the common indentation off the lines of a `''` string, and a last line that is only blanks; blank lines and
 * escapes follow src/libexpr/parser.y, stripIndentation.
 */
export function stripIndentation<T>(pieces: readonly IndentedPiece<T>[]): readonly (string | T)[] {
  const width = commonIndentation(pieces);
  const stripped: (string | T)[] = [];
  const line: LineState = { isAtStart: true, dropped: 0 };
  pieces.forEach((piece, index) => {
    if (piece.kind === "hole") {
      line.isAtStart = false;
      line.dropped = 0;
      stripped.push(piece.value);
      return;
    }
    const text = stripText(piece.text, width, line);
    const isLast = index === pieces.length - 1;
    stripped.push(isLast ? text.replace(/\n *$/, "\n") : text);
  });
  return stripped;
}

interface LineState {
  isAtStart: boolean;
  dropped: number;
}

function commonIndentation(pieces: readonly IndentedPiece<unknown>[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  let current = 0;
  let isAtStart = true;
  const leaveIndentation = (): void => {
    if (isAtStart) smallest = Math.min(smallest, current);
    isAtStart = false;
  };
  for (const piece of pieces) {
    if (piece.kind === "hole" || piece.isEscape) {
      leaveIndentation();
      continue;
    }
    for (const character of piece.text) {
      if (character === "\n") {
        isAtStart = true;
        current = 0;
      } else if (isAtStart && character === " ") current++;
      else leaveIndentation();
    }
  }
  return smallest;
}

function stripText(text: string, width: number, line: LineState): string {
  const kept: string[] = [];
  for (const character of text) {
    if (character === "\n") {
      line.isAtStart = true;
      line.dropped = 0;
      kept.push(character);
    } else if (line.isAtStart && character === " ") {
      if (line.dropped >= width) kept.push(character);
      line.dropped++;
    } else {
      line.isAtStart = false;
      line.dropped = 0;
      kept.push(character);
    }
  }
  return kept.join("");
}
