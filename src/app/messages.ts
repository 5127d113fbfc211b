import { type ConfigurationFile, type FleetHost, formatSource, type Issue } from "#model/index.js";
import type { Failure, FailureKind } from "./failure.js";

/** What the operator named: it decides what to do next where it is not there. */
export type Wanted =
  | "snapshot directory"
  | "configuration folder"
  | "fleet file"
  | "plan file"
  | "change file";

const NEXT: Readonly<Record<Wanted, string>> = {
  "snapshot directory":
    "Name a directory with `wiring.json` and `hosts/NAME/addr.json`; docs/snapshot.md shows how to make one.",
  "configuration folder": "Name the folder that the paths of the fleet file start from, or `git:REVISION`.",
  "fleet file": "Name the fleet file, usually `pointsman.yaml`.",
  "change file": "Name the file that says what is to be different; docs/change.md shows how to write one.",
  "plan file": "Name the file that `pointsman plan -o FILE` wrote.",
};

const MAX_MORE = 4;
/** Characters of a further problem; the first one is told in full. */
const MAX_LINE = 160;

/** The texts of everything that can go wrong between the operator and a verb; each gives one failure. */
export const say = {
  missing: (wanted: Wanted, path: string): Failure =>
    failure("usage", `Expected a ${wanted}, found nothing of this name.`, path, NEXT[wanted]),
  wrongKind: (wanted: Wanted, path: string, found: string): Failure =>
    failure("usage", `Expected a ${wanted}, found ${found}.`, path, NEXT[wanted]),
  notAFile: (path: string, found: string): Failure =>
    failure("unreadable", `Expected a file, found ${found}.`, path, "Put the file itself there."),
  tooLarge: (path: string, size: number, limit: number): Failure =>
    failure(
      "unreadable",
      `Expected at most \`${mebibytes(limit)}\`, found a file of \`${mebibytes(size)}\`.`,
      path,
      "Check that it is the right file; no configuration or command output of a host is that long.",
    ),
  tooMany: (path: string, limit: number): Failure =>
    failure(
      "unreadable",
      `Expected at most \`${limit}\` files below the folder, found more.`,
      path,
      "Name the folder of the configuration itself, not one far above it.",
    ),
  unreadable: (path: string, problem: string): Failure =>
    failure(
      "unreadable",
      `Expected to read it, found ${problem}.`,
      path,
      "Give this user read access, or repair the link or disk, and run the command again.",
    ),
  missingConfiguration: (host: string, file: ConfigurationFile): Failure =>
    failure(
      "usage",
      `Expected the ${file.dialect} configuration of \`${host}\` at \`${file.path}\` of the tree, found no such file.`,
      formatSource(file.source),
      "Correct the path in the fleet file, or name the tree that holds the file (`--tree`, `--from`, `--to`).",
    ),
  noConfiguration: (host: FleetHost): Issue => ({
    code: "fleet/no-configuration",
    severity: "unmodelled",
    message: `Expected configuration files of \`${host.id}\`, found none in the fleet file.`,
    source: host.source,
    hint: "Name them under `configuration`; verdicts that depend on this host are unknown until then.",
  }),
  nixFailed: (path: string, complaint: string): Issue => ({
    code: "nixos/not-evaluated",
    severity: "warning",
    message: `Expected \`nix-instantiate\` to evaluate the module, it said: ${complaint}`,
    source: { file: path, line: 1, column: 1 },
    hint: "The module was read without nix; what that could not follow is named on its own. Make the values literal to be sure.",
  }),
  noGit: (): Failure =>
    failure(
      "unreadable",
      "Expected the command `git`, found none on the PATH.",
      null,
      "Install git, or check the revision out and name the folder.",
    ),
  gitFailed: (folder: string, problem: string): Failure =>
    failure(
      "unreadable",
      `Expected git to read the repository, it said: ${problem}`,
      folder,
      "Repair what git names; `git fsck` tells whether the repository is damaged.",
    ),
  noRepository: (folder: string): Failure =>
    failure(
      "usage",
      "Expected a git repository that holds the fleet file, found none.",
      folder,
      "Name folders instead of `git:REVISION`, or keep the fleet in git.",
    ),
  noRevision: (folder: string, revision: string): Failure =>
    failure(
      "usage",
      `Expected a commit of the repository, found \`${revision}\`, which git does not know.`,
      folder,
      "List what there is with `git log --oneline` and `git branch --all`.",
    ),
  linkLoop: (path: string): Failure =>
    failure(
      "unreadable",
      "Expected a file, found a symbolic link that leads back to itself.",
      path,
      "Replace the link by the file it should lead to.",
    ),
  unknownHost: (name: string, nearest: readonly string[], count: number): Failure =>
    failure(
      "usage",
      `Expected one of the ${count} hosts, found \`${name}\`.`,
      null,
      nearest.length > 0
        ? `Did you mean ${nearest.map((one) => `\`${one}\``).join(" or ")}?`
        : "Run `pointsman matrix` to see the names of all hosts.",
    ),
  unknownTarget: (name: string, nearest: readonly string[]): Failure =>
    failure(
      "usage",
      `Expected a host or an IPv4 address to go to, found \`${name}\`.`,
      null,
      nearest.length > 0
        ? `Did you mean ${nearest.map((one) => `\`${one}\``).join(" or ")}?`
        : "Write an address as `10.0.0.1`, or the name of a host as the fleet has it.",
    ),
  noAddress: (name: string): Failure =>
    failure(
      "usage",
      `Expected an address of host \`${name}\` to go to, found none besides 127.0.0.0/8.`,
      null,
      "Name a destination address instead of the host.",
    ),
  notAnAddress: (text: string): Failure =>
    failure(
      "usage",
      `Expected an IPv4 address for \`--to\`, found \`${text}\`.`,
      null,
      "Write it as four numbers, such as `10.0.0.1`; repeat `--to` for more.",
    ),
  notASize: (text: string): Failure =>
    failure(
      "usage",
      `Expected \`full\` or a number of bytes from 28 to 65535 for \`--size\`, found \`${text}\`.`,
      null,
      "Write the length of the IP packet, such as `1500` (`ping -M do -s 1472`), or `full` for what both ends send.",
    ),
  /** At least one issue; the first is told in full. */
  issues: (issues: readonly Issue[], root: string): Failure => {
    const [first, ...rest] = issues;
    if (first === undefined) throw new RangeError("a failure needs an issue");
    const more = rest.slice(0, MAX_MORE).map((issue) => shorten(`${placeOf(issue, root)}: ${issue.message}`));
    const left = rest.length - more.length;
    return {
      ...failure("unreadable", first.message, placeOf(first, root), first.hint),
      more: left > 0 ? [...more, `and ${left} more`] : more,
    };
  },
} as const;

/** `root/file:line:column` of an issue, or the root alone. */
function placeOf(issue: Issue, root: string): string {
  if (issue.source === null) return root;
  const place = formatSource(issue.source);
  return root === "" || root === "." ? place : `${root.replace(/\/+$/, "")}/${place}`;
}

function failure(kind: FailureKind, message: string, where: string | null, hint: string): Failure {
  return { kind, message, where, hint, more: [] };
}

function shorten(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1)}…`;
}

function mebibytes(bytes: number): string {
  return `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MiB`;
}
