import { type Address, type Host, type Link, type LinkName, linkSysctl, readSysctl } from "#model/index.js";

/** A link with its own addresses in order and the sysctls that hold for it. */
export interface CompiledLink {
  readonly name: LinkName;
  readonly link: Link;
  readonly addresses: readonly Address[];
  readonly forwards: boolean;
  readonly rpFilter: number;
  readonly arpIgnore: number;
  readonly arpAnnounce: number;
  readonly filtersArp: boolean;
  readonly isArpProxy: boolean;
  readonly isPvlanProxy: boolean;
  readonly mediumId: number;
  readonly sendsRedirects: boolean;
  readonly hasSharedMedia: boolean;
  readonly acceptsRedirects: boolean;
  readonly hasSecureRedirects: boolean;
  readonly acceptsLocal: boolean;
  readonly routesLocalnet: boolean;
}

/** Indexes a link of a host. */
export function compileLink(host: Host, link: Link): CompiledLink {
  return new LazyLink(host, link);
}

/** Whether the link answers ARP for others by its sysctls. */
export function isProxyLink(host: Host, link: LinkName): boolean {
  return isEither(host, link, "proxy_arp") || isEither(host, link, "proxy_arp_pvlan");
}

/** Sysctls are combined when the first of them is asked for. */
class LazyLink implements CompiledLink {
  readonly name: LinkName;
  readonly link: Link;
  readonly #host: Host;
  #addresses: readonly Address[] | null = null;
  #settings: LinkSettings | null = null;

  constructor(host: Host, link: Link) {
    this.name = link.name;
    this.link = link;
    this.#host = host;
  }

  get addresses(): readonly Address[] {
    this.#addresses ??= this.#host.addresses.filter((address) => address.link === this.name);
    return this.#addresses;
  }

  get isArpProxy(): boolean {
    return isEither(this.#host, this.name, "proxy_arp");
  }

  get isPvlanProxy(): boolean {
    return isEither(this.#host, this.name, "proxy_arp_pvlan");
  }

  get #conf(): LinkSettings {
    this.#settings ??= new LinkSettings(this.#host, this.name);
    return this.#settings;
  }

  get forwards(): boolean {
    return this.#conf.forwards;
  }

  get rpFilter(): number {
    return this.#conf.rpFilter;
  }

  get arpIgnore(): number {
    return this.#conf.arpIgnore;
  }

  get arpAnnounce(): number {
    return this.#conf.arpAnnounce;
  }

  get filtersArp(): boolean {
    return this.#conf.filtersArp;
  }

  get mediumId(): number {
    return this.#conf.mediumId;
  }

  get sendsRedirects(): boolean {
    return this.#conf.sendsRedirects;
  }

  get hasSharedMedia(): boolean {
    return this.#conf.hasSharedMedia;
  }

  get acceptsRedirects(): boolean {
    return this.#conf.acceptsRedirects;
  }

  get hasSecureRedirects(): boolean {
    return this.#conf.hasSecureRedirects;
  }

  get acceptsLocal(): boolean {
    return this.#conf.acceptsLocal;
  }

  get routesLocalnet(): boolean {
    return this.#conf.routesLocalnet;
  }
}

/** How `conf.all` and `conf.LINK` combine: include/linux/inetdevice.h (IN_DEV_MAXCONF, IN_DEV_ORCONF, IN_DEV_CONF_GET). */
class LinkSettings {
  readonly forwards: boolean;
  readonly rpFilter: number;
  readonly arpIgnore: number;
  readonly arpAnnounce: number;
  readonly filtersArp: boolean;
  readonly mediumId: number;
  readonly sendsRedirects: boolean;
  readonly hasSharedMedia: boolean;
  readonly acceptsRedirects: boolean;
  readonly hasSecureRedirects: boolean;
  readonly acceptsLocal: boolean;
  readonly routesLocalnet: boolean;

  constructor(host: Host, link: LinkName) {
    const own = (key: string): number => linkSysctl(host.sysctls, link, key);
    const all = (key: string): number => readSysctl(host.sysctls, `conf.all.${key}`);
    const either = (key: string): boolean => isEither(host, link, key);
    const larger = (key: string): number => Math.max(all(key), own(key));
    this.forwards = isForwarding(host, link);
    this.rpFilter = larger("rp_filter");
    this.arpIgnore = larger("arp_ignore");
    this.arpAnnounce = larger("arp_announce");
    this.filtersArp = either("arp_filter");
    this.mediumId = own("medium_id");
    this.sendsRedirects = either("send_redirects");
    this.hasSharedMedia = either("shared_media");
    this.acceptsRedirects = this.forwards
      ? all("accept_redirects") !== 0 && own("accept_redirects") !== 0
      : either("accept_redirects");
    this.hasSecureRedirects = either("secure_redirects");
    this.acceptsLocal = either("accept_local");
    this.routesLocalnet = either("route_localnet");
  }
}

/** Forwarding is asked of the incoming link alone; `ip_forward` is what a link has that was never set otherwise. */
function isForwarding(host: Host, link: LinkName): boolean {
  const own = host.sysctls.get(`conf.${link.replaceAll(".", "/")}.forwarding`);
  const value = own ?? host.sysctls.get("conf.default.forwarding") ?? host.sysctls.get("ip_forward") ?? 0;
  return value !== 0;
}

function isEither(host: Host, link: LinkName, key: string): boolean {
  return readSysctl(host.sysctls, `conf.all.${key}`) !== 0 || linkSysctl(host.sysctls, link, key) !== 0;
}
