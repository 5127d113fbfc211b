import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { untilRepetition } from "./compare.js";
import type { FleetSpecification, FlowQuestion } from "./fleet-specification.js";
import type { Disagreement } from "./judge.js";

const CASES = fileURLToPath(new URL("cases/", import.meta.url));

const lines = z.array(z.string());
const specification = z.object({
  origin: z.string(),
  segments: lines,
  hosts: z.array(
    z.object({
      name: z.string(),
      ports: z.array(z.object({ link: z.string(), segment: z.string(), mac: z.string() })),
      bridges: z.array(z.object({ link: z.string(), mac: z.string(), ports: lines })),
      vxlans: z.array(
        z.object({
          link: z.string(),
          mac: z.string(),
          id: z.number(),
          local: z.string(),
          lower: z.string(),
          port: z.number(),
        }),
      ),
      down: lines,
      sysctls: lines,
      addresses: lines,
      routes: lines,
      rules: lines,
      neighbours: lines,
      fdb: lines,
    }),
  ),
  strangers: lines,
});
const expectedFlow = z.object({
  from: z.string(),
  to: z.string(),
  /** All that the kernel may decide. */
  verdicts: lines,
  paths: z.array(lines),
  backs: z.array(lines),
});
const caseFile = z.object({ fleet: specification, flows: z.array(expectedFlow) });

/** What the kernel was seen to do with a flow. */
export type ExpectedFlow = Readonly<z.infer<typeof expectedFlow>>;

/** A fleet and what the kernel does with some of its flows, kept in `cases/NAME/spec.json` beside a README with the reason. */
export interface RegressionCase {
  readonly name: string;
  readonly fleet: FleetSpecification;
  readonly flows: readonly ExpectedFlow[];
}

/** All cases on disk, by name. */
export async function readCases(): Promise<readonly RegressionCase[]> {
  const names = (await readdir(CASES, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      ...caseFile.parse(JSON.parse(await readFile(join(CASES, name, "spec.json"), "utf8"))),
    })),
  );
}

/** Writes a shrunk disagreement where `folder` says; a person moves it to `cases/` with a name and a reason. */
export async function writeDisagreement(
  folder: string,
  fleet: FleetSpecification,
  found: Disagreement,
): Promise<string> {
  const { from, to, verdict, path, back } = found.kernel;
  const name = `${fleet.origin.replaceAll(" ", "-")}-${from}-${to}`;
  const cut = verdict === "loop" ? untilRepetition : (whole: readonly string[]) => whole;
  const flow: ExpectedFlow = {
    from,
    to,
    verdicts: [verdict],
    paths: [[...cut(path)]],
    backs: [[...cut(back)]],
  };
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "spec.json"), `${JSON.stringify({ fleet, flows: [flow] }, null, 2)}\n`);
  await writeFile(
    join(folder, name, "README.md"),
    `# ${name}\n\n${found.differences.map((line) => `- ${line}\n`).join("")}`,
  );
  return join(folder, name);
}

/** The questions of a case. */
export function questionsOf(flows: readonly ExpectedFlow[]): readonly FlowQuestion[] {
  return flows.map(({ from, to }) => ({ from, to }));
}
