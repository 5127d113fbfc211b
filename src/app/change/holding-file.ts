import {
  type ConfigurationEdit,
  type ConfigurationFacts,
  type ConfigurationFile,
  configurationFacts,
  type HostConfiguration,
  isDefaultRoute,
  matchesRoute,
  type Operation,
} from "#model/index.js";

/** One configuration file of a host with what it says alone. */
export interface FilePart {
  readonly file: ConfigurationFile;
  readonly configuration: HostConfiguration;
  readonly facts: ConfigurationFacts;
}

/** A file with its facts. */
export function partOf(file: ConfigurationFile, configuration: HostConfiguration): FilePart {
  return { file, configuration, facts: configurationFacts(configuration) };
}

/** The file that an edit belongs to: the one that has what gives way, else one that speaks of the same thing; null where none does. */
export function holdingFile(edit: ConfigurationEdit, parts: readonly FilePart[]): FilePart | null {
  const has = (...tests: readonly ((part: FilePart) => boolean)[]): FilePart | null => {
    for (const test of tests) {
      const found = parts.find(test);
      if (found !== undefined) return found;
    }
    return null;
  };
  switch (edit.kind) {
    case "address-length":
    case "address-remove": {
      const length = edit.kind === "address-length" ? edit.from : edit.length;
      return has(({ facts }) =>
        facts.addresses.some(
          (each) => each.link === edit.link && each.ip === edit.ip && each.length === length,
        ),
      );
    }
    case "address-add":
      return has(hasAddressOn(edit.link), speaksOf(edit.link));
    case "gateway":
      return has(
        ({ facts }) => facts.routes.some(isDefaultRoute),
        hasAddressOn(edit.link),
        speaksOf(edit.link),
      );
    case "route-remove":
      return has(({ facts }) => facts.routes.some((route) => matchesRoute(route, edit.route)));
    case "route-add":
      return has(hasAddressOn(edit.route.link), speaksOf(edit.route.link));
    case "mtu":
      return has(({ facts }) => facts.mtus.has(edit.link), hasAddressOn(edit.link), speaksOf(edit.link));
    case "node-ip":
      return has(({ facts }) => facts.nodeIp !== null, hasK3s);
    case "k3s-server":
      return has(({ facts }) => facts.server !== null, hasK3s);
    case "flannel-backend":
      return has(({ facts }) => facts.backend !== null, hasK3s);
  }
}

function hasK3s({ configuration }: FilePart): boolean {
  return configuration.k3s !== null;
}

function hasAddressOn(link: string): (part: FilePart) => boolean {
  return ({ facts }) => facts.addresses.some((address) => address.link === link);
}

function speaksOf(link: string): (part: FilePart) => boolean {
  return ({ configuration }) =>
    configuration.steps.some(({ operation }) => namesLink(operation, link)) ||
    configuration.dynamicLinks.some((dynamic) => dynamic.link === link);
}

function namesLink(operation: Operation, link: string): boolean {
  switch (operation.kind) {
    case "link-add":
      return operation.link.name === link;
    case "link-up":
    case "link-mtu":
    case "link-master":
    case "link-mac":
      return operation.link === link;
    case "address-add":
      return operation.address.link === link;
    default:
      return false;
  }
}
