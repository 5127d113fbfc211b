import { describe, expect, it } from "vitest";
import { librariesIn } from "./busybox-root.js";

describe("librariesIn", () => {
  it("takes each library by its path, the loader too, and leaves out what the kernel gives", () => {
    const text = [
      "\tlinux-vdso.so.1 (0x00007ffc)",
      "\tlibcrypto.so.3 => /lib/x86_64-linux-gnu/libcrypto.so.3 (0x00007f01)",
      "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f02)",
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f03)",
    ].join("\n");
    expect(librariesIn(text)).toEqual([
      "lib/x86_64-linux-gnu/libcrypto.so.3",
      "lib/x86_64-linux-gnu/libc.so.6",
      "lib64/ld-linux-x86-64.so.2",
    ]);
  });
});
