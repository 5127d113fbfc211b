import { shellCommand } from "#formats/iproute2/index.js";

type Words = readonly string[];

/** Words that `ip -batch` takes as they are: it reads quotes, backslashes and `#` itself (lib/utils.c, makeargs and getcmdline). */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * A shell script, to be sourced, that carries out commands one after the other and returns 1 at the first that the kernel refuses, with
 * its words on standard error. Runs of `ip` commands become one process; sysctls are written without any.
 *
 * @param namespace where `ip` works; null: where the script runs.
 */
export function commandScript(commands: readonly Words[], namespace: string | null = null): string {
  const lines: string[] = [];
  const batch: string[] = [];
  const ip = namespace === null ? ["ip"] : ["ip", "-n", namespace];
  const endBatch = (): void => {
    if (batch.length > 0)
      lines.push(`${shellCommand(ip)} -batch - <<'END' || return 1`, ...batch.splice(0), "END");
  };
  for (const words of commands) {
    const [program = "", ...rest] = words;
    if (program === "ip" && rest.every((word) => PLAIN.test(word))) {
      batch.push(rest.join(" "));
      continue;
    }
    endBatch();
    lines.push(`${program === "ip" ? shellCommand([...ip, ...rest]) : writtenAlone(words)} || return 1`);
  }
  endBatch();
  return `${lines.join("\n")}\n`;
}

function writtenAlone(words: Words): string {
  const [program, option, setting = ""] = words;
  if (program !== "sysctl" || option !== "-w") return shellCommand(words);
  const equals = setting.lastIndexOf("=");
  return `${shellCommand(["echo", setting.slice(equals + 1)])} >${shellCommand([sysctlPath(setting.slice(0, equals))])}`;
}

/** sysctl(8) exchanges the two separators, so that a link's name may have a dot. */
function sysctlPath(key: string): string {
  return `/proc/sys/${key.replaceAll(/[./]/g, (separator) => (separator === "." ? "/" : "."))}`;
}
