import { commentHelper, describeHelper, HELPERS_ARE } from "./helper-stage-text.js";
import type { HostView, PhaseView, PlanView, StepView } from "./plan-view.js";
import { describeStrategy, expectations } from "./render-plan-text.js";
import { persistCommands, reach, rollbackNote } from "./runbook-hosts.js";
import { instruction, isByHand, isInstruction, movedHost } from "./wiring-text.js";

/** The plan as Markdown that a person can follow by hand, in eight steps and a way back. */
export function renderRunbook(plan: PlanView): string {
  const sections = [
    `# Runbook: ${plan.fleet || "fleet"}, ${plan.from} to ${plan.to}`,
    introduction(plan),
    preflight(plan),
    stopServices(plan),
    clearCaches(plan),
    applyChange(plan),
    verifyConfiguration(plan),
    verifyMatrix(plan),
    startServices(plan),
    persistAndWatch(plan),
    rollback(plan),
  ];
  return `${sections.join("\n\n")}\n`;
}

function introduction(plan: PlanView): string {
  const states = plan.phases.map((phase) => phase.proof.states).join(" + ");
  return [
    `Strategy \`${plan.strategy ?? "none"}\`: ${describeStrategy(plan)}`,
    "",
    `Proved for every state on the way (${states} states in ${plan.phases.length} phase${plan.phases.length === 1 ? "" : "s"}). Plan digest: \`${plan.digest}\`.`,
    ...(plan.assumptions.length > 0 ? ["", "It holds as long as these assumptions do:", ""] : []),
    ...plan.assumptions.map((assumption) => `- ${assumption}`),
  ].join("\n");
}

function preflight(plan: PlanView): string {
  const commands = changed(plan).map(
    (host) => `${reach(host)} 'hostname; ip -4 -br addr show; ip -4 route show'`,
  );
  return [
    "## Step 1: Pre-flight checks",
    "",
    "- [ ] The configuration of the target is committed to git.",
    "- [ ] There is terminal or console access to each host that changes.",
    "- [ ] The way back at the end of this page is at hand.",
    "",
    block(["# What is there now must be what the plan was made for", ...commands, ...clusterHealth(plan)]),
  ].join("\n");
}

function stopServices(plan: PlanView): string {
  const head = "## Step 2: Stop cluster services";
  if (plan.strategy === "live") {
    return `${head}\n\nNot needed: every flow between the members keeps working in each of the proved states, and etcd keeps its quorum.`;
  }
  if (plan.strategy === "rolling-stop") {
    return `${head}\n\nOne member at a time, inside its own phase of Step 4.`;
  }
  const stop = members(plan).map((host) => `${reach(host)} 'systemctl stop k3s' &`);
  const verify = members(plan).map((host) => `${reach(host)} 'systemctl is-active k3s || echo stopped'`);
  return `${head}\n\n${block([...stop, "wait", "", "# Each must say stopped", ...verify])}`;
}

function clearCaches(plan: PlanView): string {
  const all = plan.hosts.map((host) => `${reach(host)} 'ip neigh flush all'`);
  return [
    "## Step 3: Clear neighbour caches",
    "",
    "Entries learnt under the old addresses go; permanent entries, such as flannel's, stay (`flush all` leaves them).",
    "",
    block(all),
  ].join("\n");
}

function applyChange(plan: PlanView): string {
  const phases = plan.phases.map((phase, index) => renderPhase(plan, phase, index));
  return [
    "## Step 4: Apply network configuration changes",
    "",
    "The commands change the kernel only: until Step 8 a reboot brings the old network back.",
    "Inside a phase the hosts may run in any order or at the same time (option A: parallel; option B: one by one, looking at each).",
    "The order of the commands of one host must stay as it is.",
    "",
    ...helperStages(plan),
    phases.join("\n\n"),
  ].join("\n");
}

function helperStages({ helpers }: PlanView): readonly string[] {
  if (helpers.length === 0) return [];
  return [
    `Helper stages are ${HELPERS_ARE}; without them no order of the rest is safe:`,
    "",
    ...helpers.map((helper) => `- ${describeHelper(helper)}`),
    "",
  ];
}

function renderPhase(plan: PlanView, phase: PhaseView, index: number): string {
  const byHand = phase.steps.filter(isByHand);
  const isRolling = plan.strategy === "rolling-stop" && byHand.length > 0;
  const still = isRolling
    ? members(plan).filter(({ name }) => phase.steps.some((step) => movedHost(step) === name))
    : [];
  const services = (verb: string): readonly string[] =>
    still.length === 0 ? [] : [block(still.map((host) => `${reach(host)} 'systemctl ${verb} k3s'`))];
  const own = phase.steps.filter((step) => !isByHand(step)).map((step) => renderStep(plan, step, isRolling));
  const atSwitch = byHand.flatMap((step) => step.operations.map(({ command }) => command));
  const steps = [...services("stop"), ...own, ...renderByHand(atSwitch), ...services("start")];
  return [
    `### Phase ${index + 1} of ${plan.phases.length}`,
    "",
    steps.join("\n\n"),
    "",
    `Go on when the matrix of Step 6 shows ${expectations(phase)}.`,
  ].join("\n");
}

/** What nobody can do with a command, as a list to tick off. */
function renderByHand(commands: readonly string[]): readonly string[] {
  return commands.length === 0
    ? []
    : [commands.map((command) => `- [ ] At the switch: ${instruction(command)}`).join("\n")];
}

