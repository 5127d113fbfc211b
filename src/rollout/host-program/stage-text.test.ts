import { describe, expect, it } from "vitest";
import { renderCommands, stagePersist } from "./stage-text.js";

describe("Commands for the host program", () => {
  it("stand one a line, their words between TABs, whatever characters they have", () => {
    expect(
      renderCommands([
        ["ip", "link", "set", "dev", "$(reboot)", "up"],
        ["service-stop", "k3s.service"],
      ]),
    ).toEqual({ ok: true, value: "ip\tlink\tset\tdev\t$(reboot)\tup\nservice-stop\tk3s.service\n" });
  });

  it("are nothing where there are none", () => {
    expect(renderCommands([])).toEqual({ ok: true, value: "" });
  });

  it("of another program are refused", () => {
    expect(renderCommands([["ip", "link"], ["reboot"]])).toEqual({
      ok: false,
      error:
        "Command 2: expected one of `ip`, `bridge`, `sysctl`, `service-stop`, `service-start`, found `reboot`.",
    });
  });

  it.each(["", "a\tb", "a\nip\tlink", "a\0"])(
    "with a word that a line cannot hold are refused: %j",
    (word) => {
      const text = renderCommands([["ip", "link", "set", word]]);
      expect(text).toEqual({
        ok: false,
        error: `Command 1: expected a word of at least one character without TAB, line feed and NUL, found \`${JSON.stringify(word)}\`.`,
      });
    },
  );
});

describe("What is to be persisted", () => {
  it("has a line for each item, and the texts of files apart", () => {
    const staged = stagePersist([
      { kind: "file", path: "/etc/network/interfaces", before: "ab12", text: "new\n" },
      { kind: "file", path: "/etc/netplan/1.yaml", before: null, text: "" },
      { kind: "file-delete", path: "/etc/x y", before: "cd34" },
      { kind: "nixos-system", system: "/nix/store/abc-nixos" },
      { kind: "check", platform: "netplan" },
    ]);
    expect(staged.persist).toBe(
      "file\t/etc/network/interfaces\tab12\tfile-1\nfile\t/etc/netplan/1.yaml\t-\tfile-2\nfile-delete\t/etc/x y\tcd34\nnixos-system\t/nix/store/abc-nixos\ncheck\tnetplan\n",
    );
    expect([...staged.files]).toEqual([
      ["file-1", "new\n"],
      ["file-2", ""],
    ]);
  });

  it("turns a path with control characters into one that the host refuses, never into another line", () => {
    const { persist } = stagePersist([
      { kind: "file-delete", path: "/etc/a\nfile\t/etc/shadow", before: "x" },
    ]);
    expect(persist).toBe("file-delete\t/etc/a\\nfile\\t/etc/shadow\tx\n");
  });
});
