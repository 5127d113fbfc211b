/** What every witness script begins with: functions that make namespaces and cables, and remove them however the script ends. */
export const OPENING = `
set -u
id="psm$$"
made=''
cables=0

cleanup() {
  for namespace in $made; do ip netns del "$namespace" 2>/dev/null; done
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

give_up() {
  echo "The state could not be built: $*" >&2
  exit 2
}

[ "$(id -u)" = 0 ] || give_up 'expected to run as root'
for tool in ip bridge ping sysctl awk; do
  command -v "$tool" >/dev/null || give_up "expected the command $tool"
done

# at HOST COMMAND...
at() {
  host=$1
  shift
  ip netns exec "$id-$host" "$@" >/dev/null || give_up "host $host refused: $*"
}

namespace() {
  ip netns add "$id-$1" || give_up 'expected to make a network namespace'
  made="$made $id-$1"
  ip netns exec "$id-$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 2>/dev/null
}

# host NUMBER NAME
host() {
  namespace "$1"
  at "$1" ip link set dev lo up
  at "$1" sysctl -qw net.ipv4.icmp_ratelimit=0
}

# segment NUMBER
segment() {
  at switch ip link add "s$1" type bridge stp_state 0 mcast_snooping 0 forward_delay 0
  at switch ip link set dev "s$1" mtu 65535 up
}

# cable HOST LINK MAC MTU SEGMENT up|down
cable() {
  cables=$((cables + 1))
  at switch ip link add "c$cables" mtu 65535 type veth peer name "$2" netns "$id-$1"
  [ -z "$3" ] || at "$1" ip link set dev "$2" address "$3"
  at "$1" ip link set dev "$2" mtu "$4"
  [ -z "$5" ] || at switch ip link set dev "c$cables" master "s$5"
  [ "$6" = down ] || at switch ip link set dev "c$cables" up
}

namespace switch
at switch ip link set dev lo up`;

/** What every witness script ends with: the flow is sent, counters tell what became of it. */
export const CLOSING = `
# counter HOST GROUP FIELD, as /proc/net/snmp has it
counter() {
  ip netns exec "$id-$1" awk -v group="$2:" -v field="$3" '
    $1 != group { next }
    !position { for (i = 2; i <= NF; i++) if ($i == field) position = i; next }
    { print $position }' /proc/net/snmp
}

# total GROUP FIELD HOST...
total() {
  group=$1 field=$2 sum=0
  shift 2
  for each in "$@"; do sum=$((sum + $(counter "$each" "$group" "$field"))); done
  echo "$sum"
}

# send: one echo request; sets observed
send() {
  remember
  forwards=$(total Ip ForwDatagrams $hosts)
  echoes=$(total Icmp InEchos $owners)
  for each in $reached $missed; do eval "packets_$each=$(counter "$each" Ip InReceives)"; done
  if ip netns exec "$id-$sender" ping -n -c 1 -W 1 -t 64 $size "$destination"; then observed=delivered
  elif [ $(($(total Ip ForwDatagrams $hosts) - forwards)) -ge 40 ]; then observed=loop
  elif [ $(($(total Icmp InEchos $owners) - echoes)) -ge 1 ]; then observed=lost-reply
  else observed=lost
  fi
  for each in $reached; do
    eval "[ $(counter "$each" Ip InReceives) -gt \\$packets_$each ]" || observed="$observed, and not by host $each"
  done
  for each in $missed; do
    eval "[ $(counter "$each" Ip InReceives) -eq \\$packets_$each ]" || observed="$observed, and by host $each"
  done
}

# Where the kernel is free to choose (two hosts answer one request), the witness is one of its choices: it is asked again.
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  send
  [ "$observed" = "$expected" ] && break
  for each in $hosts; do ip netns exec "$id-$each" ip neigh flush all 2>/dev/null; done
done
echo "Expected: $expected. Observed: $observed."
[ "$observed" = "$expected" ]
`;
