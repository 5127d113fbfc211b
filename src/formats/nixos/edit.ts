import {
  type Change,
  editConfiguration,
  editFlags,
  formatChange,
  isFlagEdit,
  overlayOf,
} from "#formats/editing/index.js";
import { formatIPv4, formatPrefix } from "#ip/index.js";
import {
  type ConfigurationEdit,
  type ConfigurationEditor,
  type ConfigurationTree,
  compareEdited,
  type EditRefusal,
  err,
  type HostConfiguration,
  isDefaultRoute,
  type Operation,
  ok,
} from "#model/index.js";
import { proposeFlags } from "./edit-flags.js";
import { proposeNixos } from "./edit-propose.js";
import { readNixos } from "./read.js";

/**
 * Edits NixOS modules that the static reader understands: literal values of `networking` and `systemd.network`, also those that a
 * `let` holds, items of their lists, and the flags of `services.k3s.extraFlags`. What code computes is refused with its place.
 *
 * @example editNixos(tree, "machines/a/networking.nix", [{ kind: "mtu", link: linkName("eth0"), mtu: 9000 }])
 */
export const editNixos: ConfigurationEditor = (tree, path, edits) => {
  const before = readNixos(tree, path);
  const hasNodeIp = edits.some(({ kind }) => kind === "node-ip");
  const read = (from: ConfigurationTree, file: string): HostConfiguration =>
    plainGateways(hasNodeIp ? withoutNodeIp(readNixos(from, file)) : readNixos(from, file));
  const seen = read(tree, path);
  const asked = new Map(
    edits.filter((edit) => !isFlagEdit(edit)).map((edit) => [reachable(edit, seen), edit] as const),
  );
  const network = editConfiguration(
    { read, propose: proposeNixos, hint: hintFor },
    { tree, path, edits: [...asked.keys()] },
  );
  if (!network.ok) {
    const edit = asked.get(network.error.edit) ?? network.error.edit;
    return err(explained({ ...network.error, edit }, before));
  }
  const texts = new Map(network.value.map((file) => [file.path, file.text]));
  const flags = editFlags(
    { read: readNixos, propose: proposeFlags },
    { tree: overlayOf(tree, texts), path, edits: edits.filter(isFlagEdit) },
  );
  if (!flags.ok) return err(explained(flags.error, before));
  for (const file of flags.value) texts.set(file.path, file.text);
  const refusal = differenceOf(edits, before, readNixos(overlayOf(tree, texts), path));
  if (refusal !== null) return err(refusal);
  return ok(
    [...texts].map(([file, text]) => ({ path: file, text })).sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
};

/** An address that a `let` gives to a link and to k3s changes for both at once. */
function withoutNodeIp(configuration: HostConfiguration): HostConfiguration {
  const { k3s } = configuration;
  return k3s === null ? configuration : { ...configuration, k3s: { ...k3s, nodeIp: null } };
}

/**
 * `defaultGateway` with an `interface` makes two routes: one to the gateway, which is thereby on-link, and the default route. For
 * an edit it is one default route that is on-link.
 */
function plainGateways(configuration: HostConfiguration): HostConfiguration {
  const steps = configuration.steps.flatMap((step, index, all) => {
    const next = all[index + 1]?.operation;
    if (next !== undefined && isRouteTo(step.operation, next)) return [];
    const previous = all[index - 1]?.operation;
    const { operation } = step;
    if (operation.kind !== "route-replace" || previous === undefined || !isRouteTo(previous, operation))
      return [step];
    return [{ ...step, operation: { ...operation, route: { ...operation.route, isOnlink: true } } }];
  });
  return { ...configuration, steps };
}

function isRouteTo(helper: Operation, operation: Operation): boolean {
  return (
    helper.kind === "route-replace" &&
    operation.kind === "route-replace" &&
    isDefaultRoute(operation.route) &&
    helper.route.gateway === null &&
    helper.route.destination.length === 32 &&
    helper.route.destination.address === operation.route.gateway &&
    helper.route.link === operation.route.link
  );
}

/** With `networking.defaultGateway.interface` the gateway is on-link whether or not that is asked for. */
function reachable(edit: ConfigurationEdit, configuration: HostConfiguration): ConfigurationEdit {
  if (edit.kind !== "gateway" || edit.isOnlink) return edit;
  const defaults = configuration.steps.flatMap(({ operation }) =>
    operation.kind === "route-replace" && isDefaultRoute(operation.route) ? [operation.route] : [],
  );
  const isUnit = configuration.steps.some(
    ({ unit, operation }) =>
      unit === "systemd-networkd.service" &&
      operation.kind === "route-add" &&
      isDefaultRoute(operation.route),
  );
  const isScripted = defaults.length === 0 ? !isUnit : defaults.some((route) => route.isOnlink);
  return isScripted ? { ...edit, isOnlink: true } : edit;
}

/** A value that the static reader does not know has the place where it said so. */
function explained(refusal: EditRefusal, before: HostConfiguration): EditRefusal {
  const unknown = before.issues.find(({ severity }) => severity === "unmodelled");
  if (refusal.source !== null || unknown === undefined) return refusal;
  return { ...refusal, message: `${refusal.message} ${unknown.message}`, source: unknown.source };
}

function differenceOf(
  edits: readonly ConfigurationEdit[],
  before: HostConfiguration,
  after: HostConfiguration,
): EditRefusal | null {
  const [difference] = compareEdited(before, edits, after);
  const [edit] = edits;
  if (difference === undefined || edit === undefined) return null;
  const found = difference.kind === "missing" ? "takes away" : "brings";
  return {
    edit,
    message: `Expected an edit of nothing else, found that it also ${found} \`${difference.text}\`.`,
    hint: "Give each of the two a literal of its own, then ask again.",
    source: before.steps[0]?.source ?? null,
  };
}

function hintFor(change: Change): string {
  switch (change.kind) {
    case "mtu":
      return `Set \`networking.interfaces.${change.link}.mtu = ${change.mtu};\` by hand, or make the value literal and ask again.`;
    case "address":
      return change.to === null
        ? `Remove ${formatChange(change)} by hand, or make the value literal and ask again.`
        : `Write \`{ address = "${formatIPv4(change.to.address)}"; prefixLength = ${change.to.length}; }\` for \`${change.link}\` by hand, or make the value literal and ask again.`;
    case "route":
      return change.to === null
        ? `Remove the route ${formatChange(change)} by hand, or make its values literal and ask again.`
        : `Give \`${change.to.link}\` the route to \`${formatPrefix(change.to.destination)}\` by hand, or make its values literal and ask again.`;
  }
}
