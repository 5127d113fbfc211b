import {
  type Cable,
  type Direction,
  type Lab,
  LabError,
  type LabErrorCode,
  type LabPlaces,
  type LabSpecification,
  type LabSummary,
  labCut,
  labDown,
  labDownAll,
  labHeal,
  labList,
  labUp,
} from "#lab/index.js";
import { err, type HostId, hostId, ok, type Result, type Snapshot } from "#model/index.js";
import type { Failure, FailureKind } from "../failure.js";
import { say } from "../messages.js";
import { nearestNames } from "../nearest-names.js";
import { type FleetSource, type NetworkSource, openWholeNetwork } from "../network.js";
import { openTree } from "../tree/tree-reference.js";
import { specifyNamespaces } from "./specify.js";
import { specifyFleet } from "./specify-fleet.js";

/** What a lab is to be made from. */
export interface LabRequest {
  readonly name: string;
  /** `systemd` needs a fleet: a snapshot has no files to boot from. */
  readonly source: NetworkSource;
  readonly kind: "netns" | "systemd";
  /** Instead of the operator that the fleet names; null: that one. */
  readonly operator: string | null;
  readonly places?: LabPlaces;
}

/** Builds the lab of a fleet or snapshot: read it, say what each host is to be, and make it. */
export async function buildLab(request: LabRequest): Promise<Result<Lab, Failure>> {
  const specification = await specifyLab(request);
  if (!specification.ok) return specification;
  return asResult(() => labUp(specification.value, request.places));
}

/** Says what each host of a lab is to be, and makes nothing but the shared root where that is needed. */
export async function specifyLab(request: LabRequest): Promise<Result<LabSpecification, Failure>> {
  const { source, name } = request;
  if (request.kind === "systemd") {
    if (source.kind !== "fleet") return err(sayOfLab.needsFleet());
    return specifyBooted(request, source);
  }
  const network = openWholeNetwork(source);
  if (!network.ok) return network;
  const { snapshot, fleet } = network.value;
  const operator = chooseOperator(request.operator, { fleet: fleet?.operator ?? null, snapshot });
  if (!operator.ok) return operator;
  return asFailure(specifyNamespaces(snapshot, { name, operator: operator.value }));
}

async function specifyBooted(
  request: LabRequest,
  source: FleetSource,
): Promise<Result<LabSpecification, Failure>> {
  const network = openWholeNetwork(source);
  if (!network.ok) return network;
  const tree = openTree(source.file, source.tree);
  if (!tree.ok) return tree;
  const { fleet, snapshot } = network.value;
  if (fleet === null) throw new RangeError("a fleet source gives a fleet");
  const operator = chooseOperator(request.operator, { fleet: fleet.operator, snapshot });
  if (!operator.ok) return operator;
  const chosen = { ...fleet, operator: operator.value };
  return asResultOf(() =>
    specifyFleet({ network: network.value, fleet: chosen, tree: tree.value }, request.name),
  );
}

function chooseOperator(
  wanted: string | null,
  { fleet, snapshot }: { readonly fleet: HostId | null; readonly snapshot: Snapshot },
): Result<HostId | null, Failure> {
  if (wanted === null) return ok(fleet);
  const names = [...snapshot.hosts.keys()];
  if (names.includes(hostId(wanted))) return ok(hostId(wanted));
  return err(say.unknownHost(wanted, nearestNames(wanted, names), names.length));
}

/** Removes a lab, or with null all labs of this machine; gives the names. */
export function removeLab(
  name: string | null,
  places?: LabPlaces,
): Promise<Result<readonly string[], Failure>> {
  return asResult(async () => {
    if (name === null) return labDownAll(places);
    return (await labDown(name, places)) ? [name] : [];
  });
}

/** All labs of this machine. */
export function listLabs(places?: LabPlaces): Promise<Result<readonly LabSummary[], Failure>> {
  return asResult(async () => labList(places));
}

/** Cuts a cable of a lab. */
export function cutCable(cable: Cable, direction: Direction): Promise<Result<void, Failure>> {
  return asResult(() => labCut(cable, direction));
}

/** Makes a cable of a lab whole again. */
export function healCable(cable: Cable): Promise<Result<void, Failure>> {
  return asResult(() => labHeal(cable));
}

/** Does something with a lab; what it says of its failure becomes the verb's. */
export async function asResult<T>(work: () => Promise<T>): Promise<Result<T, Failure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return err({ kind: KINDS[error.code], message: error.message, where: null, hint: error.hint, more: [] });
  }
}

const KINDS: Readonly<Record<LabErrorCode, FailureKind>> = {
  usage: "usage",
  "not-possible": "refused",
  failed: "unreadable",
  "timed-out": "unreadable",
};

async function asResultOf<T>(work: () => Promise<Result<T, string>>): Promise<Result<T, Failure>> {
  const done = await asResult(work);
  return done.ok ? asFailure(done.value) : done;
}

function asFailure<T>(result: Result<T, string>): Result<T, Failure> {
  return result.ok ? result : err(sayOfLab.cannotBuild(result.error));
}

/** The texts of what only this verb can say. */
const sayOfLab = {
  needsFleet: (): Failure => ({
    kind: "usage",
    message: "Expected a fleet for hosts with systemd, found a snapshot: it has no files to boot from.",
    where: null,
    hint: "Name the fleet file with `--fleet`, or build the lab of namespaces with `--netns`.",
    more: [],
  }),
  cannotBuild: (problem: string): Failure => ({
    kind: "refused",
    message: `Expected a network that a lab can be made of: ${problem}.`,
    where: null,
    hint: "Leave the host out, or describe it without what cannot be built.",
    more: [],
  }),
} as const;
