import { describe, expect, it } from "vitest";
import { mountsBelow } from "./remove-folder.js";

describe("mountsBelow", () => {
  it("lists what is mounted at a folder or below it, and nothing beside it", () => {
    const text = [
      "proc /proc proc rw 0 0",
      "tmpfs /cache/root tmpfs rw 0 0",
      "proc /cache/root/proc proc rw 0 0",
      "tmpfs /cache/root/a\\040b tmpfs rw 0 0",
      "tmpfs /cache/rootless tmpfs rw 0 0",
      "",
    ].join("\n");
    expect(mountsBelow(text, "/cache/root")).toEqual(["/cache/root", "/cache/root/proc", "/cache/root/a b"]);
  });
});
