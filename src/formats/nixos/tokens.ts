/** What the lexer hands to the parser. String bodies come as pieces between `string-open` and `string-close`. */
export type TokenKind =
  | "identifier"
  | "integer"
  | "float"
  | "path"
  | "search-path"
  | "uri"
  | "symbol"
  | "string-open"
  | "string-text"
  | "string-close"
  | "interpolation-open"
  | "interpolation-close"
  | "end"
  | "bad";

/** One token; `at` is its offset. `isEscape` marks string text that an escape made, which never counts as indentation. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
  readonly isEscape?: true;
}
