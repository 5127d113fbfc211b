import { describe, expect, it } from "vitest";
import { err, type HostId, hostId, ok } from "#model/index.js";
import type { ProbeCell } from "./cell.js";
import { measureCells } from "./measure-cells.js";
import type { ProbeAnswer, ProbeCommand, SessionOf } from "./session.js";

const A = hostId("a");
const B = hostId("b");

function cell(from: HostId, to: string, expected: ProbeCell["expected"] = "delivered"): ProbeCell {
  return { from, to, expected };
}

/** Sessions that answer as `answer` says, and what they were asked. */
function sessions(answer: (host: HostId, addresses: readonly string[], round: number) => ProbeAnswer): {
  readonly sessionOf: SessionOf;
  readonly asked: { readonly host: HostId; readonly command: ProbeCommand }[];
} {
  const asked: { readonly host: HostId; readonly command: ProbeCommand }[] = [];
  const sessionOf: SessionOf = async (host) =>
    ok({
      close: async () => undefined,
      run: async (command) => {
        const round = asked.filter((one) => one.host === host).length;
        asked.push({ host, command });
        return answer(host, command.words.slice(6), round);
      },
    });
  return { sessionOf, asked };
}

function fping(alive: readonly string[], addresses: readonly string[]): ProbeAnswer {
  const lines = addresses.map((address) => `${address} : ${alive.includes(address) ? "0.1" : "-"}`);
  return { kind: "ended", code: 0, stdout: ["by fping", ...lines, ""].join("\n"), stderr: "" };
}

describe("Measuring cells", () => {
  it("asks each host once for all its destinations, and gives the readings in the order of the cells", async () => {
    const { sessionOf, asked } = sessions((_, addresses) => fping(["10.0.0.1", "10.0.0.2"], addresses));
    const cells = [cell(A, "10.0.0.1"), cell(B, "10.0.0.1"), cell(A, "10.0.0.2"), cell(A, "10.0.0.1")];
    const readings = await measureCells(sessionOf, cells);
    expect(readings).toEqual(cells.map((one) => ({ cell: one, observed: "delivered", why: "" })));
    expect(asked.map(({ host, command }) => [host, ...command.words.slice(6)])).toEqual([
      ["a", "10.0.0.1", "10.0.0.2"],
      ["b", "10.0.0.1"],
    ]);
  });

  it("asks once more for what was lost, and for nothing else", async () => {
    const { sessionOf, asked } = sessions((_, addresses, round) =>
      fping(round === 0 ? ["10.0.0.1"] : ["10.0.0.2"], addresses),
    );
    const cells = [cell(A, "10.0.0.1"), cell(A, "10.0.0.2"), cell(A, "10.0.0.3")];
    const readings = await measureCells(sessionOf, cells);
    expect(readings.map(({ observed }) => observed)).toEqual(["delivered", "delivered", "lost"]);
    expect(asked.map(({ command }) => command.words.slice(6))).toEqual([
      ["10.0.0.1", "10.0.0.2", "10.0.0.3"],
      ["10.0.0.2", "10.0.0.3"],
    ]);
  });

  it("counts a cell that is expected to be lost and answers the second time as delivered", async () => {
    const { sessionOf } = sessions((_, addresses, round) => fping(round === 0 ? [] : addresses, addresses));
    const [reading] = await measureCells(sessionOf, [cell(A, "10.0.0.1", "lost")]);
    expect(reading?.observed).toBe("delivered");
  });

  it("does not call lost what could not be asked a second time", async () => {
    const { sessionOf } = sessions((_, addresses, round) =>
      round === 0 ? fping([], addresses) : { kind: "lost", why: "the cable was cut" },
    );
    const [reading] = await measureCells(sessionOf, [cell(A, "10.0.0.1")]);
    expect(reading).toMatchObject({
      observed: "not-measured",
      why: "the session was lost: the cable was cut",
    });
  });

  it.each<[string, ProbeAnswer, string]>([
    ["a time-out", { kind: "timed-out", afterMs: 11_500 }, "no answer within 12 s"],
    ["a lost session", { kind: "lost", why: "reset" }, "the session was lost: reset"],
    ["a command that was not sent", { kind: "unreachable", why: "gone" }, "no session: gone"],
  ])("says why a host's cells were not measured: %s", async (_, answer, why) => {
    const { sessionOf } = sessions(() => answer);
    const readings = await measureCells(sessionOf, [cell(A, "10.0.0.1"), cell(A, "10.0.0.2", "lost")]);
    expect(readings.map(({ observed }) => observed)).toEqual(["not-measured", "not-measured"]);
    expect(readings[0]?.why).toBe(why);
  });

  it("goes on with the other hosts where one has no session, or its session throws", async () => {
    const { sessionOf } = sessions((_, addresses) => fping(addresses, addresses));
    const partly: SessionOf = async (host) => {
      if (host === A) return err({ why: "connection refused" });
      if (host === B) throw new Error("a bug of the transport");
      return sessionOf(host);
    };
    const readings = await measureCells(
      partly,
      [A, B, hostId("c")].map((host) => cell(host, "10.0.0.1")),
    );
    expect(readings.map(({ observed, why }) => [observed, why])).toEqual([
      ["not-measured", "no session: connection refused"],
      ["not-measured", "a bug of the transport"],
      ["delivered", ""],
    ]);
  });

  it("never gives a host what is no address", async () => {
    const { sessionOf, asked } = sessions((_, addresses) => fping(addresses, addresses));
    const bad = ["-f/etc/passwd", "$(reboot)", "a b", "", "localhost", "10.0.0.1;reboot"];
    const readings = await measureCells(
      sessionOf,
      bad.map((to) => cell(A, to)),
    );
    expect(asked).toEqual([]);
    expect(new Set(readings.map(({ observed }) => observed))).toEqual(new Set(["not-measured"]));
    expect(readings[1]?.why).toBe("`$(reboot)` is no IPv4 address");
  });

  it("asks no more hosts at the same time than it may", async () => {
    let running = 0;
    let most = 0;
    const sessionOf: SessionOf = async () =>
      ok({
        close: async () => undefined,
        run: async (command) => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 2));
          running -= 1;
          return fping(command.words.slice(6), command.words.slice(6));
        },
      });
    const cells = Array.from({ length: 20 }, (_, index) => cell(hostId(`h${index}`), "10.0.0.1"));
    await measureCells(sessionOf, cells, { parallel: 3 });
    expect(most).toBe(3);
  });

  it("measures nothing where nothing is asked", async () => {
    expect(await measureCells(sessions(() => fping([], [])).sessionOf, [])).toEqual([]);
  });
});
