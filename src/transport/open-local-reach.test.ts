import { describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import { openLabReach } from "./open-lab-reach.js";
import { openLocalReach } from "./open-local-reach.js";

const ALPHA = hostId("alpha");
const ECHO = { words: ["echo", "on"], timeoutMs: 20_000 } as const;

describe("openLocalReach", () => {
  it("knows this machine under one name", async () => {
    expect(await openLocalReach(ALPHA).open(hostId("beta"), "probe")).toEqual({
      ok: false,
      error: {
        kind: "unreachable",
        why: "Expected `alpha`, which is this machine, found `beta`.",
        hint: "Reach other hosts over SSH.",
      },
    });
  });

  it("gives one session to all who ask at the same time, and a new one after it was closed", async () => {
    const reach = openLocalReach(ALPHA);
    const [one, two] = await Promise.all([reach.open(ALPHA, "probe"), reach.open(ALPHA, "probe")]);
    if (!one.ok || !two.ok) throw new Error("Expected sessions.");
    expect(one.value).toBe(two.value);
    await one.value.close();
    const three = await reach.open(ALPHA, "probe");
    expect(three.ok && (await three.value.run(ECHO))).toMatchObject({ stdout: "on\n" });
    await reach.close();
    expect(three.ok && (await three.value.run(ECHO))).toEqual({
      kind: "unreachable",
      why: "The session was closed before the answer was whole.",
    });
  });

  it("closes what is being opened", async () => {
    const reach = openLocalReach(ALPHA);
    const opening = reach.open(ALPHA, "probe");
    await reach.close();
    const opened = await opening;
    expect(opened.ok && (await opened.value.run(ECHO)).kind).toBe("unreachable");
  });

  it("skips what a login prints before the shell answers", async () => {
    const reach = openLocalReach(ALPHA, ["sh", "-c", "echo hello; echo pm-0; echo warning >&2; exec sh"]);
    const opened = await reach.open(ALPHA, "probe");
    expect(opened.ok && (await opened.value.run(ECHO))).toEqual({
      kind: "ended",
      code: 0,
      stdout: "on\n",
      stderr: "",
    });
    await reach.close();
  });

  it("says why there is no shell", async () => {
    const reasonOf = async (words: readonly [string, ...string[]]): Promise<unknown> => {
      const opened = await openLocalReach(ALPHA, words).open(ALPHA, "probe");
      return opened.ok ? null : opened.error;
    };
    const hint = "Check that the host runs and has a POSIX shell `sh`.";
    expect(await reasonOf(["no-such-shell"])).toEqual({
      kind: "unreachable",
      why: "Expected a shell of `alpha` by `no-such-shell`, found that its program could not be started: `spawn no-such-shell ENOENT`.",
      hint,
    });
    expect(await reasonOf(["sh", "-c", "echo first >&2; echo last >&2; exit 9"])).toEqual({
      kind: "unreachable",
      why: "Expected a shell of `alpha` by `sh`, found that its program ended with `9`: `last`.",
      hint,
    });
  });
});

describe("openLabReach", () => {
  it("asks for the words at each opening, and says when there is no such host", async () => {
    const asked: string[] = [];
    const reach = openLabReach((host, purpose) => {
      asked.push(`${host} ${purpose}`);
      return host === ALPHA ? ["sh"] : null;
    });
    expect((await reach.open(ALPHA, "probe")).ok).toBe(true);
    expect(await reach.open(hostId("beta"), "change")).toEqual({
      ok: false,
      error: {
        kind: "unreachable",
        why: "Expected a host of the lab, found `beta`, which is not there or does not run.",
        hint: "See what runs with `pointsman lab list`.",
      },
    });
    await reach.close();
    expect((await reach.open(ALPHA, "probe")).ok).toBe(true);
    await reach.close();
    expect(asked).toEqual(["alpha probe", "beta change", "alpha probe"]);
  });
});
