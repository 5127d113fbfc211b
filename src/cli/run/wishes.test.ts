import { beforeEach, describe, expect, it, vi } from "vitest";
import { TestTerminal } from "../../../test/cli/test-terminal.js";
import { exampleProgram } from "../../../test/run-examples.js";
import { openProgress } from "./progress.js";
import { TerminalWishes } from "./wishes.js";

const [PHASE] = exampleProgram().phases;

let terminal: TestTerminal;
let left: number;
let quit: number;
let hasBegun: boolean;

function wishes(): TerminalWishes {
  return new TerminalWishes({
    terminal,
    progress: openProgress(terminal),
    hasBegun: () => hasBegun,
    onLeaving: () => {
      left += 1;
    },
    quit: () => {
      quit += 1;
    },
  });
}

beforeEach(() => {
  terminal = new TestTerminal();
  left = 0;
  quit = 0;
  hasBegun = true;
});

describe("Ctrl-C", () => {
  it("once stops after the gate, and says what that means", () => {
    const given = wishes();
    expect(given.wish()).toBe("go-on");
    terminal.send("SIGINT");
    expect(given.wish()).toBe("after-gate");
    expect(terminal.text()).toBe(
      "Interrupted: the run stops after this gate. What is begun is confirmed or taken back first. Press Ctrl-C again to leave at once: what is armed then stays armed, and its hosts take it back by themselves.\n",
    );
    expect({ left, quit }).toEqual({ left: 0, quit: 0 });
  });

  it("twice leaves and shows what is armed, three times ends at once", () => {
    const given = wishes();
    terminal.send("SIGINT");
    terminal.send("SIGINT");
    expect(given.wish()).toBe("leave");
    expect(terminal.text()).toMatch(/\nLeaving\. What is armed stays armed\.\n$/);
    expect({ left, quit }).toEqual({ left: 1, quit: 0 });
    terminal.send("SIGINT");
    expect({ left, quit }).toEqual({ left: 1, quit: 1 });
  });

  it("before anything has begun says that nothing will be changed", () => {
    hasBegun = false;
    wishes();
    terminal.send("SIGINT");
    expect(terminal.text()).toBe("Interrupted: nothing was changed yet, and nothing will be.\n");
  });

  it("is nobody's any more when the run is over", () => {
    const given = wishes();
    given.close();
    terminal.send("SIGINT");
    expect(given.wish()).toBe("go-on");
  });
});

describe("Another signal", () => {
  it("SIGTERM leaves", () => {
    const given = wishes();
    terminal.send("SIGTERM");
    expect(given.wish()).toBe("leave");
    expect(left).toBe(1);
  });

  it("SIGHUP stops after the gate, and is no second interrupt", () => {
    const given = wishes();
    terminal.send("SIGHUP");
    terminal.send("SIGHUP");
    expect(given.wish()).toBe("after-gate");
    expect(terminal.text()).toBe(
      "The terminal is gone: the run stops after this gate. What is begun is confirmed or taken back first.\n",
    );
  });
});

describe("The question before the next host", () => {
  it.each([
    [["yes"], true],
    [["no"], false],
    [["maybe", "", "YES"], true],
    [[null], false],
  ])("answered %j is %j", async (answers, is) => {
    terminal.answers.push(...answers);
    expect(await wishes().mayGoOn("n2")).toBe(is);
    expect(terminal.questions[0]).toBe("Go on with `n2`? yes, or no to stop here and take the phase back: ");
    expect(terminal.questions).toHaveLength(answers.length);
  });

  it("says which answers there are", async () => {
    terminal.answers.push("hm", "no");
    await wishes().mayGoOn("n2");
    expect(terminal.text()).toBe("Expected `yes` or `no`.\n");
  });

  it("is no where nobody can answer", async () => {
    terminal.isInteractive = false;
    expect(await wishes().mayGoOn("n2")).toBe(false);
    expect(terminal.questions).toEqual([]);
  });

  it("is no where an interrupt comes before the answer", async () => {
    const given = wishes();
    const answer = given.mayGoOn("n2");
    terminal.send("SIGINT");
    expect(await answer).toBe(false);
    expect(given.wish()).toBe("after-gate");
  });
});

describe("The question whether a phase is kept", () => {
  const ask = (given: TerminalWishes, withinMs = 30_500): Promise<boolean> =>
    PHASE === undefined ? Promise.reject(new Error("no phase")) : given.isConfirmed(PHASE, withinMs);

  it.each([
    ["confirm", true, "go-on"],
    ["abort", false, "abort"],
    [null, false, "go-on"],
  ] as const)("answered %j is %j", async (answer, is, wish) => {
    terminal.answers.push(answer);
    const given = wishes();
    expect(await ask(given)).toBe(is);
    expect(given.wish()).toBe(wish);
    expect(terminal.questions).toEqual([
      "Phase 1 is switched and measured. Type `confirm` within 30 s to keep it, `abort` to take everything back: ",
    ]);
  });

  it("ends without an answer when its time is up", async () => {
    expect(await ask(wishes(), 20)).toBe(false);
  });

  it("is taken away when another terminal has answered", async () => {
    const given = wishes();
    const answer = ask(given);
    given.dropQuestion();
    expect(await answer).toBe(false);
    expect(given.wish()).toBe("go-on");
  });

  it("waits in silence where nobody can type, and ends with the run", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      terminal.isInteractive = false;
      const given = wishes();
      const answer = ask(given, 1_000_000);
      given.close();
      expect(await answer).toBe(false);
      expect(terminal.questions).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});
