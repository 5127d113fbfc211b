import { type Elevation, elevate } from "./elevation.js";
import { type Greeted, greetShell } from "./greet-shell.js";
import { say } from "./messages.js";
import type { HostId, Opened, Purpose, StartWords } from "./reach.js";
import { ShellSession } from "./shell-session.js";
import { HOST_PROGRAM } from "./sudoers.js";

/** Whose session it will be. */
export interface SessionOf {
  readonly host: HostId;
  readonly purpose: Purpose;
}

const GREETING_MS = 30_000;
const SUDO_CHECK_MS = 15_000;

/** Starts a shell by these words and makes a session of it. Never rejects. */
export async function openShell(
  of: SessionOf & { readonly words: StartWords },
): Promise<Opened<ShellSession>> {
  const greeted = await greetShell(of.words, GREETING_MS);
  if (greeted.kind === "greeted") return makeSession(greeted, of);
  return { ok: false, error: say.noShell(of.host, of.words[0], greeted) };
}

/** Makes a session of a shell that answered: for `change` one whose commands run as root, or a refusal that says why it cannot. */
export async function makeSession(greeted: Greeted, of: SessionOf): Promise<Opened<ShellSession>> {
  const { host, purpose } = of;
  const { child, user } = greeted;
  const session = new ShellSession({ host, child, elevation: null });
  if (purpose === "probe" || user === 0) return { ok: true, value: session };
  const refusal = await askSudo(session, greeted);
  if (typeof refusal === "string") {
    await session.close();
    return { ok: false, error: say.notRoot(host, refusal) };
  }
  return { ok: true, value: new ShellSession({ host, child, elevation: refusal }) };
}

/** How this user becomes root, or why not; only what the sudoers file must allow is asked for, nothing is run. */
async function askSudo(session: ShellSession, { sudo, timeout }: Greeted): Promise<Elevation | string> {
  if (sudo === null) return say.noProgram("sudo");
  if (timeout === null) return say.noProgram("timeout");
  const elevation: Elevation = { sudo, timeout };
  const [program, flag, ...asked] = elevate(["sh", HOST_PROGRAM, "version"], elevation, 1);
  const answer = await session.run({
    words: [program ?? sudo, flag ?? "-n", "-l", ...asked],
    timeoutMs: SUDO_CHECK_MS,
  });
  if (answer.kind !== "ended") return say.noSudoAnswer();
  return answer.code === 0 ? elevation : say.sudoRefuses(answer.stderr);
}
