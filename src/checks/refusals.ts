import type { BootStep, Host, HostId, Issue, Route } from "#model/index.js";
import { grouped } from "./evidence.js";
import { isGatewayOnlink } from "./next-hop.js";
import type { CheckInput } from "./rule.js";

/** A kernel operation that a cold boot did not get through. */
export interface BootRefusal {
  /** `invalid-gateway` or `route-exists` where the kernel's words say so, else what stands behind `boot/` in the code. */
  readonly kind: string;
  readonly issue: Issue;
  /** null where the issue fits no step of a known configuration. */
  readonly at: { readonly host: Host; readonly step: BootStep } | null;
}

const PREFIX = "boot/";

/** The kernel's refusals at boot, each with the step of the configuration that stands at the same place. */
export function refusalsOf(input: CheckInput): readonly BootRefusal[] {
  const refused = new Map<string, BootRefusal>();
  for (const issue of input.issues.filter((one) => one.code.startsWith(PREFIX))) {
    const kind = kindOf(issue);
    const places = findSteps(input, issue);
    const key = `${issue.code} ${issue.message} ${placeKey(issue)}`;
    if (places.length === 0) refused.set(key, { kind, issue, at: null });
    for (const at of places) refused.set(`${key} ${at.host.id}`, { kind, issue, at });
  }
  return [...refused.values()];
}

/** The kernel's words are the same on every platform and stand in the issue's message. */
function kindOf({ code, message }: Issue): string {
  if (message.includes("Nexthop has invalid gateway")) return "invalid-gateway";
  if (code === "boot/refused-route" && message.includes("File exists")) return "route-exists";
  return code.slice(PREFIX.length);
}

/** The route that a refused step wanted, or null for other operations. */
export function refusedRoute(refusal: BootRefusal): Route | null {
  const operation = refusal.at?.step.operation;
  switch (operation?.kind) {
    case "route-add":
    case "route-append":
    case "route-replace":
      return operation.route;
    default:
      return null;
  }
}

/** Whether the refused step is another default route where one of its table and metric is there already. */
export function isSecondDefault(refusal: BootRefusal): boolean {
  const route = refusedRoute(refusal);
  return refusal.kind === "route-exists" && route?.type === "unicast" && route.destination.length === 0;
}

/**
 * Whether the refused step is a route whose gateway is no neighbour. The kernel says `invalid gateway` of other faults
 * as well (an own address, a scope), and of routes that came before their address: these are not meant.
 */
export function isGatewayNotOnlink(refusal: BootRefusal): boolean {
  if (refusal.kind !== "invalid-gateway" && refusal.kind !== "gateway-unreachable") return false;
  const route = refusedRoute(refusal);
  if (refusal.at === null) return true;
  if (route === null || route.gateway === null || route.isOnlink) return false;
  return !isGatewayOnlink(refusal.at.host, route.link, route.gateway);
}

/** The host of a refusal, or null where it cannot be told. */
export function hostOfRefusal(input: CheckInput, refusal: BootRefusal): HostId | null {
  return refusal.at?.host.id ?? hostOf(input, refusal.issue);
}

/** The host whose configuration has this place, or null where it is none's or several hosts share the file. */
export function hostOf(input: CheckInput, issue: Issue): HostId | null {
  const file = issue.source?.file;
  const hosts = [...input.configurations].filter(
    ([, configuration]) =>
      configuration.issues.includes(issue) ||
      configuration.steps.some((step) => step.source.file === file) ||
      configuration.k3s?.source.file === file,
  );
  const [only, ...more] = hosts;
  return only === undefined || more.length > 0 ? null : only[0];
}

interface PlacedStep {
  readonly id: HostId;
  readonly step: BootStep;
}

const stepsByPlace = new WeakMap<CheckInput, ReadonlyMap<string, readonly PlacedStep[]>>();

/** A shared file gives several hosts the same place: those that hold what was asked for were not refused. */
function findSteps(input: CheckInput, issue: Issue): readonly { host: Host; step: BootStep }[] {
  const index = stepsByPlace.get(input) ?? indexSteps(input);
  stepsByPlace.set(input, index);
  const found = issue.source === null ? [] : (index.get(placeKey(issue)) ?? []);
  return found.flatMap(({ id, step }) => {
    const host = (input.booted ?? input.snapshot).hosts.get(id);
    return host === undefined || holdsRoute(host, step) ? [] : [{ host, step }];
  });
}

function indexSteps(input: CheckInput): ReadonlyMap<string, readonly PlacedStep[]> {
  const all = [...input.configurations].flatMap(([id, { steps }]) => steps.map((step) => ({ id, step })));
  return new Map(
    grouped(all, ({ step }) => placeKey(step)).map((group) => [placeKey(group[0]?.step ?? NOWHERE), group]),
  );
}

const NOWHERE = { source: null };

function holdsRoute(host: Host, { operation }: BootStep): boolean {
  if (operation.kind !== "route-add" && operation.kind !== "route-append") return false;
  const wanted = operation.route;
  return host.routes.some(
    (route) =>
      route.table === wanted.table &&
      route.metric === wanted.metric &&
      route.gateway === wanted.gateway &&
      route.destination.address === wanted.destination.address &&
      route.destination.length === wanted.destination.length,
  );
}

function placeKey({ source }: Pick<Issue, "source">): string {
  return source === null ? "" : `${source.file}:${source.line}:${source.column}`;
}
