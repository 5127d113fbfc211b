import { linkName, operation, parseIpCommand } from "#model/index.js";
import { addStep, type BootPlan, newLink, scriptUnit, type Unit } from "./boot-plan.js";
import {
  child,
  children,
  type Fact,
  isUnknown,
  items,
  oneOrMore,
  optionOf,
  readBoolean,
  readText,
  report,
} from "./fact.js";
import { unmodelledIssue } from "./messages.js";
import { parseAddressText } from "./read-addresses.js";

/** What else speaks of the network: reported with its facts, and carried out as far as there are words for it. */
export function convertUnmodelled(plan: BootPlan, root: Fact): void {
  const networking = child(root, "networking");
  reportTexts(networking, ["firewall", "extraCommands"], "packet filter rules are not modelled");
  reportTexts(networking, ["firewall", "extraInputRules"], "packet filter rules are not modelled");
  reportTexts(networking, ["firewall", "extraForwardRules"], "packet filter rules are not modelled");
  reportTexts(networking, ["nftables", "ruleset"], "packet filter rules are not modelled");
  reportTexts(networking, ["nftables", "rulesetFile"], "packet filter rules are not modelled");
  for (const [, table] of children(child(networking, "nftables", "tables"))) {
    report(table, unmodelledIssue(optionOf(table), "packet filter rules are not modelled", table.source));
  }
  for (const manager of ["networkmanager", "wireless"]) reportManager(networking, manager);
  for (const group of [
    ["wireguard", "interfaces", "ips"],
    ["wg-quick", "interfaces", "address"],
  ])
    addWireguard(plan, networking, group);
  addLocalCommands(plan, networking);
  reportKeepalived(root);
}

function reportTexts(networking: Fact | null, path: readonly string[], detail: string): void {
  const fact = child(networking, ...path);
  if (fact === null || isUnknown(fact)) return;
  const isEmpty =
    fact.value.kind === "string" && fact.value.text.trim() === "" && fact.value.holes.length === 0;
  if (!isEmpty) report(fact, unmodelledIssue(optionOf(fact), detail, fact.source));
}

function reportManager(networking: Fact | null, manager: string): void {
  const profiles = child(networking, manager, "ensureProfiles", "profiles");
  for (const [, profile] of children(profiles)) {
    report(
      profile,
      unmodelledIssue(optionOf(profile), "profiles of NetworkManager are not read", profile.source),
    );
  }
}

function addWireguard(
  plan: BootPlan,
  networking: Fact | null,
  [group = "", list = "", addresses = ""]: readonly string[],
): void {
  for (const [name, fact] of children(child(networking, group, list))) {
    const unit: Unit = scriptUnit(`${group === "wg-quick" ? "wg-quick" : "wireguard"}-${name}.service`);
    const link = linkName(name);
    const texts = oneOrMore(child(fact, addresses)).flatMap((item) => {
      const text = readText(item);
      return text === null ? [] : [{ text, source: item.source }];
    });
    addStep(
      plan,
      {
        kind: "link-add",
        link: newLink(name, { kind: "other", name: "wireguard" }, { source: fact.source, mtu: 1420 }),
      },
      fact.source,
      unit,
    );
    for (const { text, source } of texts) {
      const cidr = parseAddressText(text);
      if (cidr === null) plan.ipv6.push({ link, kind: "address", text, source });
      else
        addStep(
          plan,
          {
            kind: "address-add",
            address: operation.address({ link, ip: cidr.address, length: cidr.length, source }),
          },
          source,
          unit,
        );
    }
    addStep(plan, { kind: "link-up", link }, fact.source, unit);
    const held = texts.map(({ text }) => `\`${text}\``).join(", ");
    report(
      fact,
      unmodelledIssue(
        optionOf(fact),
        `WireGuard tunnels are not modelled; this one holds ${held === "" ? "no addresses" : held}`,
        fact.source,
      ),
    );
  }
}

/** Plain `ip` commands of `networking.localCommands` are carried out, any other line is reported. */
function addLocalCommands(plan: BootPlan, networking: Fact | null): void {
  const fact = child(networking, "localCommands");
  const text = readText(fact);
  if (fact === null || text === null) return;
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const isPlain = /^(?:\/\S*\/)?ip\s[\w\s./:-]+$/.test(line);
    const parsed = isPlain ? parseIpCommand(line.split(/\s+/)) : null;
    if (parsed?.ok !== true) {
      const why = parsed === null ? "only plain `ip` commands are read" : parsed.error;
      report(fact, unmodelledIssue(optionOf(fact), `\`${line.slice(0, 120)}\`: ${why}`, fact.source));
      continue;
    }
    for (const step of parsed.value)
      addStep(plan, step, fact.source, scriptUnit("network-local-commands.service"));
  }
}

/** A VIP is on the host that wins the election: the facts are told, the address is not put on a link. */
function reportKeepalived(root: Fact): void {
  const keepalived = child(root, "services", "keepalived");
  const enable = child(keepalived, "enable");
  if (enable !== null && readBoolean(enable) === false) return;
  for (const [name, fact] of children(child(keepalived, "vrrpInstances"))) {
    const link = readText(child(fact, "interface"));
    const state = readText(child(fact, "state"));
    const addresses = items(child(fact, "virtualIps")).flatMap((item) => {
      const address = readText(child(item, "addr"));
      const device = readText(child(item, "dev"));
      return address === null ? [] : [`\`${address}\`${device === null ? "" : ` on \`${device}\``}`];
    });
    const held = addresses.length === 0 ? "no addresses" : addresses.join(", ");
    const where = `VRRP instance \`${name}\`${link === null ? "" : ` on \`${link}\``}${state === null ? "" : `, \`${state}\``}`;
    report(fact, unmodelledIssue(optionOf(fact), `${where}, moves ${held} between hosts`, fact.source));
  }
}
