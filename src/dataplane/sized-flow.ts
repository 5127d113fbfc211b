import type { IPv4 } from "#ip/index.js";
import { type Echo, walkEcho } from "./echo.js";
import type { Run } from "./run.js";

/**
 * How large the packets of a flow are: an IP packet of so many bytes that must not be cut (`ping -M do`), or as large as the two
 * ends send them (`full`).
 */
export type FlowSize = "full" | number;

/** IPv4 and ICMP headers, and the most that the length field of IPv4 can say. */
const LEAST_BYTES = 28;
const MOST_BYTES = 65535;

/** Reads `full` or a number of bytes, as `--size` takes it; null for anything else. */
export function parseFlowSize(text: string): FlowSize | null {
  if (text === "full") return "full";
  const bytes = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return bytes >= LEAST_BYTES && bytes <= MOST_BYTES ? bytes : null;
}

/** Path MTUs below this are taken as this, and packets may then be cut; net/ipv4/route.c, ip_rt_min_pmtu. */
const LEAST_PATH_MTU = 552;

interface Asked {
  readonly host: number;
  readonly to: IPv4;
  readonly size: FlowSize;
}

/** Walks request and reply with packets of a size, and says how large they were in the end; null where they were small. */
export function walkSized(
  run: Run,
  { host, to, size }: Asked,
): { readonly echo: Echo; readonly bytes: number | null } {
  if (size !== "full") {
    run.measured = { sender: host, bytes: size, mayFragment: false };
    return { echo: walkEcho(run, host, to), bytes: size };
  }
  const small = walkEcho(run, host, to);
  const bytes = small.verdict === "delivered" ? fullSize(small) : null;
  if (bytes === null) return { echo: small, bytes };
  if (bytes === 0) return { echo: { ...small, verdict: "unknown" }, bytes: null };
  return walkFull(run, { host, to, bytes });
}

/**
 * What a TCP connection would send: not more than either end's link takes (RFC 9293, 3.7.1: both say so). A tunnel is as wide as its
 * sender says: what goes into it comes from others, who do not know the other end. 0: not known; null: nothing leaves the host.
 */
function fullSize({ outs: [there, back] }: Echo): number | null {
  if (there === null || back === null) return null;
  return there.link.type.kind === "vxlan" ? there.link.mtu : Math.min(there.link.mtu, back.link.mtu);
}

/** Sends, and sends shorter ones as long as the sender learns of a smaller path MTU: one loss that every connection survives. */
function walkFull(
  run: Run,
  { host, to, bytes: first }: { readonly host: number; readonly to: IPv4; readonly bytes: number },
): { readonly echo: Echo; readonly bytes: number } {
  let bytes = first;
  let mayFragment = false;
  for (;;) {
    if (run.hops !== null) run.hops = [];
    run.measured = { sender: host, bytes, mayFragment };
    run.pathMtu = null;
    const echo = walkEcho(run, host, to);
    const learnt = run.pathMtu ?? bytes;
    if (echo.verdict === "delivered" || learnt >= bytes) return { echo, bytes };
    mayFragment = learnt < LEAST_PATH_MTU;
    bytes = Math.min(bytes, Math.max(learnt, LEAST_PATH_MTU));
  }
}
