import type { ConfigurationTree, HostConfiguration } from "#model/index.js";
import { convertInterfaces, detectFlavour } from "./convert.js";
import type { Flavour } from "./draft.js";
import { joinSources } from "./sources.js";

/**
 * Reads /etc/network/interfaces of a tree with all that it sources. Never throws.
 *
 * @param flavour which tool reads the file on the host; by default told from the file, see `detectFlavour`.
 */
export function readIfupdown(tree: ConfigurationTree, path: string, flavour?: Flavour): HostConfiguration {
  const document = joinSources(tree, path);
  return convertInterfaces(document, flavour ?? detectFlavour(document));
}
