/** What a row's prose demands, as far as it can be read mechanically. */
export interface Expectation {
  readonly kind:
    | "address"
    | "ipv6"
    | "vlan"
    | "mtu"
    | "metric"
    | "table"
    | "priority"
    | "backend"
    | "flannel-iface"
    | "url"
    | "dhcp"
    | "name"
    | "nothing";
  /** The text that must be found, such as `10.0.0.1/24`. */
  readonly token: string;
  /** The word before an address: where it is a link of the file, the address must be on it. */
  readonly link: string | null;
  /** Forbidden tokens must not be facts; they may be in reports. */
  readonly isForbidden: boolean;
}

const FORBIDDING =
  /must NOT|\b(?:is|are) NOT\b|\bDISABLED\b|commented|in a comment|occurs? only in|\bi\.e\. NOT\b|never guessed/;
/** From here to the end of the clause nothing is demanded: what follows is absent, or no fact of the model. */
const SILENCING =
  /\b(?:no|without|unknown|unreadable|unread|unresolved|not|dns|DNS|option \d+|typo|server '|ignore|tayga|advertises|VIPs?|NAT|nameserver|undefined)\b|\bdefault route written\b/;
/** Remarks in parentheses that derive or compare instead of stating. */
const REMARK =
  /^(?:network\b|k3s default|default\b|both\b|\d+ gives|address and|older\b|see\b|[\d.]+\/\d+$|twice\b|same\b|no\b)/;

/** Reads the facts column of a row. Clauses part by semicolons. */
export function readExpectations(facts: string): readonly Expectation[] {
  if (/^(?:nothing|none|no facts)\b/i.test(facts.trim())) {
    const rest = facts.replace(/^[^;]*;?/, "");
    const nothing: Expectation = {
      kind: "nothing",
      token: "no address or route",
      link: null,
      isForbidden: false,
    };
    return [nothing, ...rest.split(";").flatMap(readClause)];
  }
  return expandShortAddresses(withoutRemarks(facts)).split(";").flatMap(readClause);
}

function withoutRemarks(facts: string): string {
  return facts.replace(/\(([^()]*)\)/g, (whole, inside: string) =>
    REMARK.test(inside.trim()) ? "" : whole.replace(/;/g, ","),
  );
}

/** `10.0.0.1/24 gw .254` means 10.0.0.254: the last octet of the address before. */
function expandShortAddresses(text: string): string {
  let base = "";
  return text.replace(
    /(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?:\/\d+)?|(?<=[\s+])\.(\d{1,3})(\/\d{1,2})?(?![\w.])/g,
    (whole, network?: string, octet?: string, length = "") => {
      if (network !== undefined) base = network;
      return octet === undefined || base === "" ? whole : `${base}.${octet}${length}`;
    },
  );
}

function readClause(clause: string): readonly Expectation[] {
  if (FORBIDDING.test(clause)) {
    return addressesIn(clause).map((each) => ({ ...each, link: null, isForbidden: true }));
  }
  const stated = clause.slice(0, SILENCING.exec(clause)?.index ?? clause.length);
  return [
    ...addressesIn(stated),
    ...ipv6In(stated),
    ...numbersIn(stated),
    ...wordsIn(stated),
    ...namesIn(stated),
  ];
}

const IPV4 = /(?<![\w.:/-])(?:([\w.${}-]+)(?::|=)?\s+)?(\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?)(?![\w.:])/g;

function addressesIn(text: string): readonly Expectation[] {
  const plain = text.replace(
    /\d{1,3}(?:\.\d{1,3}){3}\s*=\s*|\d{1,3}(?:\.\d{1,3}){3}-\d{1,3}(?:\.\d{1,3}){3}/g,
    " ",
  );
  const separated = plain.replace(/([,()+]|->)/g, " $1 ");
  return [...separated.matchAll(IPV4)].map((match) => ({
    kind: "address",
    token: match[2] ?? "",
    link: match[1] ?? null,
    isForbidden: false,
  }));
}

function ipv6In(text: string): readonly Expectation[] {
  const words = text
    .split(/[\s,()]+/)
    .filter((word) => /^[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,}(?:\/\d+)?$/i.test(word));
  // Six groups of two are an Ethernet address.
  return words
    .filter((word) => !/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(word))
    .map((token) => ({ kind: "ipv6", token, link: null, isForbidden: false }));
}

const NUMBERS: readonly (readonly [Expectation["kind"], RegExp])[] = [
  ["vlan", /(?:\bvid ?|\(id |\bVLAN )(\d+)\b/g],
  ["mtu", /\bmtu (\d+)\b/gi],
  ["metric", /\bmetric (\d+)\b/g],
  ["table", /\btable (\d+)\b/g],
  ["priority", /\bprio(?:rity)? (\d+)\b/g],
];

function numbersIn(text: string): readonly Expectation[] {
  if (/VRRP|keepalived/.test(text)) return [];
  return NUMBERS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map(
      (match): Expectation => ({ kind, token: match[1] ?? "", link: null, isForbidden: false }),
    ),
  );
}

const WORDS: readonly (readonly [Expectation["kind"], RegExp])[] = [
  ["backend", /\bbackend[ =](none|host-gw|wireguard-native|vxlan)\b/g],
  ["backend", /(?:^|[,;]) *(host-gw) *$/g],
  ["flannel-iface", /\biface ([\w.-]+)/g],
  ["url", /(https:\/\/[\w.:-]+)/g],
  ["dhcp", /(?:\s|=)(dhcp)(?:v?4)?(?:\b|$)/g],
];

function wordsIn(text: string): readonly Expectation[] {
  return WORDS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map(
      (match): Expectation => ({ kind, token: match[1] ?? "", link: null, isForbidden: false }),
    ),
  );
}

const LINK_NAME =
  /^(?:en|eth|br|bond|bridge|dummy|dm|vmbr|vrf|wl|test|engreen|enred)[a-z0-9]*\d[a-z0-9]*(?:\.\d+)?$/;

/** Words that look like links of Linux; a range (`eth1-3`) or a word within a longer one is not taken. */
function namesIn(text: string): readonly Expectation[] {
  const words = text.split(/[\s,+:()@=]+/).filter((word) => LINK_NAME.test(word));
  return [...new Set(words)].map((token) => ({ kind: "name", token, link: null, isForbidden: false }));
}
