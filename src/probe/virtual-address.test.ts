import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { parseAddressAnswer } from "./virtual-address.js";

const observer = hostId("a");
const SENT = "Sent 3 probes (3 broadcast(s))\nReceived 2 response(s)\n";

describe("What a host hears of an address", () => {
  it("is each Ethernet address that answered, once", () => {
    const stdout = `asked\nARPING 10.0.0.100 from 10.0.0.1 e0\nUnicast reply from 10.0.0.100 [02:00:00:00:00:0A]  0.6ms\nUnicast reply from 10.0.0.100 [02:00:00:00:00:0B]  0.7ms\nUnicast reply from 10.0.0.100 [02:00:00:00:00:0A]  0.6ms\n${SENT}`;
    expect(parseAddressAnswer(observer, stdout)).toEqual({
      kind: "heard",
      observer,
      isHolder: false,
      macs: ["02:00:00:00:00:0a", "02:00:00:00:00:0b"],
    });
  });

  it("is silence where arping could ask and nobody answered", () => {
    const stdout =
      "asked\nARPING 10.0.0.100 from 10.0.0.1 e0\nSent 3 probes (3 broadcast(s))\nReceived 0 response(s)\n";
    expect(parseAddressAnswer(observer, stdout)).toEqual({
      kind: "heard",
      observer,
      isHolder: false,
      macs: [],
    });
  });

  it("is read from the arping of Habets too", () => {
    const stdout =
      "asked\nARPING 10.0.0.100\n60 bytes from 02:00:00:00:00:0a (10.0.0.100): index=0 time=1.0 msec\n";
    expect(parseAddressAnswer(observer, stdout)).toMatchObject({ macs: ["02:00:00:00:00:0a"] });
  });

  it.each([
    [
      "holder\nasked\nARPING 10.0.0.100 from 0.0.0.0 e0\nSent 2 probes (2 broadcast(s))\nReceived 0 response(s)\n",
      [],
    ],
    ["holder\n", []],
  ])("knows that the observer has it itself: %j", (stdout, macs) => {
    expect(parseAddressAnswer(observer, stdout)).toEqual({ kind: "heard", observer, isHolder: true, macs });
  });

  it.each([
    ["no arping\n", "the host has no arping"],
    ["holder\nno arping\n", "the host has no arping"],
    ["no route\n", "the host has no route to the address"],
    ["off link\n", "the address is not on a link of the host: its ARP answers are not heard there"],
    ["no ip\n", "the host's `ip` does not say which addresses it has"],
    [
      "asked\narping: socket: Operation not permitted\n",
      "arping could not ask: arping: socket: Operation not permitted",
    ],
    ["asked\n", "arping could not ask: no words"],
    ["", "arping could not ask: no words"],
  ])("says why it heard nothing: %j", (stdout, why) => {
    expect(parseAddressAnswer(observer, stdout)).toEqual({ kind: "not-measured", observer, why });
  });
});