function renderStep(plan: PlanView, step: StepView, isStopped: boolean): string {
  const isMember = members(plan).some((host) => host.name === step.host);
  const isRolling = plan.strategy === "rolling-stop" && isMember && !isStopped;
  const stop = isRolling ? ["systemctl stop k3s"] : [];
  const start = isRolling ? ["systemctl start k3s"] : [];
  const script = [
    ...stop,
    ...step.operations.map((each) => `${each.command}${commentHelper(each, plan.helpers)}`),
    ...start,
  ];
  return renderScript(hostOf(plan, step.host), script);
}

/** Commands of one host in their order: what a shell does as a script, what only a person can do as a line to tick off. */
function renderScript(host: HostView, commands: readonly string[]): string {
  const parts: string[] = [];
  let script: string[] = [];
  const endScript = (): void => {
    if (script.length > 0) parts.push(block([`${reach(host)} sh -e <<'EOF'`, ...script, "EOF"]));
    script = [];
  };
  for (const command of commands) {
    if (!isInstruction(command)) {
      script.push(command);
      continue;
    }
    endScript();
    parts.push(`- [ ] For \`${host.name}\`: ${instruction(command)}`);
  }
  endScript();
  return parts.join("\n\n");
}

function verifyConfiguration(plan: PlanView): string {
  const commands = changed(plan).map((host) => `${reach(host)} 'ip -4 -br addr show; ip -4 route show'`);
  return `## Step 5: Verify network configuration\n\n${block(commands)}`;
}

const MAX_CELLS = 400;

function verifyMatrix(plan: PlanView): string {
  const head = "## Step 6: Connectivity matrix verification";
  const expected = plan.phases.at(-1)?.expected ?? [];
  const sources = [...new Set(expected.map((flow) => flow.from))];
  const cells = sources.flatMap((from) => {
    const own = expected.filter((flow) => flow.from === from);
    const targets = (isDelivered: boolean): string =>
      own
        .filter(({ after }) => (String(after) === "delivered") === isDelivered)
        .map(({ to }) => to)
        .join(" ");
    const ping = (list: string, good: string, bad: string): readonly string[] =>
      list === ""
        ? []
        : [
            `${reach(hostOf(plan, from))} 'for to in ${list}; do ping -c 1 -W 2 $to >/dev/null && echo "${good} ${from} -> $to" || echo "${bad} ${from} -> $to"; done'`,
          ];
    return [
      ...ping(targets(true), "ok", "FAILED"),
      ...ping(targets(false), "UNEXPECTED", "ok, lost as expected"),
    ];
  });
  const note =
    expected.length > MAX_CELLS
      ? "The fleet is large: one flow stands for all that are alike."
      : "Every cell, those that must fail included.";
  return `${head}\n\n${note} Nothing may say FAILED or UNEXPECTED.\n\n${block(cells)}`;
}

function startServices(plan: PlanView): string {
  const head = "## Step 7: Start cluster services";
  if (plan.strategy !== "full-stop") return `${head}\n\nNothing to start: the services run.`;
  const start = members(plan).map((host) => `${reach(host)} 'systemctl start k3s' &`);
  return `${head}\n\n${block([...start, "wait", "sleep 30", ...clusterHealth(plan)])}`;
}

function persistAndWatch(plan: PlanView): string {
  const persist = changed(plan).flatMap((host) => persistCommands(host, plan.to));
  const [first] = members(plan);
  const watch =
    first === undefined
      ? []
      : [
          ...clusterHealth(plan),
          `${reach(first)} 'kubectl get pods -A | grep -v Running'`,
          `${reach(first)} 'timeout 120 journalctl -u k3s -f --since "2 minutes ago"'`,
        ];
  return [
    "## Step 8: Make it permanent, and verify after the change",
    "",
    "Only when Step 6 is as expected:",
    "",
    block([...persist, ...watch]),
  ].join("\n");
}

function rollback(plan: PlanView): string {
  const phases = [...plan.phases].reverse().map((phase, index) => {
    const steps = phase.steps.map(({ host, revert }) =>
      isByHand({ host })
        ? renderByHand(revert).join("")
        : revert.length === 0
          ? `No commands are known that lead \`${host}\` back: before Step 8 reboot it, after Step 8 use its platform's own way.`
          : renderScript(hostOf(plan, host), revert),
    );
    return [`### Take back phase ${plan.phases.length - index}`, "", steps.join("\n\n")].join("\n");
  });
  return [
    "## Rollback procedure",
    "",
    "Before Step 8 a reboot of a host is a way back too: nothing was written yet.",
    "",
    phases.join("\n\n"),
    "",
    "After Step 8:",
    "",
    ...changed(plan).map((host) => `- \`${host.name}\`: ${rollbackNote(host)}`),
    "",
    "Then clear the neighbour caches (Step 3) and look at the matrix again.",
  ].join("\n");
}

function clusterHealth(plan: PlanView): readonly string[] {
  const [first] = members(plan);
  return first === undefined ? [] : [`${reach(first)} 'kubectl get nodes'`];
}

function members(plan: PlanView): readonly HostView[] {
  const names = new Set(plan.clusters.flatMap(({ servers, agents }) => [...servers, ...agents]));
  return plan.hosts.filter((host) => names.has(host.name));
}

function changed(plan: PlanView): readonly HostView[] {
  const steps = plan.phases.flatMap((phase) => phase.steps.filter((step) => !isByHand(step)));
  const names = new Set(steps.map((step) => step.host));
  return [...names].map((name) => hostOf(plan, name));
}

function hostOf(plan: PlanView, name: string): HostView {
  return plan.hosts.find((host) => host.name === name) ?? { name, role: "other", os: "other", ssh: null };
}

function block(lines: readonly string[]): string {
  return ["```bash", ...lines, "```"].join("\n");
}
