/**
 * YAML text as a tree of texts with places: the syntax that the netplan and k3s dialects share.
 *
 * For: dialects that give their own meaning to YAML scalars (netplan's `yes`, k3s's comma lists) and need the place of each.
 * Not for: any meaning; scalars stay text, whatever YAML's schema would make of `on`, `0x10` or `1e3`.
 * Law: never throws and takes bounded time on any text; aliases share a budget, so a bomb ends in a problem, not in memory.
 */

export { MAX_YAML_LENGTH, parseYaml } from "./parse-yaml.js";
export type {
  YamlEntry,
  YamlList,
  YamlMap,
  YamlProblem,
  YamlScalar,
  YamlText,
  YamlTree,
} from "./yaml-tree.js";
export { entryOf, mergeYamlTrees } from "./yaml-tree.js";
