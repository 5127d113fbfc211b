/** The kernel's answer to an operation that it does not carry out; the host is left as it was. */
export interface Refusal {
  readonly kind:
    | "no-such-link"
    | "link-exists"
    | "link-is-down"
    | "address-exists"
    | "no-such-address"
    | "route-exists"
    | "no-such-route"
    | "invalid-gateway"
    | "gateway-unreachable"
    | "gateway-is-own-address"
    | "source-not-own"
    | "no-link"
    | "no-such-rule"
    | "rule-exists"
    | "no-such-neighbour"
    | "no-such-fdb-entry"
    | "no-such-vlan"
    | "invalid-value";
  /** What the kernel or `ip` prints, word for word: `Error: Nexthop has invalid gateway.` */
  readonly kernelMessage: string;
}
