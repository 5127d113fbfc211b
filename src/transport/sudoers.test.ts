import { describe, expect, it } from "vitest";
import { sudoersFor } from "./sudoers.js";

describe("sudoersFor", () => {
  it("lets the user run the verbs of the host program by timeout of the platforms, and nothing else", () => {
    const text = sudoersFor("ops");
    const lines = text.ok ? text.value.split("\n") : [];
    expect(lines.slice(0, 6)).toEqual([
      "# Lets ops run the host program of Pointsman as root, and nothing else.",
      "# Check it with `visudo -c -f FILE`, then put it at /etc/sudoers.d/pointsman, owned by root, mode 0440.",
      "# Who may change the network and its configuration files as root is to be trusted like root.",
      "# The host program must lie at /var/lib/pointsman/pointsman-host already, in a folder of root's alone.",
      "Cmnd_Alias POINTSMAN = \\",
      "  /usr/bin/timeout -s KILL [0-9][0-9][0-9][0-9][0-9] /bin/sh /var/lib/pointsman/pointsman-host version, \\",
    ]);
    expect(lines.slice(-3)).toEqual([
      "Defaults!POINTSMAN !requiretty, !use_pty",
      "ops ALL=(root) NOPASSWD: POINTSMAN",
      "",
    ]);
    const commands = lines.filter((line) => line.startsWith("  "));
    expect(commands).toHaveLength(24);
    for (const line of commands)
      expect(line).toMatch(
        /^ {2}\/(?:usr|run\/current-system\/sw)\/bin\/timeout -s KILL (?:\[0-9\]){5} \/bin\/sh \/var\/lib\/pointsman\/pointsman-host [a-z]+(?: \*)?(?:, \\)?$/,
      );
  });

  it.each([
    "",
    "ALL",
    "OPS",
    "%wheel",
    "#0",
    "+net",
    "a b",
    "a\nroot ALL=(ALL) ALL",
    "-x",
    "a,b",
    "!a",
    "x".repeat(33),
  ])("refuses %j, which sudo would not take for one user", (user) => {
    expect(sudoersFor(user)).toEqual({
      ok: false,
      error: `Expected the name of one user, such as \`ops\`, found \`${user}\`. Give a name of letters, digits, \`_\`, \`.\` and \`-\` that is not written in capitals alone.`,
    });
  });
});
