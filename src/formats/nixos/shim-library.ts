/** The part of nixpkgs' `lib` that the shim gives to modules, written for it; names and meanings as in the nixpkgs manual. */
export const SHIM_LIBRARY = String.raw`
  marked = type: more: { _type = type; } // more;
  lib = builtins // functions // {
    strings = builtins // functions;
    lists = builtins // functions;
    attrsets = builtins // functions;
    trivial = builtins // functions;
    modules = functions;
    options = functions;
    types = anyType;
  };
  anyType = builtins.listToAttrs (map (name: { inherit name; value = anyType; }) typeNames) // { __functor = self: argument: anyType; };
  typeNames = [
    "str" "int" "bool" "path" "port" "attrs" "lines" "package" "anything" "raw" "unspecified" "float" "number"
    "attrsOf" "listOf" "nullOr" "enum" "either" "oneOf" "submodule" "strMatching" "lazyAttrsOf" "separatedString"
    "nonEmptyStr" "functionTo" "ints" "between" "positive" "unsigned" "u8" "u16" "u32" "uniq" "commas" "addCheck" "coercedTo"
  ];
  functions = rec {
    mkIf = condition: content: marked "if" { inherit condition content; };
    mkMerge = contents: marked "merge" { inherit contents; };
    mkOverride = priority: content: marked "override" { inherit priority content; };
    mkOptionDefault = mkOverride 1500;
    mkDefault = mkOverride 1000;
    mkImageMediaOverride = mkOverride 60;
    mkForce = mkOverride 50;
    mkVMOverride = mkOverride 10;
    mkOrder = priority: content: marked "order" { inherit priority content; };
    mkBefore = mkOrder 500;
    mkAfter = mkOrder 1500;
    mkOption = more: marked "option" more;
    mkEnableOption = description: marked "option" { default = false; };
    mkPackageOption = set: name: more: marked "option" { };
    mkRemovedOptionModule = path: text: { };
    mkRenamedOptionModule = from: to: { };
    mkAliasOptionModule = from: to: { };
    literalExpression = text: text;
    mdDoc = text: text;

    id = value: value;
    const = value: other: value;
    flip = call: a: b: call b a;
    pipe = value: calls: builtins.foldl' (result: call: call result) value calls;
    fix = call: let self = call self; in self;
    min = a: b: if a < b then a else b;
    max = a: b: if a > b then a else b;
    mod = a: b: a - b * (a / b);
    boolToString = value: if value then "true" else "false";
    warn = text: value: value;
    traceVal = value: value;

    optional = is: item: if is then [ item ] else [ ];
    optionals = is: items: if is then items else [ ];
    optionalAttrs = is: set: if is then set else { };
    optionalString = is: text: if is then text else "";
    singleton = item: [ item ];
    toList = value: if builtins.isList value then value else [ value ];
    range = first: last: if first > last then [ ] else builtins.genList (index: first + index) (last - first + 1);
    replicate = count: item: builtins.genList (index: item) count;
    last = items: builtins.elemAt items (builtins.length items - 1);
    init = items: take (builtins.length items - 1) items;
    take = count: items: builtins.genList (builtins.elemAt items) (max 0 (min count (builtins.length items)));
    drop = count: items:
      builtins.genList (index: builtins.elemAt items (index + max 0 count)) (max 0 (builtins.length items - max 0 count));
    reverseList = items: let size = builtins.length items; in builtins.genList (index: builtins.elemAt items (size - index - 1)) size;
    flatten = value: if builtins.isList value then builtins.concatLists (map flatten value) else [ value ];
    unique = builtins.foldl' (kept: item: if builtins.elem item kept then kept else kept ++ [ item ]) [ ];
    subtractLists = removed: builtins.filter (item: ! builtins.elem item removed);
    concat = a: b: a ++ b;
    imap0 = call: items: builtins.genList (index: call index (builtins.elemAt items index)) (builtins.length items);
    imap1 = call: items: builtins.genList (index: call (index + 1) (builtins.elemAt items index)) (builtins.length items);
    findFirst = test: otherwise: items: let found = builtins.filter test items; in if found == [ ] then otherwise else builtins.head found;
    foldl = builtins.foldl';
    foldr = call: end: items: builtins.foldl' (result: item: call item result) end (reverseList items);
    fold = foldr;
    zipListsWith = call: a: b:
      builtins.genList (index: call (builtins.elemAt a index) (builtins.elemAt b index)) (min (builtins.length a) (builtins.length b));

    nameValuePair = name: value: { inherit name value; };
    attrVals = names: set: map (name: set.${"$"}{name}) names;
    attrsToList = set: map (name: nameValuePair name set.${"$"}{name}) (builtins.attrNames set);
    mapAttrs' = call: set: builtins.listToAttrs (map (name: call name set.${"$"}{name}) (builtins.attrNames set));
    mapAttrsToList = call: set: map (name: call name set.${"$"}{name}) (builtins.attrNames set);
    concatMapAttrs = call: set: builtins.foldl' (result: name: result // call name set.${"$"}{name}) { } (builtins.attrNames set);
    filterAttrs = test: set: builtins.removeAttrs set (builtins.filter (name: ! test name set.${"$"}{name}) (builtins.attrNames set));
    foldlAttrs = call: start: set: builtins.foldl' (result: name: call result name set.${"$"}{name}) start (builtins.attrNames set);
    genAttrs = names: call: builtins.listToAttrs (map (name: nameValuePair name (call name)) names);
    getAttrs = names: set: genAttrs names (name: set.${"$"}{name});
    mergeAttrs = a: b: a // b;
    mergeAttrsList = builtins.foldl' mergeAttrs { };
    recursiveUpdate = a: b:
      a // builtins.mapAttrs
        (name: value: if builtins.isAttrs value && builtins.isAttrs (a.${"$"}{name} or null) then recursiveUpdate a.${"$"}{name} value else value) b;
    attrByPath = path: otherwise: set:
      if path == [ ] then set
      else if builtins.isAttrs set && builtins.hasAttr (builtins.head path) set
      then attrByPath (builtins.tail path) otherwise set.${"$"}{builtins.head path}
      else otherwise;
    getAttrFromPath = path: set: attrByPath path (throw "there is no attribute of that path") set;
    hasAttrByPath = path: set:
      path == [ ] || (builtins.isAttrs set && builtins.hasAttr (builtins.head path) set && hasAttrByPath (builtins.tail path) set.${"$"}{builtins.head path});
    setAttrByPath = path: value: foldr (name: inner: { ${"$"}{name} = inner; }) value path;

    concatStrings = builtins.concatStringsSep "";
    concatMapStrings = call: items: concatStrings (map call items);
    concatMapStringsSep = separator: call: items: builtins.concatStringsSep separator (map call items);
    concatImapStringsSep = separator: call: items: builtins.concatStringsSep separator (imap1 call items);
    concatLines = concatMapStrings (line: line + "\n");
    splitString = separator: text: builtins.filter builtins.isString (builtins.split (escapeRegex separator) text);
    escapeRegex = builtins.replaceStrings (stringToCharacters "\\[{()^$?*+|.}]") (map (mark: "\\" + mark) (stringToCharacters "\\[{()^$?*+|.}]"));
    stringToCharacters = text: builtins.genList (index: builtins.substring index 1 text) (builtins.stringLength text);
    hasPrefix = part: text: builtins.substring 0 (builtins.stringLength part) text == part;
    hasSuffix = part: text:
      let size = builtins.stringLength text - builtins.stringLength part;
      in size >= 0 && builtins.substring size (builtins.stringLength part) text == part;
    hasInfix = part: text: builtins.replaceStrings [ part ] [ "" ] text != text || part == "";
    removePrefix = part: text: if hasPrefix part text then builtins.substring (builtins.stringLength part) (0 - 1) text else text;
    removeSuffix = part: text:
      if hasSuffix part text then builtins.substring 0 (builtins.stringLength text - builtins.stringLength part) text else text;
    toInt = text: builtins.fromJSON text;
    toUpper = builtins.replaceStrings (stringToCharacters "abcdefghijklmnopqrstuvwxyz") (stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    toLower = builtins.replaceStrings (stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ") (stringToCharacters "abcdefghijklmnopqrstuvwxyz");
  };
`;
