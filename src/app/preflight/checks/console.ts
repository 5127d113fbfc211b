import type { Check } from "../check.js";
import { changedHostsThat, fine, passedOver, warning } from "../finding.js";
import { named, say } from "../messages.js";

/** For each host that changes the operator has noted how to reach it when its network does not. */
export const consoleNoted: Check = {
  name: "console",
  look: async (context) => {
    const hosts = changedHostsThat(context, ({ console }) => console === undefined);
    if (hosts === null) return [passedOver(say.noFleet)];
    return hosts.length === 0
      ? [fine(say.consoles)]
      : [warning(say.noConsole(named(hosts)), say.consoleHint)];
  },
};
