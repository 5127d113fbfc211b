import { CommanderError } from "commander";
import { COLOURED, PLAIN } from "#report/index.js";
import { CommandFailure, renderFailure } from "./command-failure.js";
import type { CommandContext } from "./context.js";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-code.js";
import { writeOutputFile } from "./output-file.js";
import { readPackageVersion } from "./package-version.js";
import { printTo, type Sink, streamSink } from "./print.js";
import { buildProgram } from "./program.js";
import { processTerminal } from "./run/terminal.js";
import { terminalText } from "./terminal-text.js";

/** Cannot be opened by name where it is a socket. */
const STANDARD_OUTPUT = "/dev/stdout";

/** Runs one command line and gives what the process has to end with. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done;
  let mustGoOn = false;
  // Whoever reads the output may stop early; the stream then ends in an error that nobody needs to hear of.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error) => (mustGoOn ? undefined : dropBrokenPipe(error)));
  const raw = streamSink(process.stdout);
  const out: Sink = process.stdout.isTTY === true ? { write: (text) => raw.write(terminalText(text)) } : raw;
  const context: CommandContext = {
    version: readPackageVersion(),
    print: (pieces, file) =>
      file === null || file === STANDARD_OUTPUT ? printTo(out, pieces) : writeOutputFile(file, pieces),
    note: (text) => void process.stderr.write(terminalText(text)),
    styleFor: (file) => (file === null && wantsColour() ? COLOURED : PLAIN),
    exitWith: (chosen) => {
      code = chosen;
    },
    exitAsCommand: (chosen) => {
      code = chosen;
    },
    terminal: processTerminal(),
    outliveOutput: () => {
      mustGoOn = true;
    },
  };
  try {
    await buildProgram(context).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    return explain(error);
  }
}

/** https://no-color.org: present and not empty means none. */
function wantsColour(): boolean {
  return (
    process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb"
  );
}

/** A reader that went away is no error; a disk that is full is one, and nobody is left to read more than its name. */
function dropBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") return;
  process.stderr.write(
    `Error: Expected to write the result, found \`${error.code ?? error.message}\`.\n  Next:  Make room where the output goes, and run the command again.\n`,
  );
  process.exit(EXIT.notMeasured);
}

function explain(error: unknown): ExitCode {
  if (error instanceof CommandFailure) {
    process.stderr.write(terminalText(renderFailure(error.failure)));
    return exitCodeOf(error.failure.kind);
  }
  if (error instanceof CommanderError) return explainUsage(error);
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `Internal error: ${text.split("\n")[0]}\n  Next:  This is a bug of Pointsman. Run the command again with \`POINTSMAN_DEBUG=1\` and report what it prints.\n`,
  );
  if (process.env["POINTSMAN_DEBUG"] === "1" && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  return EXIT.internal;
}

/** Commander has printed help or the version already; its errors are silent until here. */
function explainUsage(error: CommanderError): ExitCode {
  if (error.exitCode === 0) return EXIT.done;
  if (error.code === "commander.help") return EXIT.usage;
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = rest.join(" ").replace(/^\(|\)$/g, "");
  const message = `${first.charAt(0).toUpperCase()}${first.slice(1)}`
    .replaceAll("'", "`")
    .replace(/[.]?$/, ".");
  const hint = `${suggestion === "" ? "" : `${suggestion} `}See \`pointsman --help\`, or \`--help\` behind a verb.`;
  process.stderr.write(terminalText(renderFailure({ kind: "usage", message, where: null, hint, more: [] })));
  return EXIT.usage;
}
