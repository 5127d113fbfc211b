import { describe, expect, it } from "vitest";
import { ipv4, parseIPv4 } from "#ip/index.js";
import { linkName } from "#model/index.js";
import { type EditView, renderEditJson, renderEditText } from "./render-edit.js";

const eth0 = linkName("eth0");
const ip = parseIPv4("10.0.0.2") ?? ipv4(0);
const view: EditView = {
  from: "now",
  change: "change.yaml",
  hosts: [
    {
      host: "a",
      edits: [
        { kind: "address-length", link: eth0, ip, from: 16, to: 24 },
        { kind: "gateway", gateway: null, link: eth0, isOnlink: false },
      ],
    },
    { host: "b", edits: [{ kind: "mtu", link: eth0, mtu: 9000 }] },
  ],
  files: [{ path: "a.conf", before: "address 10.0.0.2/16\n", after: "address 10.0.0.2/24\n" }],
  refusals: [
    {
      host: "b",
      message: "Expected one thing, found another.",
      hint: "Write it yourself.",
      source: { file: "now/b", line: 3, column: 4 },
    },
  ],
  notes: ["Correct the DNS."],
};

describe("renderEditText", () => {
  it("shows what each host is to say, the diff, what was refused, and what else there is to do", () => {
    expect(renderEditText(view)).toBe(`Edits for change.yaml on now

a
  10.0.0.2/16 on eth0 -> /24
  no default gateway on eth0
b (refused)
  MTU 9000 on eth0

--- a/a.conf
+++ b/a.conf
@@ -1 +1 @@
-address 10.0.0.2/16
+address 10.0.0.2/24

now/b:3:4: refused: b
  Expected one thing, found another.
  By hand: Write it yourself.

Also:
  - Correct the DNS.

Refused for 1 host: their files are left as they are. The diff above is proved without them.
`);
  });

  it("says that the edits are proved where none was refused, and that there is nothing to do where there is none", () => {
    expect(renderEditText({ ...view, refusals: [], notes: [] })).toContain(
      "Proved: read again, the edited files (1 file of 2 hosts) mean this change and nothing else.\n",
    );
    expect(renderEditText({ ...view, hosts: [], files: [], refusals: [] })).toBe(
      "Edits for change.yaml on now\n\nNothing to do: the configuration says all of this already.\n\nAlso:\n  - Correct the DNS.\n",
    );
  });
});

describe("renderEditJson", () => {
  it("has the same as one document", () => {
    expect(JSON.parse(renderEditJson(view))).toMatchObject({
      schemaVersion: 1,
      result: "refused",
      hosts: [
        { host: "a", edits: ["10.0.0.2/16 on eth0 -> /24", "no default gateway on eth0"] },
        { host: "b" },
      ],
      files: [{ path: "a.conf", diff: expect.stringContaining("+address 10.0.0.2/24\n") }],
      refusals: [{ host: "b", source: { line: 3 } }],
      notes: ["Correct the DNS."],
    });
  });
});
