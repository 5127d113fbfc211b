import type { Check } from "../check.js";
import { askAll, changedHostsThat, failed, warning } from "../finding.js";
import { say } from "../messages.js";

const SCRIPT = "readlink -f /nix/var/nix/profiles/system; readlink -f /run/current-system";

/** Each NixOS host that changes has a system to go back to, and would boot the one that runs. */
export const oldSystem: Check = {
  name: "old-system",
  look: (context) =>
    askAll(context, {
      hosts: changedHostsThat(context, ({ os }) => os === "nixos"),
      script: SCRIPT,
      what: "The NixOS profile",
      kind: "a NixOS host",
      well: say.oldSystem,
      judge: (host, { stdout }) => {
        const [profile = "", current = ""] = stdout.trim().split("\n");
        if (!profile.startsWith("/nix/store/")) return [failed(say.noOldSystem(host), say.noOldSystemHint)];
        if (!current.startsWith("/nix/store/") || profile === current) return [];
        return [warning(say.notBooted(host, current, profile), say.notBootedHint)];
      },
    }),
};
