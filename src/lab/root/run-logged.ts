import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";

/** Appends to a log what a command says and resolves to its exit status, or to the signal that ended it. */
export async function runLogged(
  words: readonly [string, ...string[]],
  log: string,
): Promise<number | string> {
  const [program, ...given] = words;
  const out = createWriteStream(log, { flags: "a" });
  await once(out, "open");
  out.write(`+ ${words.join(" ")}\n`);
  try {
    return await new Promise<number | string>((resolve, reject) => {
      const child = spawn(program, given, {
        stdio: ["ignore", out, out],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
      });
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(code ?? signal ?? "no status"));
    });
  } finally {
    out.end();
  }
}

/** The same for a command whose output is wanted. */
export function readOutput(words: readonly [string, ...string[]]): Promise<string> {
  const [program, ...given] = words;
  return new Promise((resolve, reject) => {
    const child = spawn(program, given, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, LC_ALL: "C" },
    });
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(parts).toString("utf8"));
      else reject(new Error(`\`${words.join(" ")}\` ended with ${code}`));
    });
  });
}
