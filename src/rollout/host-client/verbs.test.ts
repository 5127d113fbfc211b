import { describe, expect, it } from "vitest";
import { hostId, ok } from "#model/index.js";
import { VirtualClock } from "../../../test/rollout/virtual-clock.js";
import type { HostAnswer } from "../ports/host-session.js";
import { HostClient } from "./host-client.js";
import { arm } from "./verbs.js";

const HOST = hostId("h1");
const ARMING = {
  record: "r-p1",
  seconds: 60,
  step: { forward: [["ip", "link", "set", "up"]], revert: [], persist: [] },
  keep: [],
} as const;

const said = (code: number, stdout: string): HostAnswer => ({ kind: "ended", code, stdout, stderr: "" });
const LATE: HostAnswer = { kind: "timed-out", afterMs: 1000 };

/** A host that answers the first request to arm too late; `isCutOff`: it did not come to its end, and what was staged is gone. */
class SlowHost {
  readonly asked: string[] = [];
  readonly #isCutOff: boolean;
  #isStaged = false;
  #isArmed = false;
  #looks = 0;

  constructor({ isCutOff }: { readonly isCutOff: boolean }) {
    this.#isCutOff = isCutOff;
  }

  answer(words: readonly string[]): HostAnswer {
    const [verb = ""] = words.slice(2);
    this.asked.push(verb === "stage" ? `stage ${words[4]}` : verb);
    switch (verb) {
      case "stage":
        this.#isStaged = true;
        return said(0, "");
      case "arm":
        return this.#arm();
      case "status":
        return said(0, this.#status());
      default:
        return said(64, "");
    }
  }

  #arm(): HostAnswer {
    const isFirst = this.asked.filter((verb) => verb === "arm").length === 1;
    if (this.#isArmed) return said(3, "why already armed\n");
    if (!this.#isStaged) return said(3, "why nothing is staged\n");
    this.#isStaged = false;
    this.#isArmed = !isFirst || !this.#isCutOff;
    return isFirst ? LATE : said(0, "armed r-p1 deadline 100 boot b-1\n");
  }

  /** An arming under way is no record yet. */
  #status(): string {
    this.#looks += 1;
    const isSeen = this.#isArmed && this.#looks > 1;
    const record = "record r-p1 armed rebooted no left 55 persisted no note\n";
    return `host pointsman-host 1\nboot b-1\nuptime 40\nclaim r\n${isSeen ? record : ""}`;
  }
}

function armOn(host: SlowHost): ReturnType<typeof arm> {
  const client = new HostClient({
    host: HOST,
    hostProgram: { text: "", sha256: "" },
    requestTimeoutMs: 1000,
    reach: {
      open: async () =>
        ok({ host: HOST, run: async ({ words }) => host.answer(words), close: async () => undefined }),
    },
  });
  return arm({ client, clock: new VirtualClock() }, ARMING);
}

const STAGED = ["stage forward", "stage revert", "stage persist", "stage keep"];

describe("arm", () => {
  it("stages anew what an arming has used up that was cut off in the middle", async () => {
    const host = new SlowHost({ isCutOff: true });
    expect(await armOn(host)).toMatchObject({ kind: "done", value: { bootId: "b-1" } });
    expect(host.asked).toEqual([...STAGED, "arm", "status", ...STAGED, "arm"]);
  });

  it("takes a host as armed that refuses because the request before was only slower than its answer was waited for", async () => {
    const host = new SlowHost({ isCutOff: false });
    expect(await armOn(host)).toEqual({
      kind: "done",
      value: { earliestMs: 54_000, latestMs: 56_000, bootId: "b-1" },
    });
    expect(host.asked).toEqual([...STAGED, "arm", "status", ...STAGED, "arm", "status"]);
  });
});
