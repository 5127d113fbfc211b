import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeReader } from "../../../test/contract/reader-contract.js";
import { parseUci, readUci, renderUci, type UciDocument } from "./index.js";

const SAMPLE = `config device
	option name 'br-lan'
	option type 'bridge'
	list ports 'eth0.1'
config interface 'lan'
	option device 'br-lan'
	option proto 'static'
	list ipaddr '10.0.0.1/24'
	option gateway "10.0.0.254"
	option metric '10'
config interface 'w'
	option device '@lan'
	option proto 'dhcp'
config route
	option interface 'lan'
	option target '10.0.0.0/8'
	option gateway '10.0.0.2'
config rule
	option priority '5'
	option mark '0x1/0xff'
config dhcp 'lan'
	option interface 'lan'
	option start '10'
`;

/** Sections without places and without the lines that could not be read. */
function content(document: Pick<UciDocument, "sections">) {
  return document.sections.map(({ type, name, options }) => ({
    type,
    name,
    options: options.map((option) => ({
      name: option.name,
      isList: option.isList,
      values: option.values.map((value) => value.text),
    })),
  }));
}

const source = { file: "f", line: 1, column: 1 };
const name = fc.stringMatching(/^[A-Za-z0-9_]{1,8}$/);
const valueText = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", " "));
const value = valueText.map((text) => ({ text, source }));
const option = fc.oneof(
  fc.record({
    name,
    isList: fc.constant(false),
    values: fc.tuple(value.filter(({ text }) => text !== "")),
    source: fc.constant(source),
  }),
  fc.record({
    name,
    isList: fc.constant(true),
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
    source: fc.constant(source),
  }),
);
const section = fc.record({
  type: fc.stringMatching(/^[\x21-\x7e]{1,8}$/),
  name: fc.option(name),
  options: fc.uniqueArray(option, { selector: (one) => one.name, maxLength: 6 }),
  source: fc.constant(source),
});
const sections = fc.uniqueArray(section, {
  selector: (one) => one.name ?? Symbol("anonymous"),
  maxLength: 6,
});

describe("UCI, any input", () => {
  it("reads back what it writes", () => {
    fc.assert(
      fc.property(sections, (written) => {
        expect(content(parseUci(renderUci({ sections: written }), "f"))).toEqual(
          content({ sections: written }),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describeReader({
  name: "UCI",
  read: readUci,
  paths: ["network", "dhcp", "x"],
  samples: [SAMPLE],
  heavy: [
    ["one long value", () => `config x\noption a '${"#".repeat(10_000_000)}'`],
    ["a quote without end", () => `config x\noption a "${"\\a".repeat(5_000_000)}`],
    ["many words", () => `config x ${"a ".repeat(5_000_000)}`],
    ["many commands in a line", () => "a;".repeat(2_500_000)],
    ["many joined lines", () => "\\\n".repeat(3_000_000)],
    ["white space in a value", () => `config interface lan\noption ipaddr '${" ".repeat(5_000_000)}x'`],
    ["many sections", () => "config interface\n".repeat(100_000)],
    [
      "a long list",
      () =>
        `config interface l\noption proto static\noption device eth0\n${"list ipaddr 10.0.0.1\n".repeat(100_000)}`,
    ],
    ["a chain of devices", chainOfDevices],
  ],
});

function chainOfDevices(): string {
  const device = (_: unknown, i: number): string =>
    `config device\noption name d${i}\noption type 8021q\noption vid 1\noption ifname d${i + 1}\n`;
  const devices = Array.from({ length: 20_000 }, device).join("");
  return `${devices}config interface x\noption proto none\noption device d0\n`;
}
