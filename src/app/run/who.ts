import { hostname, userInfo } from "node:os";

/** Who runs this, for journals: a name and the machine. */
export function whoRunsThis(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // getpwuid(3) knows no such user, as in a container.
    return `user ${process.getuid?.() ?? ""}@${hostname()}`;
  }
}
