import type { Host, LinkName, Operation } from "#model/index.js";
import type { HelperProposal } from "../helper-stage.js";
import { hostsOf, type Propose } from "./ask.js";
import { forwards } from "./surroundings.js";

/** Routers on the way send no redirects; hosts take none. */
export const proposeSilentRedirects: Propose = (ask) =>
  hostsOf(ask).flatMap((host) => {
    const links = linksOf(ask.around.endsOf(host));
    const isRouter = forwards(ask.around.endsOf(host));
    return [
      ...(isRouter ? [silence(host, links, "send_redirects", "no redirects are sent")] : []),
      silence(host, links, "accept_redirects", "no redirects are taken"),
    ];
  });

/** `conf.all` and the link's own value count together, for sending as either, for taking as both or either; so all are lowered. */
function silence(
  host: HelperProposal["host"],
  links: readonly LinkName[],
  name: string,
  why: string,
): HelperProposal {
  const make = [`conf.all.${name}`, ...links.map((link) => linkKey(link, name))].map(
    (key): Operation => ({ kind: "sysctl", key, value: 0 }),
  );
  return { kind: "silent-redirects", host, make, why, shape: name };
}

/** Strict source validation on the way becomes loose: the larger of `conf.all` and the link's own value counts. */
export const proposeLooseFilter: Propose = (ask) =>
  hostsOf(ask).flatMap((host) => {
    const ends = ask.around.endsOf(host);
    const isStrict = ends.some(({ sysctls }) =>
      [...sysctls].some(([key, value]) => key.endsWith(".rp_filter") && value === 1),
    );
    if (!isStrict) return [];
    return linksOf(ends).map(
      (link): HelperProposal => ({
        kind: "loose-filter",
        host,
        make: [{ kind: "sysctl", key: linkKey(link, "rp_filter"), value: 2 }],
        why: `\`${link}\` takes packets whose way back leaves by another link`,
        shape: link,
      }),
    );
  });

function linksOf(ends: readonly Host[]): readonly LinkName[] {
  const names = ends.flatMap(({ links }) =>
    links.flatMap(({ name, type }) => (type.kind === "loopback" ? [] : [name])),
  );
  return [...new Set(names)];
}

function linkKey(link: LinkName, name: string): string {
  return `conf.${link.replaceAll(".", "/")}.${name}`;
}
