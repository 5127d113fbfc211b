import { LabError } from "./lab-error.js";

/** The texts of what can go wrong with a lab. */
export const say = {
  notRoot: (): LabError =>
    new LabError("not-possible", {
      message: "Expected to run as root, found another user: a lab makes network namespaces and mounts.",
      hint: "Run the command again with `sudo`.",
    }),
  missingCommands: (commands: readonly string[]): LabError =>
    new LabError("not-possible", {
      message: `Expected the commands that a lab needs, found none named ${list(commands)}.`,
      hint: "Install them: `apt-get install iproute2 util-linux nftables systemd-container openssh-client`.",
    }),
  noControlGroups: (): LabError =>
    new LabError("not-possible", {
      message:
        "Expected control groups of version 2 at `/sys/fs/cgroup` or `/sys/fs/cgroup/unified`, found none.",
      hint: "Mount them: `mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified`.",
    }),
  badLabel: (label: string): LabError =>
    new LabError("usage", {
      message: `Expected a label of 2 to 8 lower-case letters, found \`${label}\`.`,
      hint: "Unset `POINTSMAN_LAB_LABEL`, or give it such a value.",
    }),
  badName: (name: string): LabError =>
    new LabError("usage", {
      message: `Expected a lab name of at most 20 lower-case letters, digits and \`-\`, a letter first, found \`${name}\`.`,
      hint: "Choose such a name with `--name`.",
    }),
  badSpecification: (problem: string): LabError =>
    new LabError("usage", {
      message: problem,
      hint: "Correct the fleet or snapshot that the lab is made from.",
    }),
  exists: (name: string): LabError =>
    new LabError("usage", {
      message: `Expected no lab named \`${name}\`, found one, or what is left of one.`,
      hint: `Remove it with \`pointsman lab down ${name}\`, or choose another name with \`--name\`.`,
    }),
  notThere: (name: string): LabError =>
    new LabError("usage", {
      message: `Expected a lab named \`${name}\`, found none.`,
      hint: "List what there is with `pointsman lab list`.",
    }),
  damaged: (name: string): LabError =>
    new LabError("usage", {
      message: `Expected the record of the lab \`${name}\`, found what is left of a lab that did not come up whole.`,
      hint: `Remove it with \`pointsman lab down ${name}\`.`,
    }),
  unknownHost: (name: string, host: string): LabError =>
    new LabError("usage", {
      message: `Expected a host of the lab \`${name}\`, found \`${host}\`.`,
      hint: `See its hosts with \`pointsman lab list\`; the namespace of the controller is \`operator\`.`,
    }),
  noOperator: (name: string): LabError =>
    new LabError("usage", {
      message: `Expected an operator host in the lab \`${name}\`, its fleet names none.`,
      hint: "Name it in the fleet file under `operator`, and build the lab again.",
    }),
  unknownLink: (host: string, link: string, known: readonly string[]): LabError =>
    new LabError("usage", {
      message: `Expected a cable of \`${host}\`, found \`${link}\`; it has ${list(known)}.`,
      hint: "Name a link that has a cable: bridges and VLANs have none of their own.",
    }),
  refused: (what: string, words: string, state: string): LabError =>
    new LabError("failed", {
      message: `Expected ${what}, the machine said: ${words.trim() === "" ? "nothing" : `\`${words.trim()}\``}. ${state}`,
      hint: "What this kernel lacks (VLANs, bonds, dummy links in some) cannot be built on it; everything else is worth a second try.",
    }),
  notReady: (host: string, seconds: number, console: string): LabError =>
    new LabError("timed-out", {
      message: `Expected \`${host}\` to answer on SSH within ${seconds} s, it did not; its console ends: \`${console}\`.`,
      hint: "Look at `console.log` in the folder of the host, and at `journalctl` through `pointsman lab exec`.",
    }),
  noPower: (host: string): LabError =>
    new LabError("usage", {
      message: `Expected \`${host}\` to run, it has no power.`,
      hint: "Start it with `pointsman lab start`.",
    }),
  hasPower: (host: string): LabError =>
    new LabError("usage", {
      message: `Expected \`${host}\` to be without power, it runs.`,
      hint: "Take its power with `pointsman lab kill` first, or reboot it.",
    }),
  stillThere: (name: string, left: readonly string[]): LabError =>
    new LabError("failed", {
      message: `Expected nothing of the lab \`${name}\` to be left, found ${list(left)}.`,
      hint: "Run `pointsman lab down` again; what a process of yours still uses goes when that ends.",
    }),
  fromInside: (name: string): LabError =>
    new LabError("usage", {
      message: `Expected to be outside the lab \`${name}\`, found this process inside: it would end with it.`,
      hint: "Run the command from a shell that was not started by `pointsman lab exec`.",
    }),
  badPercent: (value: number): LabError =>
    new LabError("usage", {
      message: `Expected a percentage from 1 to 100, found \`${value}\`.`,
      hint: "Write a whole number, such as `30`.",
    }),
} as const;

function list(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}
