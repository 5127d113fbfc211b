import type { Clock, RunControl } from "#rollout/index.js";
import { isRequested } from "../run-store/requests.js";
import type { RunFolder } from "../run-store/run-folder.js";

const POLL_MS = 500;

/** The wishes of the terminal, and those that other terminals leave in the folder of the run. */
export function hearRequests(control: RunControl, folder: RunFolder, clock: Clock): RunControl {
  const wish = (): ReturnType<RunControl["wish"]> => {
    const own = control.wish();
    return own !== "leave" && isRequested(folder, { kind: "abort" }) ? "abort" : own;
  };
  return {
    wish,
    mayGoOn: control.mayGoOn,
    isConfirmed: async (phase, withinMs) => {
      const end = clock.monotonicMs() + withinMs;
      let answer: boolean | null = null;
      void control.isConfirmed(phase, withinMs).then((given) => {
        answer = given;
      });
      // A terminal that says no at once may be one that nobody sits at: the others are heard to the end.
      for (let remains = withinMs; answer !== true && remains > 0 && wish() === "go-on"; ) {
        if (isRequested(folder, { kind: "confirm", phase: phase.number })) return true;
        await clock.sleep(Math.min(POLL_MS, remains));
        remains = end - clock.monotonicMs();
      }
      return answer === true;
    },
  };
}
