# Turns `uci -X show network` into the list of steps that apply-steps reads, in netifd's order: interfaces by their names, each with its
# device before it; then rules. What the stand-in does not do is said on standard error, and left out.

function warn(text) { print "netifd: " text | "cat >&2" }

# What becomes part of a command has these characters alone.
function safe(text) { return text ~ /^[A-Za-z0-9._:@+\/-]+$/ }

function option(section, name) { return (section, name) in value ? value[section, name] : "" }

function step(unit, command, undo) { print unit "\tcontinue\t" command "\t" (undo == "" ? "-" : undo) }

function is_true(text) { return text == "1" || text == "yes" || text == "on" || text == "true" || text == "enabled" }

function is_false(text) { return text == "0" || text == "no" || text == "off" || text == "false" || text == "disabled" }

function length_of(netmask,    bytes, i, bits, n) {
  split(netmask, bytes, ".")
  for (i = 1; i <= 4; i++) for (bits = bytes[i] + 0; bits > 0; bits = (bits * 2) % 256) n++
  return n + 0
}

# The device section of a name; 0 where there is none.
function device_section(name,    i) {
  for (i = 1; i <= count; i++) if (type[order[i]] == "device" && option(order[i], "name") == name) return order[i]
  return ""
}

function bring_up(name,    section, unit, kind, ports, n, i, list) {
  if (name == "lo" || (name in isUp)) return
  isUp[name] = 1
  if (!safe(name)) { warn("device `" name "` has a name that the stand-in does not take"); return }
  section = device_section(name)
  unit = "device-" name
  kind = section == "" ? "" : option(section, "type")
  ports = section == "" ? "" : option(section, "ports")
  if (section == "" && (name in bridgeOf)) { kind = "bridge"; ports = bridgeOf[name] }
  if (kind == "bridge") step(unit, "ip link add name " name " type bridge", "ip link del dev " name)
  else if (kind != "") warn("device `" name "` is of type `" kind "`, which the stand-in does not make")
  if (section != "" && safe(option(section, "macaddr"))) step(unit, "ip link set dev " name " address " option(section, "macaddr"), "")
  if (section != "" && safe(option(section, "mtu"))) step(unit, "ip link set dev " name " mtu " option(section, "mtu"), "ip link set dev " name " mtu 1500")
  n = split(ports, list, " ")
  for (i = 1; i <= n; i++) {
    bring_up(list[i])
    if (safe(list[i])) step(unit, "ip link set dev " list[i] " master " name, "ip link set dev " list[i] " nomaster")
  }
  step(unit, "ip link set dev " name " up", "")
}

function add_route(unit, section, target, link, metric,    words, kind) {
  kind = option(section, "type")
  words = (kind == "" || kind == "unicast" ? "" : kind " ") target
  if (option(section, "gateway") != "") words = words " via " option(section, "gateway")
  if (kind !~ /^(blackhole|unreachable|prohibit|throw)$/) words = words " dev " link
  words = words " proto static"
  if (metric != "" && metric != 0) words = words " metric " metric
  if (option(section, "table") != "") words = words " table " option(section, "table")
  undo = "ip route del " words
  if (option(section, "source") != "") words = words " src " option(section, "source")
  if (is_true(option(section, "onlink"))) words = words " onlink"
  step(unit, "ip route replace " words, undo)
}

