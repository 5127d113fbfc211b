import { TOOL_PATH } from "#probe/index.js";

/**
 * Prints the live state of one host: a head line `file NAME`, `missing NAME` or `raw NAME` for each part, its text below with one blank
 * before each line. Without `ip -j` the plain output is taken, as busybox prints it; its `ip neigh show proxy` shows other entries and is
 * not asked. Sysctls are read as files: whoever may not read one (there are secrets among them) leaves it out, and sysctl(8) may be missing.
 * `brforward` is the forwarding table of a bridge where there is no bridge(8): struct __fdb_entry of linux/if_bridge.h.
 */
export const COLLECT_SCRIPT = `
${TOOL_PATH}
show() { printf '%s\\n' "$2"; printf '%s\\n' "$1" | sed 's/^/ /'; }
keep() {
  file=$1; shift
  if out=$("$@" 2>/dev/null); then show "$out" "file $file"; else echo "missing $file"; fi
}
json() {
  file=$1; shift
  if out=$("$@" 2>/dev/null); then show "\${out:-[]}" "file $file"; else echo "missing $file"; fi
}
has() { command -v "$1" >/dev/null 2>&1; }
if ip -j addr show >/dev/null 2>&1; then
  json addr.json ip -j -d addr show
  json route.json ip -j -d route show table all
  json rule.json ip -j rule show
  json neigh.json ip -j neigh show nud all
  json proxy-neigh.json ip -j neigh show proxy
else
  keep addr.txt ip addr show
  keep route.txt ip route show table all
  keep rule.txt ip rule show
  keep neigh.txt ip neigh show nud all
fi
if has bridge; then
  json fdb.json bridge -j fdb show
  json vlan.json bridge -j vlan show
else
  for bridge in /sys/class/net/*/brforward; do
    [ -e "$bridge" ] || continue
    name=\${bridge#/sys/class/net/}
    if out=$(hexdump -v -e '16/1 "%02x" "\\n"' "$bridge" 2>/dev/null); then show "$out" "raw forward \${name%/brforward}"
    else echo "missing fdb.json"; fi
  done
  for port in /sys/class/net/*/brport; do
    [ -e "$port" ] || continue
    name=\${port#/sys/class/net/}; to=$(readlink "$port/bridge")
    show "$(cat "$port/port_no")" "raw port \${name%/brport} \${to##*/}"
  done
fi
if cd /proc/sys/net/ipv4 2>/dev/null; then
  show "$(grep -r . conf ip_forward ip_default_ttl icmp_echo_ignore_all icmp_echo_ignore_broadcasts 2>/dev/null)" 'raw sysctl'
else echo 'missing sysctl.txt'; fi
if has nft; then json nft.json nft -j list ruleset; else echo 'missing nft.json'; fi
if has systemctl; then keep units.txt systemctl list-units --all --plain --no-legend --no-pager 'k3s*'; fi
show "$(grep ' 0A ' /proc/net/tcp 2>/dev/null)" 'raw listening'
echo 'end'
`;
