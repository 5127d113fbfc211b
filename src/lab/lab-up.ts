import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allOf } from "./all-of.js";
import { bootFirst } from "./boot.js";
import { checkSpecification } from "./check-specification.js";
import { commandScript } from "./command-script.js";
import { ControlGroups } from "./control-groups.js";
import { HOST_SCRIPT } from "./host-script.js";
import { switchRules } from "./impair.js";
import type { Lab } from "./lab.js";
import { labDown } from "./lab-down.js";
import { ownFolder, register, writeRecord } from "./lab-record.js";
import { raiseLimits } from "./limits.js";
import { requireMachine } from "./machine.js";
import { say } from "./messages.js";
import { checkPlaces, defaultPlaces, type LabPaths, type LabPlaces, labPaths } from "./places.js";
import { prepareHost } from "./prepare-host.js";
import { runWords } from "./run-words.js";
import type { LabSpecification } from "./specification.js";
import { makeKeys } from "./ssh-files.js";
import { numberPorts, planSwitch, type SwitchPlan } from "./switch-plan.js";

/** Hosts made at once: more would only wait for one another on a small machine. */
const AT_ONCE = 4;

/**
 * Builds a lab and leaves it standing when this process ends. Hosts with an SSH server answer on it when this resolves. Where anything
 * fails, all of it is removed again before this rejects.
 */
export async function labUp(
  specification: LabSpecification,
  places: LabPlaces = defaultPlaces(),
): Promise<Lab> {
  checkPlaces(places);
  requireMachine({ hasSystemd: specification.hosts.some(({ kind }) => kind === "systemd") });
  checkSpecification(specification);
  const paths = labPaths(places, specification.name);
  register(places, paths);
  try {
    return await build(specification, paths, places);
  } catch (error) {
    await labDown(specification.name, places);
    throw error;
  }
}

async function build(specification: LabSpecification, paths: LabPaths, places: LabPlaces): Promise<Lab> {
  mkdirSync(join(paths.folder, ".."), { recursive: true });
  makeFolder(paths);
  raiseLimits(specification, places);
  const hosts = numberPorts(specification);
  const groups = new ControlGroups(paths.group);
  const plan = planSwitch(specification.segments, hosts);
  const keys = await makeKeys(specification, join(paths.folder, "ssh"));
  const lab: Lab = {
    name: specification.name,
    folder: paths.folder,
    hosts,
    operator: specification.operator,
    sshConfig: keys.configuration,
  };
  writeFileSync(join(paths.folder, "lab-host"), HOST_SCRIPT, { mode: 0o700 });
  writeRecord(paths, lab);
  await makeRooms(paths);
  groups.makeFirst();
  await makeSwitch(paths, plan, groups.supervisors);
  const pairs = specification.hosts.flatMap((host, index) => {
    const record = hosts[index];
    return record === undefined ? [] : [{ host, record }];
  });
  await allOf(pairs, AT_ONCE, async ({ host, record }) => {
    groups.make(record.number);
    prepareHost({
      paths,
      host,
      record,
      ports: plan.ports,
      groups: groups.of(record.number),
      supervisors: groups.supervisors,
      moreFiles: keys.filesOf.get(host.id) ?? [],
    });
    await bootFirst(paths, record);
  });
  return lab;
}

/** A folder that is there already belongs to somebody: nothing of it is taken over. */
function makeFolder(paths: LabPaths): void {
  try {
    mkdirSync(paths.folder, { mode: 0o700 });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") throw say.exists(paths.name);
    throw cause;
  }
  ownFolder(paths);
  mkdirSync(paths.rooms, { mode: 0o700 });
}

/** Namespaces of mounts can be pinned only on a mount that is private. */
async function makeRooms({ rooms }: LabPaths): Promise<void> {
  const options = "size=1m,nr_inodes=8192,mode=700";
  const mounted = await runWords(["mount", "-t", "tmpfs", "-o", options, "pointsman-lab", rooms]);
  const isPrivate = await runWords(["mount", "--make-private", rooms]);
  const failed = [mounted, isPrivate].find(({ code }) => code !== 0);
  if (failed !== undefined) throw say.refused("a place for mounts", failed.stderr, "");
}

async function makeSwitch(paths: LabPaths, plan: SwitchPlan, supervisors: string): Promise<void> {
  const text = `echo $$ >${supervisors}/cgroup.procs || return 1\nip netns add ${paths.switch} || return 1\n${commandScript(
    [["ip", "link", "set", "dev", "lo", "up"], ...plan.commands],
    paths.switch,
  )}`;
  const script = join(paths.folder, "switch");
  writeFileSync(script, text, { mode: 0o600 });
  const made = await runWords(["sh", "-c", '. "$1"', "sh", script]);
  if (made.code !== 0) throw say.refused("the switch of the lab", made.stderr, "");
  await switchRules(paths);
}
