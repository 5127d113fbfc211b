/**
 * The program that wires, boots, supervises and enters the hosts of a lab: `sh lab-host NUMBER VERB WORDS...`, written once into the
 * folder of each lab, so that its hosts stay when the process that made them ends. `settings` of a host says the rest.
 */
export const HOST_SCRIPT = `#!/bin/sh
# Wires, boots and enters one host of this lab: sh lab-host NUMBER VERB [WORDS]. Written by \`pointsman lab up\`.
set -u
lab=\${0%/*}
number=$1
verb=$2
shift 2
here=$lab/hosts/$number
. "$here/settings"

die() {
  echo "lab host $number: $*" >&2
  exit 125
}

# join SUBGROUP: this process and what it starts belong to the host from here on
join() {
  for group in $groups; do
    echo $$ >"$group$1/cgroup.procs" || die "expected to join the control group $group$1"
  done
}

# Whatever works for this lab ends with it, also where nobody waits for it any more.
serve() {
  echo $$ >"$supervisors$1/cgroup.procs" || die 'expected to join the supervisors'
}

# Switch side first: the kernel frees a namespace later, and with it the other ends of its cables.
unwire() {
  ip -n "$switch" -force -batch "$here/unplug" 2>/dev/null
  ip netns del "$namespace" 2>/dev/null
  return 0
}

# The namespace as it is before a boot: cables, nothing else.
wire() {
  unwire
  ip netns add "$namespace" && . "$here/cables" && . "$here/plug" || return 1
  for port in "$here"/unplugged/*; do
    [ ! -e "$port" ] || ip -n "$switch" link set dev "\${port##*/}" down
  done
}

# The process 1 of the host, as this machine counts; a process of another host or time is never taken for it.
leader() {
  read -r nspawn <"$here/nspawn" || return 1
  # Its line has no end, at which \`read\` takes offence.
  children=$(cat "/proc/$nspawn/task/$nspawn/children")
  for child in $children; do
    [ "/proc/$child/ns/net" -ef "/run/netns/$namespace" ] || continue
    while read -r key _ inner _; do
      [ "$key$inner" = NSpid:1 ] || continue
      echo "$child"
      return 0
    done <"/proc/$child/status"
  done
  return 1
} 2>/dev/null

# In a namespace of mounts that ends with the host: nothing of it is left on this machine.
boot() {
  cd "$here" || exit 125
  mkdir -p /run/systemd/nspawn &&
    mount -t tmpfs tmpfs /run/systemd/nspawn &&
    mount -t overlay overlay -o lowerdir=root,upperdir=upper,workdir=work merged || die 'expected to mount its root'
  join ''
  set -- "--network-namespace-path=/run/netns/$namespace" --capability=CAP_NET_ADMIN --register=no --keep-unit \\
    --resolv-conf=off --timezone=off --link-journal=no --console=read-only
  if [ "$init" = '' ]; then set -- "$@" --boot; else set -- "$@" -- "$init"; fi
  # Without this, /proc/sys/net would be read-only inside.
  export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
  exec systemd-nspawn --quiet --directory=merged "--machine=$namespace" "--hostname=$hostname" "$@"
}

# systemd-nspawn ends with 133 where the host asked to boot again; all else is a host without power.
supervise() {
  serve "/h$number"
  while :; do
    unshare --mount --propagation slave sh "$0" "$number" boot </dev/null >>"$here/console.log" 2>&1 &
    child=$!
    echo "$child" >"$here/nspawn"
    wait "$child"
    code=$?
    rm -f "$here/nspawn"
    echo "$code" >>"$here/ends"
    [ "$code" = 133 ] || break
    (wire) || break
  done
  unwire
}

# Files of its own below /etc, and a boot id of its own, for a host that is a namespace alone.
room() {
  cd "$here" || exit 125
  # Copies of this machine's namespaces would keep those alive that are deleted.
  umount -l /run/netns 2>/dev/null
  mount -t overlay overlay -o lowerdir=/etc,upperdir=upper,workdir=work /etc &&
    mount --bind boot-id /proc/sys/kernel/random/boot_id || die 'expected to mount its files'
}

case $verb in
wire) serve '' && wire ;;
unwire) unwire ;;
leader) leader ;;
room) room ;;
boot) boot ;;
supervise) supervise ;;
make-room)
  serve ''
  : >"$lab/rooms/$number" && unshare "--mount=$lab/rooms/$number" --propagation slave sh "$0" "$number" room ;;
start)
  serve ''
  cat /proc/sys/kernel/random/uuid >"$here/boot-id" && (wire) &&
    nsenter "--net=/run/netns/$namespace" sh -c '. "$1"' sh "$here/commands" || exit 1
  ;;
enter)
  if [ "$kind" = netns ]; then
    [ -e "/run/netns/$namespace" ] || die 'the host has no power'
    join /console
    exec nsenter "--net=/run/netns/$namespace" "--mount=$lab/rooms/$number" \\
      env POINTSMAN_TIMER=loop "POINTSMAN_STATE=$here/state" "$@"
  fi
  leader=$(leader) || die 'the host has no power'
  join /console
  exec nsenter --target "$leader" --all \\
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "TERM=\${TERM:-dumb}" "$@"
  ;;
# Its network alone, with the files of this machine: where the controller runs.
operate)
  [ -e "/run/netns/$namespace" ] || die 'the host has no power'
  join /console
  exec nsenter "--net=/run/netns/$namespace" "$@"
  ;;
*) die "expected a verb, found $verb" ;;
esac
`;
