/** mac 6 bytes, port_no, is_local, ageing timer 4 bytes, port_hi, 3 bytes of padding; struct __fdb_entry of linux/if_bridge.h. */
const ENTRY = /^([0-9a-f]{12})([0-9a-f]{2})([0-9a-f]{2})[0-9a-f]{8}([0-9a-f]{2})[0-9a-f]{6}$/;

/**
 * The forwarding tables of bridges as `bridge -j fdb show` has them, from `forward BRIDGE` (`brforward` in hex) and `port LINK BRIDGE`
 * (its number); null where there is no bridge. An entry of a port that is not there any more is left out.
 */
export function readForwarding(raw: ReadonlyMap<string, readonly string[]>): string | null {
  const tables = [...raw].filter(([head]) => head.startsWith("forward "));
  if (tables.length === 0) return null;
  const ports = readPorts(raw);
  const entries = tables.flatMap(([head, lines]) => {
    const master = head.slice("forward ".length);
    return lines.flatMap((line) => readEntry(line, master, ports));
  });
  return `${JSON.stringify(entries, null, 1)}\n`;
}

/** Links by bridge and number. */
function readPorts(raw: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  return new Map(
    [...raw].flatMap(([head, lines]) => {
      const [kind, link = "", master = ""] = head.split(" ");
      return kind === "port" ? [[`${master} ${Number(lines[0] ?? "")}`, link] as const] : [];
    }),
  );
}

function readEntry(line: string, master: string, ports: ReadonlyMap<string, string>): readonly unknown[] {
  const match = ENTRY.exec(line);
  if (match === null) return [];
  const [, mac = "", low = "", local = "", high = ""] = match;
  const number = Number.parseInt(high, 16) * 256 + Number.parseInt(low, 16);
  const isLocal = local !== "00";
  // The bridge's own address has no port.
  const ifname = number === 0 ? master : ports.get(`${master} ${number}`);
  if (ifname === undefined) return [];
  return [
    {
      mac: mac.replaceAll(/(..)(?!$)/g, "$1:"),
      ifname,
      flags: [],
      master,
      state: isLocal ? "permanent" : "",
    },
  ];
}
