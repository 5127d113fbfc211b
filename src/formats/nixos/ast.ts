/** The syntax tree of the Nix language; `at` is the offset of the first character in the file. */
export type Expression =
  | { readonly kind: "integer"; readonly value: number; readonly at: number }
  | { readonly kind: "float"; readonly value: number; readonly at: number }
  | { readonly kind: "string"; readonly parts: readonly StringPart[]; readonly at: number }
  | { readonly kind: "path"; readonly parts: readonly StringPart[]; readonly at: number }
  /** `<nixpkgs/lib>`: where it lies depends on the machine. */
  | { readonly kind: "search-path"; readonly name: string; readonly at: number }
  | { readonly kind: "variable"; readonly name: string; readonly at: number }
  | {
      readonly kind: "select";
      readonly target: Expression;
      readonly path: AttributePath;
      readonly fallback: Expression | null;
      readonly at: number;
    }
  | { readonly kind: "has"; readonly target: Expression; readonly path: AttributePath; readonly at: number }
  | {
      readonly kind: "apply";
      readonly callee: Expression;
      readonly argument: Expression;
      readonly at: number;
    }
  | { readonly kind: "lambda"; readonly parameter: Parameter; readonly body: Expression; readonly at: number }
  | { readonly kind: "let"; readonly bindings: Bindings; readonly body: Expression; readonly at: number }
  | AttributesExpression
  | { readonly kind: "with"; readonly scope: Expression; readonly body: Expression; readonly at: number }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
      readonly at: number;
    }
  | {
      readonly kind: "assert";
      readonly condition: Expression;
      readonly body: Expression;
      readonly at: number;
    }
  | { readonly kind: "list"; readonly items: readonly Expression[]; readonly at: number }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | {
      readonly kind: "unary";
      readonly operator: "!" | "-";
      readonly operand: Expression;
      readonly at: number;
    };

export interface AttributesExpression {
  readonly kind: "attributes";
  readonly isRecursive: boolean;
  readonly bindings: Bindings;
  readonly at: number;
}

export type BinaryOperator =
  | "->"
  | "||"
  | "&&"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "//"
  | "+"
  | "-"
  | "*"
  | "/"
  | "++";

/** A literal piece, or an expression between `${` and `}`. */
export type StringPart = string | Expression;

/** One component of `a.${b}."c"`. */
export type AttributeName =
  | { readonly kind: "static"; readonly name: string; readonly at: number }
  | { readonly kind: "dynamic"; readonly expression: Expression; readonly at: number };

export type AttributePath = readonly AttributeName[];

/** The bindings of an attribute set or `let`, with dotted paths already folded into nested sets. */
export interface Bindings {
  readonly entries: ReadonlyMap<string, BoundExpression>;
  readonly dynamics: readonly DynamicBinding[];
}

/** One name with its expression; `isOuter` marks `inherit x;`, which looks `x` up outside of the set itself. */
export interface BoundExpression {
  readonly value: Expression;
  readonly isOuter: boolean;
  readonly at: number;
}

/** `${name} = value;` */
export interface DynamicBinding {
  readonly name: Expression;
  readonly value: Expression;
  readonly at: number;
}

/** `x:`, or `{ a, b ? 1, ... }@x:`. */
export interface Parameter {
  readonly name: string | null;
  readonly formals: readonly Formal[] | null;
  readonly isOpen: boolean;
}

export interface Formal {
  readonly name: string;
  readonly fallback: Expression | null;
  readonly at: number;
}
