import type { Check } from "../check.js";
import { askAll, changedHostsThat, failed } from "../finding.js";
import { say } from "../messages.js";

/** No Proxmox host has a network file staged: pvenetcommit.service puts it in place at the next boot. */
export const interfacesNew: Check = {
  name: "interfaces-new",
  look: (context) =>
    askAll(context, {
      hosts: changedHostsThat(context, ({ os }) => os === "proxmox"),
      script: "if [ -e /etc/network/interfaces.new ]; then echo staged; else echo none; fi",
      what: "/etc/network",
      kind: "a Proxmox host",
      well: say.noStaged,
      judge: (host, { stdout }) =>
        stdout.trim() === "staged" ? [failed(say.staged(host), say.stagedHint)] : [],
    }),
};

/** No OpenWrt host has settings that are not committed: the commit of the run would take them along. */
export const uciChanges: Check = {
  name: "uci-changes",
  look: (context) =>
    askAll(context, {
      hosts: changedHostsThat(context, ({ os }) => os === "openwrt"),
      script: "command -v uci >/dev/null 2>&1 || { echo 'no uci'; exit 0; }; echo uci; uci changes",
      what: "The pending settings",
      kind: "an OpenWrt host",
      well: say.uci,
      judge: (host, { stdout }) => {
        const [head, ...changes] = stdout.trim().split("\n");
        if (head !== "uci") return [failed(say.noUci(host), "")];
        return changes.length === 0 ? [] : [failed(say.uciChanges(host, changes.length), say.uciHint)];
      },
    }),
};

/** Each ifupdown host that changes its files can reload them: that is ifupdown2. */
export const ifupdown2: Check = {
  name: "ifupdown2",
  look: (context) => {
    const isAsked = context.program.policy.persist === "on-confirm";
    const hosts = changedHostsThat(context, ({ configuration }) =>
      configuration.some(({ dialect }) => dialect === "ifupdown"),
    );
    return askAll(context, {
      hosts: isAsked || hosts === null ? hosts : [],
      script: "if command -v ifreload >/dev/null 2>&1; then echo ifupdown2; else echo none; fi",
      what: "The version of ifupdown",
      kind: "an ifupdown host whose files are written",
      well: say.ifupdown2,
      judge: (host, { stdout }) =>
        stdout.trim() === "ifupdown2" ? [] : [failed(say.noIfupdown2(host), say.ifupdown2Hint)],
    });
  },
};
