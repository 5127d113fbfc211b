import { broadcastOf, ipv4, prefix } from "#ip/index.js";
import { linkName, operation } from "#model/index.js";
import { addStep, type BootPlan, type Unit } from "./boot-plan.js";
import { networkRoutes } from "./convert-network-routes.js";
import { optionOf, report } from "./fact.js";
import { unmodelledIssue, wrongTypeIssue } from "./messages.js";
import { parseAddressText } from "./read-addresses.js";
import { isYes, lastSetting, type NetworkUnit, settingValues, type UnitSection } from "./unit-sections.js";

const DHCP_WORDS: Readonly<Record<string, string>> = {
  yes: "dhcp",
  true: "dhcp",
  both: "dhcp",
  ipv4: "dhcp",
  v4: "dhcp",
  ipv6: "dhcpv6",
  v6: "dhcpv6",
};
/** What makes a unit readable in one message: `Address=10.0.0.1/24, Gateway=10.0.0.254`. */
export function describeSections(sections: readonly UnitSection[]): string {
  const parts = sections.flatMap((section) =>
    section.settings.map((setting) => `${setting.key}=${setting.text}`),
  );
  return parts.length === 0 ? "no settings" : `\`${parts.join(", ")}\``;
}

/** The MTU of a link. */
export function addNetworkMtu(plan: BootPlan, { link, sections, fact }: NetworkUnit, unit: Unit): void {
  const mtu = lastSetting(sections, "Link", "MTUBytes");
  if (mtu === null || isYes(lastSetting(sections, "Link", "Unmanaged"))) return;
  if (/^\d{1,9}$/.test(mtu.text)) {
    addStep(plan, { kind: "link-mtu", link: linkName(link), mtu: Number(mtu.text) }, mtu.source, unit);
    return;
  }
  const detail = `\`${mtu.text}\` is no plain number`;
  report(fact, unmodelledIssue(`${optionOf(fact)}.linkConfig.MTUBytes`, detail, mtu.source));
}

/** Master and activation of a link. */
export function addNetworkLinks(plan: BootPlan, { link, sections, fact }: NetworkUnit, unit: Unit): void {
  const name = linkName(link);
  if (isYes(lastSetting(sections, "Link", "Unmanaged"))) return;
  const master = lastSetting(sections, "Network", "Bridge", "Bond");
  if (master !== null)
    addStep(plan, { kind: "link-master", link: name, master: linkName(master.text) }, master.source, unit);
  const policy = lastSetting(sections, "Link", "ActivationPolicy")?.text ?? "up";
  if (policy === "up" || policy === "always-up")
    addStep(plan, { kind: "link-up", link: name }, fact.source, unit);
  else
    report(
      fact,
      unmodelledIssue(
        `${optionOf(fact)}.linkConfig.ActivationPolicy`,
        `\`${policy}\` leaves the link to somebody else`,
        fact.source,
      ),
    );
}

/** Addresses, routes, forwarding and DHCP of a link. */
export function addNetworkFacts(plan: BootPlan, given: NetworkUnit, unit: Unit): void {
  if (isYes(lastSetting(given.sections, "Link", "Unmanaged"))) return;
  addNetworkSysctls(plan, given, unit);
  addNetworkAddresses(plan, given, unit);
  for (const route of networkRoutes(plan, given)) {
    addStep(plan, { kind: "route-add", route }, route.source ?? given.fact.source, unit);
  }
  addNetworkDhcp(plan, given);
}

