import { SHIM_LIBRARY } from "./shim-library.js";

/**
 * A Nix expression that evaluates one module file with stubs for `config`, `lib` and `pkgs` and gives the options that
 * this folder reads. It merges as lib/modules.nix does but knows no option types and none of nixpkgs' own modules: what
 * it gives is an approximation. Where an option depends on something it does not have, the evaluation fails, and the
 * static reader says which one.
 */
export const NIXOS_SHIM: string = String.raw`{ file }:
let
  inherit (builtins) all any attrNames attrValues concatLists concatMap elem elemAt filter foldl' functionArgs genericClosure;
  inherit (builtins) hasAttr head isAttrs isFunction isList isPath isString length listToAttrs mapAttrs match pathExists sort tail typeOf;
${SHIM_LIBRARY}
  modulesPath = "/nixpkgs/nixos/modules";

  given = { inherit config lib modulesPath; pkgs = { inherit lib; }; };
  argument = name: given.${"$"}{name} or (config._module.args.${"$"}{name} or (throw "the argument ${"$"}{name} is not given"));
  withoutDefault = formals: filter (name: ! formals.${"$"}{name}) (attrNames formals);
  call = value:
    if ! isFunction value then value
    else if functionArgs value == { } then call (value given)
    else call (value (
      listToAttrs (map (name: { inherit name; value = argument name; }) (withoutDefault (functionArgs value)))
      // builtins.intersectAttrs (functionArgs value) given));

  asFile = path: if pathExists (path + "/default.nix") then path + "/default.nix" else path;
  isOutside = value: isString value && functions.hasPrefix modulesPath value;
  isThere = value: ! (isPath value && ! pathExists value) && ! isOutside value;
  load = key: value:
    if isPath value || isString value
    then let target = asFile (/. + toString value); in { key = toString target; module = call (import target); }
    else { inherit key; module = call value; };
  importsOf = entry: functions.imap0 (index: load (entry.key + ":" + toString index)) (filter isThere (entry.module.imports or [ ]));
  modules = functions.reverseList (genericClosure { startSet = [ (load "root" (/. + file)) ]; operator = importsOf; });

  apart = [ "imports" "options" "config" "disabledModules" "_file" "_class" "key" "meta" "require" "freeformType" ];
  configOf = module:
    if module ? _type then module
    else if module ? config || module ? options then module.config or { }
    else builtins.removeAttrs module apart;
  definitions = map (entry: define 100 (configOf entry.module)) modules;
  declared = map (entry: entry.module.options or { }) (filter (entry: ! (entry.module ? _type)) modules);
  define = priority: value: { inherit priority value; order = 1000; holds = [ ]; };

  markOf = value: if isAttrs value then value._type or null else null;
  open = definition:
    let inherit (definition) value; mark = markOf value;
    in
    if mark == "if" then open (definition // { value = value.content; holds = definition.holds ++ [ value.condition ]; })
    else if mark == "merge" then concatMap (content: open (definition // { value = content; })) value.contents
    else if mark == "override" then open (definition // { value = value.content; inherit (value) priority; })
    else if mark == "order" then open (definition // { value = value.content; order = value.priority; })
    else [ definition ];

  winning = opened:
    let
      held = filter (definition: all (hold: hold) definition.holds) opened;
      best = foldl' (least: definition: functions.min least definition.priority) 1000000 held;
    in filter (definition: definition.priority == best) held;

  groups = [
    [ "boot" ] [ "boot" "kernel" ] [ "networking" ] [ "networking" "firewall" ] [ "networking" "nat" ]
    [ "networking" "nftables" ] [ "networking" "wireguard" ] [ "services" ] [ "systemd" ] [ "systemd" "network" ]
  ];
  isPrefix = path:
    path == [ ] || ! elem (head path) [ "boot" "networking" "services" "systemd" ] || elem path groups
    || (head path == "services" && (length path == 2 || elemAt path 1 != "k3s"))
    || (length path == 4 && elemAt path 1 == "interfaces" && head path == "networking" && elem (elemAt path 3) [ "ipv4" "ipv6" ]);
  isLines = path:
    functions.last path == "extraConfig"
    || elem path [ [ "networking" "localCommands" ] [ "networking" "firewall" "extraCommands" ] [ "networking" "nftables" "ruleset" ] ];

  isPlainSet = value: isAttrs value && markOf value == null;
  optionAt = path: filter (option: markOf option == "option") (map (functions.attrByPath path null) declared);
  groupsAt = path: filter isPlainSet (map (functions.attrByPath path null) declared);
  fallbacks = path: map (option: define 1500 option.default) (filter (option: option ? default) (optionAt path));

  merge = path: written:
    let
      opened = concatMap open written;
      found = if isPrefix path then opened else winning opened;
      sets = filter (definition: isPlainSet definition.value) found;
      names = functions.unique (concatMap attrNames (map (definition: definition.value) sets ++ groupsAt path));
      below = name: concatMap
        (definition:
          if ! hasAttr name definition.value then [ ]
          else [ ((if isPrefix path then definition else define 100 null // { inherit (definition) holds; }) // { value = definition.value.${"$"}{name}; }) ])
        sets;
      isSet = sets != [ ] || (found == [ ] && groupsAt path != [ ]);
    in
    if isSet then listToAttrs (map (name: { inherit name; value = merge (path ++ [ name ]) (below name ++ fallbacks (path ++ [ name ])); }) names)
    else leaf path (winning found);

  leaf = path: found:
    let values = map (definition: definition.value) (sort (a: b: a.order < b.order) found);
    in
    if values == [ ] then { _type = "undefined"; }
    else if length values == 1 then head values
    else if any isList values then concatLists values
    else if isLines path then builtins.concatStringsSep "\n" values
    else if all (value: value == head values) values then head values
    else throw "conflicting definitions of ${"$"}{builtins.concatStringsSep "." path}";

  config = merge [ ] definitions;

  plain = value:
    if isPath value then toString value
    else if isList value then map plain value
    else if isFunction value then null
    else if ! isAttrs value then value
    else if value ? outPath then toString value
    else mapAttrs (name: plain) (functions.filterAttrs (name: inner: markOf inner != "undefined") value);
  pick = names: set: functions.filterAttrs (name: inner: elem name names && markOf inner != "undefined") set;
  within = names: set: name: if hasAttr name set && isPlainSet set.${"$"}{name} then { ${"$"}{name} = pick names set.${"$"}{name}; } else { };
  networking = config.networking or { };
  systemd = config.systemd or { };
  services = config.services or { };
in
plain {
  networking = pick [
    "interfaces" "defaultGateway" "defaultGateway6" "useDHCP" "useNetworkd" "vlans" "bridges" "bonds" "macvlans" "sits"
    "greTunnels" "ipips" "fooOverUDP" "vswitches" "localCommands"
  ] networking
  // within [ "enable" ] networking "nat"
  // within [ "extraCommands" "extraInputRules" "extraForwardRules" ] networking "firewall"
  // within [ "ruleset" "rulesetFile" "tables" ] networking "nftables"
  // within [ "interfaces" ] networking "wireguard"
  // within [ "interfaces" ] networking "wg-quick"
  // within [ "ensureProfiles" ] networking "networkmanager";
  boot.kernel = pick [ "sysctl" ] (config.boot.kernel or { });
  systemd = within [ "enable" "links" "netdevs" "networks" ] systemd "network";
  services = within [ "enable" "role" "extraFlags" "serverAddr" "clusterInit" "configPath" ] services "k3s"
  // within [ "enable" "vrrpInstances" ] services "keepalived";
}
`;

/**
 * The arguments for `nix-instantiate` that print the options of a module as JSON; the caller runs it, with
 * `nixInstantiateEnvironment`.
 *
 * @param file absolute path of the module on disk.
 */
export function nixInstantiateArguments(file: string): readonly string[] {
  return ["--eval", "--strict", "--json", "--readonly-mode", "-E", NIXOS_SHIM, "--argstr", "file", file];
}

/**
 * Environment variables under which `nix-instantiate` needs no store and no daemon.
 *
 * @param folder a private folder that exists; the caller removes it.
 */
export function nixInstantiateEnvironment(folder: string): Readonly<Record<string, string>> {
  return {
    NIX_STORE_DIR: `${folder}/store`,
    NIX_STATE_DIR: `${folder}/state`,
    NIX_LOG_DIR: `${folder}/log`,
    NIX_CONF_DIR: `${folder}/conf`,
    NIX_REMOTE: "",
  };
}
