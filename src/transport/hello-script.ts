/**
 * What the shell of a session reads first. It runs under dash, busybox ash and bash, and uses what POSIX has, `/proc`, and `setsid` where
 * there is one.
 *
 * A command runs in a subshell of its own in the background, so that the shell goes on reading: SIGTERM to the subshell ends the command's
 * process group. `pm_w` is that subshell, `pm_p` the leader of the group, `pm_k` whether it was to end.
 *
 * - LC_ALL: what programs print is parsed. PATH: where `ip` is on hosts that give it to root alone.
 * - `wait` comes back early when the trap has run; then the command is waited for once more.
 * - `kill -KILL -N` is the one spelling for a group that all three shells take.
 * - Without `setsid` there is no group of its own (job control needs a terminal in dash and ash): the tree below the command is stopped, so
 *   that it grows no more, and ended.
 * - At the end of its input without a farewell, the controller is gone: the command may use up its time, so that a change is not cut in the
 *   middle by a controller that died, and is then ended. A subshell that has ended stays a zombie (Z in /proc/PID/stat, see proc(5)) until
 *   it is waited for.
 */
const FUNCTIONS = `
LC_ALL=C; export LC_ALL
PATH="\${PATH:+$PATH:}/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"; export PATH
pm_say() { printf '\\n%s\\n' "$1"; printf '\\n%s\\n' "$1" >&2; }
if setsid -- true 2>/dev/null; then
  pm_go() { setsid -- "$@" </dev/null & pm_p=$!; }
  pm_feed() { pm_in 2>/dev/null | setsid -- "$@" & pm_p=$!; }
  pm_end() { kill -KILL "-$pm_p" || kill -KILL "$pm_p"; } 2>/dev/null
else
  pm_go() { (exec "$@") </dev/null & pm_p=$!; }
  pm_feed() { pm_in 2>/dev/null | (exec "$@") & pm_p=$!; }
  pm_end() { pm_tree "$pm_p"; } 2>/dev/null
fi
pm_kids() {
  for pm_f in /proc/[0-9]*/status; do
    while read -r pm_a pm_b; do
      case $pm_a in PPid:) [ "$pm_b" != "$1" ] || { pm_f=\${pm_f%/status}; echo "\${pm_f#/proc/}"; }; break ;; esac
    done <"$pm_f"
  done
}
pm_tree() {
  kill -STOP "$1"
  for pm_d in $(pm_kids "$1"); do pm_tree "$pm_d"; done
  kill -KILL "$1"
}
pm_do() {
  pm_m=$1 pm_v=$2 pm_k='' pm_p=''; shift 2
  trap 'pm_k=1; pm_end' TERM
  pm_say "$pm_m<"
  "$pm_v" "$@"
  [ -z "$pm_k" ] || pm_end
  wait "$pm_p" 2>/dev/null; pm_c=$?
  [ -z "$pm_k" ] || { wait "$pm_p" 2>/dev/null; pm_c=$?; }
  pm_say "$pm_m>$pm_c"
}
pm_bye() {
  while [ "$pm_l" -gt 0 ] && read -r pm_a pm_b pm_s pm_r <"/proc/$pm_w/stat" && [ "$pm_s" != Z ]; do
    sleep 1; pm_l=$((pm_l - 1))
  done
  kill -TERM "$pm_w"; wait
} 2>/dev/null
trap pm_bye EXIT
pm_l=0; : & pm_w=$!
`;

/** Ends the command that runs, with its process group; the session stays. */
export const END_COMMAND = 'kill -TERM "$pm_w" 2>/dev/null\n';

/** Ends the command that runs, and the shell. */
export const FAREWELL = 'trap - EXIT; kill -TERM "$pm_w" 2>/dev/null; wait; exit 0\n';

/**
 * The greeting: it answers between the marks of a command with the number of the user, the place of `timeout` and of `sudo` (an empty line where
 * there is none), one a line.
 */
export function renderHello(mark: string): string {
  return `${FUNCTIONS}pm_say ${mark}\\<
id -u; command -v timeout || echo; command -v sudo || echo
pm_say ${mark}\\>0
`;
}
