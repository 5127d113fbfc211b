import { describe, expect, it } from "vitest";
import type { ConfigurationTree } from "#model/index.js";
import { nixInstantiateArguments, nixInstantiateEnvironment, readNixosEvaluated } from "./index.js";

const MODULE = `{ config, ... }:
{
  imports = [ ./gone.nix ];
  networking.defaultGateway = {
    address = config.my.gateway;
  };
}
`;
const tree: ConfigurationTree = { read: (path) => (path === "m.nix" ? MODULE : null), list: () => ["m.nix"] };

describe("readNixosEvaluated", () => {
  it("takes values from the JSON and places from the file, and keeps what is said of imports", () => {
    const json = JSON.stringify({ networking: { defaultGateway: { address: "10.0.0.1" } } });
    const { steps, issues } = readNixosEvaluated(json, tree, "m.nix");
    expect(steps.map(({ operation, source }) => [operation.kind, source])).toEqual([
      ["route-replace", { file: "m.nix", line: 4, column: 3 }],
    ]);
    expect(issues.map(({ code }) => code)).toEqual(["nixos/missing-import"]);
  });

  it.each([
    ["", "found nothing."],
    ["error: no", "found `error: no`."],
    ["[1]", "found `[1]`."],
  ])("refuses the output `%s`", (json, end) => {
    const [issue] = readNixosEvaluated(json, tree, "m.nix").issues;
    expect(issue?.code).toBe("nixos/evaluation-output");
    expect(issue?.message).toBe(`Expected the options as one JSON object from \`nix-instantiate\`, ${end}`);
  });

  it("says where the module is missing", () => {
    expect(readNixosEvaluated("{}", tree, "x.nix").issues.map(({ code }) => code)).toEqual([
      "nixos/missing-file",
    ]);
  });

  it("describes the process without running it", () => {
    const words = nixInstantiateArguments("/etc/nixos/m.nix");
    expect(words.slice(0, 5)).toEqual(["--eval", "--strict", "--json", "--readonly-mode", "-E"]);
    expect(words.slice(-3)).toEqual(["--argstr", "file", "/etc/nixos/m.nix"]);
    expect(nixInstantiateEnvironment("/x")).toMatchObject({ NIX_STORE_DIR: "/x/store", NIX_REMOTE: "" });
  });
});
