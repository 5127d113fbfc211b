import { describe, expect, it } from "vitest";
import { mac } from "#ip/index.js";
import { linkName, type Operation } from "#model/index.js";
import { buildHost, ip } from "../../../test/fleet-builder.js";
import { encodeModel } from "./encode.js";
import { operationSchema } from "./operation-schema.js";

const br0 = buildHost("h", { links: { br0: { type: { kind: "bridge", isVlanAware: true } } } }).links[1];

describe("operationSchema", () => {
  it("reads back what it wrote of links with VLANs and of forwarding entries with all their marks", () => {
    const entry = {
      mac: mac([2, 0, 0, 0, 0, 9]),
      link: linkName("flannel.1"),
      master: null,
      vlan: null,
      remote: ip("10.0.0.9"),
      isPermanent: true,
      isStatic: true,
      isSticky: false,
    };
    const operations: Operation[] = [
      { kind: "fdb-append", entry },
      { kind: "fdb-delete", entry: { ...entry, isPermanent: false } },
      ...(br0 === undefined
        ? []
        : [
            {
              kind: "link-add" as const,
              link: { ...br0, bridgeVlans: { pvid: 1, untagged: [1], tagged: [10, 20] } },
            },
          ]),
    ];
    expect(operations).toHaveLength(3);
    for (const operation of operations) {
      expect(operationSchema.parse(encodeModel(operation))).toEqual(operation);
    }
  });
});