function target_of(section,    target) {
  target = option(section, "target")
  if (target !~ /\// ) target = target "/" (option(section, "netmask") == "" ? 32 : length_of(option(section, "netmask")))
  return target
}

function add_routes(name, link, metric,    i, s, n, sorted, j, key) {
  n = 0
  for (i = 1; i <= count; i++) {
    s = order[i]
    if (type[s] != "route" || option(s, "interface") != name || is_true(option(s, "disabled"))) continue
    sorted[++n] = s
  }
  # Longer prefixes first, then lower metrics (netifd, interface-ip.c, route_cmp).
  for (i = 2; i <= n; i++) {
    key = sorted[i]
    for (j = i - 1; j >= 1 && before(key, sorted[j], metric); j--) sorted[j + 1] = sorted[j]
    sorted[j + 1] = key
  }
  for (i = 1; i <= n; i++) add_route("interface-" name, sorted[i], target_of(sorted[i]), link, metric_of(sorted[i], metric))
}

function metric_of(section, metric) { return option(section, "metric") == "" ? metric : option(section, "metric") }

function before(a, b, metric,    la, lb) {
  la = target_of(a); sub(/.*\//, "", la); lb = target_of(b); sub(/.*\//, "", lb)
  return la + 0 != lb + 0 ? la + 0 > lb + 0 : metric_of(a, metric) + 0 < metric_of(b, metric) + 0
}

function add_address(unit, text, netmask, broadcast, link,    bits) {
  if (text ~ /:/) return
  if (text !~ /\//) text = text "/" (netmask == "" ? 32 : length_of(netmask))
  if (link == "lo" && text ~ /^127\./) return
  bits = text; sub(/.*\//, "", bits)
  step(unit, "ip addr add " text (broadcast != "" ? " brd " broadcast : bits + 0 <= 30 ? " brd +" : "") " dev " link, "ip addr del " text " dev " link)
}

function start_interface(name,    section, link, proto, unit, n, i, list, metric) {
  section = name
  link = option(section, "device")
  if (option(section, "type") == "bridge" && option(section, "ifname") != "") {
    link = "br-" name
    bridgeOf[link] = option(section, "ifname")
  } else if (link == "") { split(option(section, "ifname"), list, " "); link = list[1] }
  for (i = 0; i < 8 && link ~ /^@/; i++) link = option(substr(link, 2), "device")
  if (!safe(link)) { warn("interface `" name "` names no device that the stand-in takes"); return }
  unit = "interface-" name
  linkOf[name] = link
  metric = option(section, "metric")
  bring_up(link)
  if (safe(option(section, "mtu"))) step(unit, "ip link set dev " link " mtu " option(section, "mtu"), "")
  proto = option(section, "proto")
  if (option(section, "ip4table") != "") warn("interface `" name "`: the stand-in does not move addresses to a table")
  if (proto == "static") {
    n = split(option(section, "ipaddr"), list, " ")
    for (i = 1; i <= n; i++) add_address(unit, list[i], option(section, "netmask"), option(section, "broadcast"), link)
    if (metric != "" && metric != 0) warn("interface `" name "`: the stand-in gives no metric to connected routes")
    if (n > 0 && option(section, "gateway") != "") {
      step(unit, "ip route replace default via " option(section, "gateway") " dev " link " proto static" (metric + 0 ? " metric " metric : ""), "ip route del default via " option(section, "gateway") " dev " link (metric + 0 ? " metric " metric : ""))
    }
  } else if (proto != "none") warn("interface `" name "` is of protocol `" proto "`, which the stand-in does not speak")
  add_routes(name, link, metric)
}

function add_rule(section,    words) {
  if (is_true(option(section, "disabled"))) return
  words = "pref " (option(section, "priority") == "" ? 0 : option(section, "priority"))
  if (is_true(option(section, "invert"))) words = words " not"
  words = words " from " (option(section, "src") == "" ? "all" : option(section, "src"))
  if (option(section, "dest") != "") words = words " to " option(section, "dest")
  if (option(section, "in") in linkOf) words = words " iif " linkOf[option(section, "in")]
  if (option(section, "mark") != "") words = words " fwmark " option(section, "mark")
  words = words " lookup " (option(section, "lookup") == "" ? "main" : option(section, "lookup"))
  step("rules", "ip rule add " words, "ip rule del " words)
}

{
  equals = index($0, "=")
  path = substr($0, 1, equals - 1)
  text = substr($0, equals + 1)
  n = split(path, parts, ".")
  if (n == 2) { order[++count] = parts[2]; type[parts[2]] = text; next }
  # 'one' 'two' becomes: one two
  gsub(/' '/, " ", text); gsub(/'/, "", text)
  m = split(text, list, " ")
  kept = ""
  for (i = 1; i <= m; i++) {
    if (safe(list[i])) kept = kept (kept == "" ? "" : " ") list[i]
    else warn("`" path "` has a value that the stand-in does not take")
  }
  value[parts[2], parts[3]] = kept
}

END {
  n = 0
  for (i = 1; i <= count; i++) {
    s = order[i]
    if (type[s] != "interface" || option(s, "proto") == "" || is_true(option(s, "disabled")) || is_false(option(s, "auto"))) continue
    names[++n] = s
  }
  for (i = 2; i <= n; i++) {
    key = names[i]
    for (j = i - 1; j >= 1 && key < names[j]; j--) names[j + 1] = names[j]
    names[j + 1] = key
  }
  for (k = 1; k <= n; k++) start_interface(names[k])
  for (k = 1; k <= count; k++) if (type[order[k]] == "rule") add_rule(order[k])
}
