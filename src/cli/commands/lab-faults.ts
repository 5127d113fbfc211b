import type { Command } from "commander";
import { cutCable, doToHost, type HostDeed, healCable, loseFrames, slowHost } from "#app/index.js";
import { orFail, usageFailure } from "../command-failure.js";

const DIRECTIONS = ["both", "in", "out"] as const;

/** Adds the verbs of `lab` that do something to a host or a cable of a lab. They say nothing where it is done. */
export function registerLabFaults(lab: Command): void {
  for (const deed of DEEDS) registerDeed(lab, deed);
  onHost(lab, "slow")
    .argument("<percent>", "of one processor, 1 to 100, or `off`")
    .summary("give a host little of one processor")
    .description("A host gets that share of one processor and no more, until `off`.")
    .action(async (name: string, host: string, share: string) =>
      orFail(await slowHost({ lab: name, host }, share === "off" ? null : readPercent(share, " or `off`"))),
    );
  onCable(lab, "cut")
    .option("--direction <which>", `${DIRECTIONS.join(", ")}: what the host gets, what it sends`, "both")
    .summary("cut a cable of a lab")
    .description("Pulls a cable, or loses without a word what goes one way.")
    .action(async (name: string, host: string, link: string, { direction }: { readonly direction: string }) =>
      orFail(await cutCable({ lab: name, host, link }, readDirection(direction))),
    );
  onCable(lab, "loss")
    .argument("<percent>", "of the frames, 1 to 100")
    .summary("lose frames of a cable by chance")
    .description("Loses that percentage of the frames, both ways, each by chance, until `heal`.")
    .action(async (name: string, host: string, link: string, share: string) =>
      orFail(await loseFrames({ lab: name, host, link }, readPercent(share, ""))),
    );
  onCable(lab, "heal")
    .summary("make a cable whole again")
    .description("Plugs a cable in, and loses nothing more on it.")
    .action(async (name: string, host: string, link: string) =>
      orFail(await healCable({ lab: name, host, link })),
    );
}

interface DeedText {
  readonly deed: HostDeed;
  readonly summary: string;
  readonly description: string;
}

const DEEDS: readonly DeedText[] = [
  {
    deed: "kill",
    summary: "take the power of a host away",
    description:
      "Its processes end at once, its links lose their carrier, its files stay. It stays so until `start`.",
  },
  {
    deed: "start",
    summary: "give a host its power back",
    description: "Boots a host without power from its files, and ends when it answers.",
  },
  {
    deed: "reboot",
    summary: "boot a host again",
    description:
      "A host with systemd ends its services in its own order, a namespace all at once. Ends when it answers.",
  },
  {
    deed: "freeze",
    summary: "let a host hang",
    description: "All its processes stand still; its kernel goes on to answer. It stays so until `thaw`.",
  },
  { deed: "thaw", summary: "let a host that hangs go on", description: "Lets its processes go on." },
];

function registerDeed(lab: Command, { deed, summary, description }: DeedText): void {
  onHost(lab, deed)
    .summary(summary)
    .description(description)
    .action(async (name: string, host: string) => orFail(await doToHost(deed, { lab: name, host })));
}

function onHost(lab: Command, verb: string): Command {
  return lab.command(verb).argument("<name>", "a lab").argument("<host>", "one of its hosts");
}

function onCable(lab: Command, verb: string): Command {
  return onHost(lab, verb).argument("<link>", "a link of it that has a cable");
}

function readPercent(text: string, otherwise: string): number {
  const percent = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (percent >= 1 && percent <= 100) return percent;
  throw usageFailure(
    `Expected a percentage from 1 to 100${otherwise}, found \`${text}\`.`,
    "Write a whole number without a sign, such as `30`.",
  );
}

function readDirection(text: string): (typeof DIRECTIONS)[number] {
  const found = DIRECTIONS.find((direction) => direction === text);
  if (found !== undefined) return found;
  throw usageFailure(
    `Expected \`both\`, \`in\` or \`out\` for \`--direction\`, found \`${text}\`.`,
    "`in` is what the host gets, `out` what it sends.",
  );
}
