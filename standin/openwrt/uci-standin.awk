# Reads one UCI package, then (after delta=1) the changes on it, and prints it in a form:
#   file     as /etc/config keeps it        show     as `uci show`; path: what of it
#   get      the value at path              resolve  path with the names of sections in place of @type[n]
#   next     the name of a new section      check    nothing
# Ends with 1 where path is not there (or a change has no section), with 2 where a line is no UCI.

function complain(status) { code = status; exit status }

# Splits a line into words[1..n]; quotes as in UCI. Returns n, or -1 where a quote stays open.
function split_words(line,    i, n, c, word, isOpen, mode) {
  n = 0; word = ""; isOpen = 0; mode = ""
  for (i = 1; i <= length(line); i++) {
    c = substr(line, i, 1)
    if (mode == "'") { if (c == "'") mode = ""; else word = word c; continue }
    if (c == "\\" && i < length(line)) { i++; word = word substr(line, i, 1); isOpen = 1; continue }
    if (mode == "\"") { if (c == "\"") mode = ""; else word = word c; continue }
    if (c == "'" || c == "\"") { mode = c; isOpen = 1; continue }
    if (c == " " || c == "\t" || c == "\r") { if (isOpen) { words[++n] = word; word = ""; isOpen = 0 } continue }
    if (c == "#" && !isOpen) break
    word = word c; isOpen = 1
  }
  if (mode != "") return -1
  if (isOpen) words[++n] = word
  return n
}

function add_section(type, name,    s) {
  # A second section of one name and type adds to the first.
  if (name != "" && (name in byName) && !(byName[name] in gone)) { typeOf[byName[name]] = type; return byName[name] }
  s = ++sections
  typeOf[s] = type
  isAnonymous[s] = (name == "")
  nameOf[s] = name == "" ? sprintf("cfg%02x%04x", s, length(type)) : name
  byName[nameOf[s]] = s
  options[s] = 0
  return s
}

function option_index(s, key,    i) {
  for (i = 1; i <= options[s]; i++) if (optionName[s, i] == key) return i
  return 0
}

function set_option(s, key, value,    i) {
  i = option_index(s, key)
  if (!i) { i = ++options[s]; optionName[s, i] = key }
  isList[s, i] = 0; values[s, i] = 1; valueOf[s, i, 1] = value
}

function add_value(s, key, value,    i) {
  i = option_index(s, key)
  if (!i) { i = ++options[s]; optionName[s, i] = key; values[s, i] = 0 }
  isList[s, i] = 1
  valueOf[s, i, ++values[s, i]] = value
}

function delete_option(s, key,    i, j, k) {
  i = option_index(s, key)
  if (!i) return 0
  for (j = i; j < options[s]; j++) {
    optionName[s, j] = optionName[s, j + 1]; isList[s, j] = isList[s, j + 1]; values[s, j] = values[s, j + 1]
    for (k = 1; k <= values[s, j]; k++) valueOf[s, j, k] = valueOf[s, j + 1, k]
  }
  options[s]--
  return 1
}

function delete_value(s, key, value,    i, k, kept) {
  i = option_index(s, key)
  if (!i) return
  for (k = 1; k <= values[s, i]; k++) if (valueOf[s, i, k] != value) valueOf[s, i, ++kept] = valueOf[s, i, k]
  values[s, i] = kept + 0
  if (!kept) delete_option(s, key)
}