function addNetworkSysctls(plan: BootPlan, { link, sections, fact }: NetworkUnit, unit: Unit): void {
  const forward = lastSetting(sections, "Network", "IPForward");
  if (forward !== null && (isYes(forward) || forward.text === "ipv4")) {
    addStep(plan, { kind: "sysctl", key: "ip_forward", value: 1 }, forward.source, unit);
  }
  const path = link.replaceAll(".", "/");
  const masquerade = lastSetting(sections, "Network", "IPMasquerade");
  const isMasquerading =
    masquerade !== null && !["no", "false", "off", "0", "ipv6"].includes(masquerade.text);
  if (isMasquerading) {
    addStep(plan, { kind: "sysctl", key: `conf.${path}.forwarding`, value: 1 }, masquerade.source, unit);
    report(
      fact,
      unmodelledIssue(
        `${optionOf(fact)}.networkConfig.IPMasquerade`,
        "it rewrites the source addresses of forwarded packets",
        masquerade.source,
      ),
    );
  }
  for (const [key, sysctl] of [
    ["IPv4Forwarding", "forwarding"],
    ["IPv4ProxyARP", "proxy_arp"],
    ["ProxyARP", "proxy_arp"],
  ] as const) {
    const setting = lastSetting(sections, "Network", key);
    if (setting !== null)
      addStep(
        plan,
        { kind: "sysctl", key: `conf.${path}.${sysctl}`, value: isYes(setting) ? 1 : 0 },
        setting.source,
        unit,
      );
  }
}

function addNetworkAddresses(plan: BootPlan, { link, sections, fact }: NetworkUnit, unit: Unit): void {
  const written = [
    ...settingValues(sections, "Network", "Address"),
    ...settingValues(sections, "Address", "Address"),
  ];
  for (const setting of written) {
    const cidr = parseAddressText(setting.text);
    if (cidr !== null) {
      const address = operation.address({
        link: linkName(link),
        ip: cidr.address,
        length: cidr.length,
        broadcast: cidr.length < 31 ? broadcastOf(cidr.address, cidr.length) : null,
        source: setting.source,
      });
      addStep(plan, { kind: "address-add", address }, setting.source, unit);
    } else if (setting.text.includes(":")) {
      plan.ipv6.push({ link: linkName(link), kind: "address", text: setting.text, source: setting.source });
    } else {
      report(
        fact,
        wrongTypeIssue(
          `${optionOf(fact)}.address`,
          "an address with a prefix length",
          setting.text,
          setting.source,
        ),
      );
    }
  }
}

function addNetworkDhcp(plan: BootPlan, { link, sections, fact }: NetworkUnit): void {
  const dhcp = lastSetting(sections, "Network", "DHCP");
  const protocol = dhcp === null ? undefined : DHCP_WORDS[dhcp.text.toLowerCase()];
  if (dhcp !== null && protocol !== undefined)
    plan.dynamicLinks.push({ link: linkName(link), protocol, source: dhcp.source });
  addDhcpServer(plan, { link, sections, fact });
}

/** `PoolOffset=` 0 starts behind the network address, `PoolSize=` 0 ends before the broadcast address; systemd.network(5). */
function addDhcpServer(plan: BootPlan, { link, sections, fact }: NetworkUnit): void {
  const server = lastSetting(sections, "Network", "DHCPServer");
  if (server === null || !isYes(server)) return;
  const written = [
    ...settingValues(sections, "Network", "Address"),
    ...settingValues(sections, "Address", "Address"),
  ];
  const address = lastSetting(sections, "DHCPServer", "ServerAddress");
  const own = [...(address === null ? [] : [address]), ...written]
    .flatMap((setting) => parseAddressText(setting.text) ?? [])
    .at(0);
  if (own === undefined) {
    const detail = "the link has no IPv4 address to hand out from";
    report(fact, unmodelledIssue(`${optionOf(fact)}.networkConfig.DHCPServer`, detail, server.source));
    return;
  }
  const network = prefix(own.address, own.length);
  const offset = Math.max(1, numberOf(sections, "PoolOffset"));
  const size = numberOf(sections, "PoolSize");
  const end = broadcastOf(network.address, network.length) - 1;
  const last = size > 0 ? network.address + offset + size - 1 : end;
  const first = ipv4(network.address + offset);
  plan.dhcpRanges.push({
    link: linkName(link),
    network,
    first,
    last: ipv4(Math.min(last, end)),
    source: server.source,
  });
}

function numberOf(sections: readonly UnitSection[], key: string): number {
  const value = Number(lastSetting(sections, "DHCPServer", key)?.text ?? "0");
  return Number.isInteger(value) ? value : 0;
}
