import { describe, expect, it } from "vitest";
import type { ConfigurationTree } from "#model/index.js";
import { toJson } from "./json.js";
import { openSession } from "./open-session.js";
import { parseNix } from "./parse.js";
import type { Value } from "./value.js";

/** A dollar, where `${` would be taken for a placeholder of the test itself. */
const D = "$";

/** What an expression gives: as JSON text, or the reason why it is unknown. */
function show(expression: string, files: Readonly<Record<string, string>> = {}): string {
  const all: Readonly<Record<string, string>> = { "a.nix": expression, ...files };
  const tree: ConfigurationTree = { read: (path) => all[path] ?? null, list: () => [] };
  const { session, prelude } = openSession(tree);
  const loaded = session.load("a.nix");
  const value: Value = loaded.kind === "function" ? loaded.call(prelude.lib) : loaded;
  const shown = toJson(value, session.budget);
  return shown.kind === "string"
    ? shown.text
    : shown.kind === "unknown"
      ? `unknown: ${shown.reason}`
      : shown.kind;
}

describe("the evaluator", () => {
  it.each([
    [
      "precedence of operators",
      "[ (1 + 2 * 3 - 4 / 2) (!false && true || false) (false -> 1 == 2) ({ a = 1; } // { b = 2; }) ([ 1 ] ++ [ 2 ] ++ [ 3 ]) ]",
      '[5,true,true,{"a":1,"b":2},[1,2,3]]',
    ],
    ["unary minus before a list item", "[ (- 1) (2 - -1) ]", "[-1,3]"],
    [
      "let, rec and inherit",
      "let x = 1; s = { y = 2; }; in rec { inherit x; inherit (s) y; z = x + y; }",
      '{"x":1,"y":2,"z":3}',
    ],
    [
      "inherit looks outside of the recursive set",
      "let x = 1; in rec { inherit x; y = x; }",
      '{"x":1,"y":1}',
    ],
    ["with is weaker than let", "let a = 1; in with { a = 2; b = 3; }; [ a b ]", "[1,3]"],
    ["the inner with is stronger", "with { a = 1; }; with { a = 2; }; a", "2"],
    [
      "dotted paths of one set",
      '{ a.b = 1; a.c.d = 2; "e f".g = 3; a.c.h = 4; }',
      '{"a":{"b":1,"c":{"d":2,"h":4}},"e f":{"g":3}}',
    ],
    ["dynamic names", `let n = "x"; in { ${D}{n} = 1; "${D}{n}y" = 2; ${D}{null} = 3; }`, '{"x":1,"xy":2}'],
    ["defaults of or", "let s = { a.b = 1; }; in [ (s.a.b or 2) (s.a.c or 2) (s.x.y or 3) ]", "[1,2,3]"],
    [
      "has with a path",
      "let s = { a.b = 1; }; in [ (s ? a.b) (s ? a.c) (s ? x) (1 ? a) ]",
      "[true,false,false,false]",
    ],
    [
      "arguments with defaults and at-names",
      "let f = { a, b ? a + 1, ... }@all: [ a b all.c ]; g = all@{ a ? 9 }: a; in [ (f { a = 1; c = 3; }) (g { }) ]",
      "[[1,2,3],9]",
    ],
    ["primes and dashes in names", "let a' = 1; b-c = 2; _d = 3; in [ a' b-c _d ]", "[1,2,3]"],
    ["escapes of strings", `"a\\n\\"\\${D}{x}${D}${D}{y}\\\\${D}"`, `"a\\n\\"${D}{x}${D}${D}{y}\\\\${D}"`],
    ["URIs and comments", "[ http://a.b/c?d=e # x\n /* y */ 1 ]", '["http://a.b/c?d=e",1]'],
    ["functors", "let f = { __functor = self: x: self.n + x; n = 1; }; in f 2", "3"],
    [
      "laziness",
      'let a = { x = throw "no"; y = 1; }; in [ a.y (builtins.length [ (throw "no") ]) (false && throw "no") ]',
      "[1,1,false]",
    ],
    ["floats and integer division", "[ (7 / 2) (-7 / 2) (7 / 2.0) ]", "[3,-3,3.5]"],
    ["imports of files, folders and arguments", "import ./f { x = 2; } + (import ./b.nix)", "5"],
    ["reading files of the tree", "builtins.fromJSON (builtins.readFile ./c.json)", '{"k":[1,null]}'],
    ["toString", 'toString [ 1 true false null [ "a" 2 ] ]', '"1 1   a 2"'],
  ])("gives what Nix gives for %s", (_, expression, expected) => {
    expect(
      show(expression, { "f/default.nix": "{ x }: x + 1", "b.nix": "2", "c.json": '{"k":[1,null]}' }),
    ).toBe(expected);
  });

  it.each([
    ["the common indentation goes", "''\n    a\n      b\n\n    c\n  ''", '"a\\n  b\\n\\nc\\n"'],
    ["an interpolation ends indentation", `let x = 1; in ''\n  ${D}{toString x}\n    b''`, '"1\\n  b"'],
    ["escapes stay", `''\n  a''$b ''' ''\\n $${D}{c}''`, JSON.stringify(`a$b '' \n$${D}{c}`)],
  ])("strips indented strings: %s", (_, expression, expected) => {
    expect(show(expression)).toBe(expected);
  });

  it.each([
    ['lib: lib.mapAttrsToList (n: v: n + v) { b = "2"; a = "1"; }', '["a1","b2"]'],
    ["lib: lib.foldl' (a: b: a + b) 0 (lib.range 1 4)", "10"],
    ['lib: lib.genAttrs [ "a" "b" ] (n: n + n)', '{"a":"aa","b":"bb"}'],
    ["lib: lib.recursiveUpdate { a = { b = 1; c = 2; }; } { a.b = 3; }", '{"a":{"b":3,"c":2}}'],
    ["lib: lib.filterAttrs (n: v: v > 1) { a = 1; b = 2; }", '{"b":2}'],
    ['lib: lib.mapAttrs\' (n: v: lib.nameValuePair ("x" + n) v) { a = 1; }', '{"xa":1}'],
    ['lib: lib.concatMapStringsSep "," toString [ 1 2 ]', '"1,2"'],
    ["lib: lib.flatten [ 1 [ 2 [ 3 ] ] ]", "[1,2,3]"],
    ["lib: lib.foldlAttrs (s: n: v: s ++ [ n v ]) [ ] { b = 2; a = 1; }", '["a",1,"b",2]'],
    ["lib: lib.optionals true [ 1 ] ++ lib.optional false 2 ++ lib.unique [ 1 1 2 ]", "[1,1,2]"],
    ['lib: lib.attrByPath [ "a" "b" ] 9 { a.b = 1; } + lib.attrByPath [ "x" ] 9 { }', "10"],
    ['lib: lib.splitString "." "10.0.0.1"', '["10","0","0","1"]'],
    ["lib: lib.imap1 (i: x: i * x) [ 5 6 ]", "[5,12]"],
    ["lib: lib.sort (a: b: a < b) [ 3 1 2 ]", "[1,2,3]"],
    ['lib: builtins.attrValues (removeAttrs { a = 1; b = 2; } [ "a" ])', "[2]"],
    ['lib: builtins.listToAttrs [ { name = "a"; value = 1; } { name = "a"; value = 2; } ]', '{"a":1}'],
  ])("knows the library function in `%s`", (expression, expected) => {
    expect(show(expression)).toBe(expected);
  });

  it.each([
    ["lib: lib.licenses.mit", "unknown: `lib.licenses` is not evaluated by the static reader"],
    ["x", "unknown: `x` is not defined"],
    ["let a = a; in a", "unknown: it refers to itself"],
    ["{ a = 1; }.b", "unknown: there is no attribute `b`"],
    ["import ./gone.nix", "unknown: there is no file `gone.nix`"],
    ["import <nixpkgs> { }", "unknown: `<nixpkgs>` is not in the configuration tree"],
    ['builtins.throw "why"', "unknown: it throws `why`"],
    ["assert 1 == 2; 3", "unknown: an assertion fails"],
    ['1 + "a"', "unknown: something that is no string is joined to one"],
    ["1 / 0", "unknown: a division by zero"],
    ["({ a }: a) { }", "unknown: the argument `a` is not given"],
    [`"${D}{./a.nix}"`, "unknown: the store path of `a.nix` is not known"],
  ])("says why `%s` is unknown", (expression, expected) => {
    expect(show(expression)).toBe(expected);
  });

  it("gives the place of each binding", () => {
    const parsed = parseNix("{\n  a.b = 1;\n  inherit (x) c;\n}", "p.nix");
    expect(parsed.ok).toBe(true);
    if (!parsed.ok || parsed.value.expression.kind !== "attributes") return;
    const places = [...parsed.value.expression.bindings.entries].map(([name, { at }]) => [
      name,
      parsed.ok ? parsed.value.positions.sourceAt(at) : null,
    ]);
    expect(places).toEqual([
      ["a", { file: "p.nix", line: 2, column: 3 }],
      ["c", { file: "p.nix", line: 3, column: 15 }],
    ]);
  });
});