# The number of a section by its name, @type[n] or @[n] (n may count from the end); 0 where there is none.
function find_section(name,    type, n, s, i, found) {
  if (name !~ /^@/) return (name in byName) && !(byName[name] in gone) ? byName[name] : 0
  if (name !~ /^@[^\[]*\[-?[0-9]+\]$/) return 0
  type = name; sub(/^@/, "", type); sub(/\[.*/, "", type)
  n = name; sub(/^[^\[]*\[/, "", n); sub(/\]$/, "", n); n += 0
  found = 0
  for (s = 1; s <= sections; s++) if (!(s in gone) && (type == "" || typeOf[s] == type)) same[++found] = s
  i = n < 0 ? found + n + 1 : n + 1
  return i >= 1 && i <= found ? same[i] : 0
}

# Splits package.section.option; a bracket may not hold a dot, so the dots decide.
function split_path(text,    n) {
  n = split(text, parts, ".")
  pathSection = n > 1 ? parts[2] : ""
  pathOption = n > 2 ? parts[3] : ""
  return n
}

function unquoted(text) {
  return split_words(text) == 1 ? words[1] : ""
}

function apply_change(line,    kind, equals, path, value, s, n) {
  kind = line ~ /^[-+|~]/ ? substr(line, 1, 1) : ""
  if (kind != "") line = substr(line, 2)
  equals = index(line, "=")
  path = equals ? substr(line, 1, equals - 1) : line
  value = equals ? unquoted(substr(line, equals + 1)) : ""
  n = split_path(path)
  if (n < 2) complain(1)
  s = find_section(pathSection)
  if (kind == "+") { s = add_section(value, pathSection); isAnonymous[s] = 1; return }
  if (kind == "" && n == 2) { if (s) typeOf[s] = value; else add_section(value, pathSection); return }
  if (!s) complain(1)
  if (kind == "-" && n == 2) { gone[s] = 1; return }
  if (n < 3) complain(1)
  if (kind == "-") { if (!delete_option(s, pathOption)) complain(1) }
  else if (kind == "|") add_value(s, pathOption, value)
  else if (kind == "~") delete_value(s, pathOption, value)
  else if (value == "") delete_option(s, pathOption)
  else set_option(s, pathOption, value)
}

function quote(text) { gsub(/'/, "'\\''", text); return "'" text "'" }

function shown_name(s,    i, n) {
  if (!isAnonymous[s] || extended == "yes") return nameOf[s]
  n = 0
  for (i = 1; i < s; i++) if (!(i in gone) && typeOf[i] == typeOf[s]) n++
  return "@" typeOf[s] "[" n "]"
}

function show_option(s, i,    k, text) {
  text = ""
  for (k = 1; k <= values[s, i]; k++) text = text (k > 1 ? " " : "") quote(valueOf[s, i, k])
  print package "." shown_name(s) "." optionName[s, i] "=" text
}

function show_section(s,    i) {
  print package "." shown_name(s) "=" typeOf[s]
  for (i = 1; i <= options[s]; i++) show_option(s, i)
}

function write_file(    s, i, k) {
  for (s = 1; s <= sections; s++) {
    if (s in gone) continue
    print ""
    print "config " typeOf[s] (isAnonymous[s] ? "" : " " quote(nameOf[s]))
    for (i = 1; i <= options[s]; i++)
      for (k = 1; k <= values[s, i]; k++)
        print "\t" (isList[s, i] ? "list " : "option ") optionName[s, i] " " quote(valueOf[s, i, k])
  }
}

!delta {
  n = split_words($0)
  if (n == 0) next
  if (n < 0) complain(2)
  if (words[1] == "config" && (n == 2 || n == 3)) current = add_section(words[2], n == 3 ? words[3] : "")
  else if (words[1] == "option" && n == 3 && current) set_option(current, words[2], words[3])
  else if (words[1] == "list" && n == 3 && current) add_value(current, words[2], words[3])
  else if (words[1] == "package") next
  else complain(2)
}

delta && $0 != "" { apply_change($0) }

END {
  if (code) exit code
  if (form == "file") { write_file(); exit 0 }
  if (form == "check") exit 0
  if (form == "next") { printf "cfg%02x%04x\n", sections + 1, 0; exit 0 }
  n = split_path(path)
  if (n < 2) {
    if (form != "show") exit 1
    for (s = 1; s <= sections; s++) if (!(s in gone)) show_section(s)
    exit 0
  }
  s = find_section(pathSection)
  if (form == "resolve") {
    if (!s && (n > 2 || pathSection ~ /^@/)) exit 1
    print package "." (s ? nameOf[s] : pathSection) (n > 2 ? "." pathOption : "")
    exit 0
  }
  if (!s) exit 1
  if (n == 2) { if (form == "show") show_section(s); else print typeOf[s]; exit 0 }
  i = option_index(s, pathOption)
  if (!i) exit 1
  if (form == "show") { show_option(s, i); exit 0 }
  text = ""
  for (k = 1; k <= values[s, i]; k++) text = text (k > 1 ? " " : "") valueOf[s, i, k]
  print text
}
