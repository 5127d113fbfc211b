import type { Issue, Severity, Source } from "#model/index.js";
import type { ParseFailure } from "./parser-state.js";

type Text = Pick<Issue, "message" | "hint">;

/** Puts code, severity and place to a text. */
function issue(severity: Severity, code: string, source: Source | null, text: Text): Issue {
  return { code: `nixos/${code}`, severity, source, ...text };
}

/** A file that the parser could not read. */
export function syntaxIssue(failure: ParseFailure, source: Source): Issue {
  switch (failure.kind) {
    case "syntax":
      return issue("error", "syntax", source, {
        message: `Expected ${failure.expected}, found \`${clip(failure.found)}\`.`,
        hint: "Nothing of this file was read; correct it and check it with `nix-instantiate --parse`.",
      });
    case "duplicate":
      return issue("error", "duplicate-attribute", source, {
        message: `Expected each attribute once, found \`${clip(failure.found)}\` a second time.`,
        hint: "Nothing of this file was read; remove one of the two definitions.",
      });
    case "too-deep":
      return issue("unmodelled", "too-deep", source, {
        message: `Expected an expression of at most 300 nested levels, found a deeper one at \`${clip(failure.found)}\`.`,
        hint: "Nothing of this file was read; split the expression, or evaluate the module with `nix`.",
      });
    default:
      return failure.kind satisfies never;
  }
}

/** A file beyond what the static reader takes. */
export function tooLargeIssue(file: string, size: number, limit: number): Issue {
  return issue(
    "unmodelled",
    "too-large",
    { file, line: 1, column: 1 },
    {
      message: `Expected a module of at most \`${limit}\` characters, found \`${size}\`.`,
      hint: "Nothing of this file was read; keep generated values out of the network module.",
    },
  );
}

/** A configuration file that is not in the tree. */
export function missingFileIssue(file: string): Issue {
  return issue(
    "error",
    "missing-file",
    { file, line: 1, column: 1 },
    {
      message: `Expected a NixOS module, found no file \`${file}\`.`,
      hint: "Correct the path in the fleet file.",
    },
  );
}

/** An entry of `imports` whose module could not be read. */
export function missingImportIssue(what: string, source: Source): Issue {
  return issue("unmodelled", "missing-import", source, {
    message: `Expected a module that can be read here, found the import ${what}.`,
    hint: "What it sets is not known; add its file to the configuration tree if it speaks of the network.",
  });
}

/** A module, or a part of one, that is no attribute set. */
export function notAModuleIssue(found: string, source: Source): Issue {
  return issue("unmodelled", "not-a-module", source, {
    message: `Expected a module (an attribute set, or a function that gives one), found ${found}.`,
    hint: "Nothing of it was read; name the module file itself in the fleet file.",
  });
}

/** The budget of the evaluator is spent. */
export function budgetIssue(source: Source | null): Issue {
  return issue("unmodelled", "evaluation-budget", source, {
    message:
      "Expected a module that evaluates in a bounded number of steps, found one that does not end in time.",
    hint: "What is left of it was not read; evaluate the module with `nix`.",
  });
}

/** A fact that depends on something unknown. */
export function unknownIssue(option: string, reason: string, source: Source | null): Issue {
  return issue("unmodelled", "unknown-value", source, {
    message: `Expected a value for \`${option}\` that the files give, found one that they do not: ${reason}.`,
    hint: "Write the value into the module, or evaluate the whole configuration with `nix`.",
  });
}

/** A value of another type than the option has. */
export function wrongTypeIssue(
  option: string,
  expected: string,
  found: string,
  source: Source | null,
): Issue {
  return issue("error", "wrong-type", source, {
    message: `Expected ${expected} for \`${option}\`, found \`${clip(found)}\`.`,
    hint: "NixOS would refuse this configuration; correct the value.",
  });
}

/** Two definitions of one option that cannot both hold. */
export function conflictIssue(option: string, found: readonly string[], source: Source | null): Issue {
  return issue("error", "conflicting-definitions", source, {
    message: `Expected one value for \`${option}\`, found ${found.map((text) => `\`${clip(text)}\``).join(" and ")} of the same priority.`,
    hint: "Remove one of the definitions, or give one of them `lib.mkForce`.",
  });
}

/** An option that is read and has no words in the model. */
export function unmodelledIssue(option: string, detail: string, source: Source | null): Issue {
  return issue("unmodelled", "unmodelled-option", source, {
    message: `Expected options whose effect on packets is modelled, found \`${option}\`: ${detail}.`,
    hint: "Verdicts that depend on it stay unknown; check them on the live host.",
  });
}

/** An option name that NixOS does not have. */
export function misspeltIssue(option: string, source: Source | null): Issue {
  return issue("error", "no-such-option", source, {
    message: `Expected an option that NixOS has, found \`${option}\`.`,
    hint: "NixOS would refuse this configuration; correct the name.",
  });
}

/** DHCP on all links that have no addresses. */
export function globalDhcpIssue(source: Source | null): Issue {
  return issue("warning", "dhcp-everywhere", source, {
    message:
      "Expected each link that runs DHCP by name, found `networking.useDHCP = true`: every Ethernet link without addresses runs it.",
    hint: "Set `networking.useDHCP = false` and name the links with `networking.interfaces.LINK.useDHCP`.",
  });
}

/** A link matched by something other than its name. */
export function unmatchedLinkIssue(
  option: string,
  match: string,
  detail: string,
  source: Source | null,
): Issue {
  return issue("unmodelled", "link-not-named", source, {
    message: `Expected a link named in \`${option}\`, found a match on ${match}; it gets ${detail}.`,
    hint: "Match by `matchConfig.Name` with the full name of the link.",
  });
}

/** JSON that does not come from the shim. */
export function evaluationOutputIssue(file: string, detail: string): Issue {
  return issue(
    "error",
    "evaluation-output",
    { file, line: 1, column: 1 },
    {
      message: `Expected the options as one JSON object from \`nix-instantiate\`, found ${detail}.`,
      hint: "Run the evaluation again and look at what it prints on standard error.",
    },
  );
}

const LONGEST_QUOTE = 120;

function clip(text: string): string {
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}...`;
}
