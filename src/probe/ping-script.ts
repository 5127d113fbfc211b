/** Where tools lie that an unprivileged shell does not look for: `/run/wrappers` has NixOS's ping that may open its socket. */
export const TOOL_PATH =
  "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/run/wrappers/bin:/run/current-system/sw/bin LC_ALL=C; export PATH LC_ALL";

/** How many `ping` processes of one host run at the same time; `fping` is one process for all. */
export const PINGS_AT_ONCE = 64;

/**
 * Sends one echo request to each argument at once. The first two are how long to wait: in milliseconds for fping(8), in whole seconds
 * for ping(8), whose busybox kind knows no other. Never `-I`: which source address is taken is part of what is measured. fping ends with
 * 0 or 1 where it could ask; with anything else (no /etc/protocols, no right to a socket) ping is asked instead.
 */
export const PING_SCRIPT = `
${TOOL_PATH}
ms=$1; seconds=$2; shift 2
if command -v fping >/dev/null 2>&1; then
  out=$(fping -C 1 -q -t "$ms" -i 1 "$@" 2>&1 </dev/null); code=$?
  if [ "$code" -le 1 ]; then printf 'by fping\\n%s\\n' "$out"; exit 0; fi
fi
if ! command -v ping >/dev/null 2>&1; then echo 'by nothing'; exit 0; fi
echo 'by ping'
one() {
  out=$(ping -n -q -c 1 -W "$seconds" "$1" 2>&1 </dev/null); code=$?
  case $out in
    *"invalid option"*|*"unrecognized option"*) out=$(ping -q -c 1 -W "$seconds" "$1" 2>&1 </dev/null); code=$? ;;
  esac
  printf '%s %s %.300s\\n' "$1" "$code" "$(printf %s "$out" | tr '\\n' ' ')"
}
count=0
for address do
  one "$address" &
  count=$((count + 1))
  [ $((count % ${PINGS_AT_ONCE})) -ne 0 ] || wait
done
wait
`;
