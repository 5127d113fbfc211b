import { join } from "node:path";
import { build } from "./build.js";
import { installNodePackages } from "./install.js";
import { ROOT, run } from "./spawn.js";

/** Plans the bundled incident: from its network as it was to the one that its report should have ended with. */
const ARGUMENTS = ["plan", "--fleet", "pointsman.yaml", "--from", "before", "--to", "fixed"];

installNodePackages();
build();
const example = join("examples", "inc-0004");
process.stdout.write(`\n$ cd ${example}; pointsman ${ARGUMENTS.join(" ")}\n\n`);
process.exitCode = run(process.execPath, [join(ROOT, "bin", "pointsman"), ...ARGUMENTS], {
  cwd: join(ROOT, example),
});
