/**
 * The import arrows of the source folders. Each rule says why it is there; there is no list of exceptions.
 * `npm run check:arrows` checks them, test/repository/arrows.test.ts proves that violations are seen.
 */

const TEST = "[.]test[.]ts$";
const PURE = ["ip", "model", "formats", "dataplane", "checks", "plan", "prove"];

/** Folders of formats/ that give no text a meaning of their own (they split it, or splice it and read it again); dialects share them. */
const SYNTAXES = ["yaml", "systemd", "document", "editing"];

/** What each folder of src/ may import besides itself, and why no more. */
const ARROWS = {
  ip: { to: [], why: "Addresses and prefixes are the ground that everything stands on." },
  model: {
    to: ["ip"],
    why: "The words of the product know no behaviour of a packet, a file or a host that is reached.",
  },
  formats: {
    to: ["ip", "model"],
    why: "A dialect says what a file means; what follows from it is for others to judge.",
  },
  dataplane: { to: ["ip", "model"], why: "The kernel's rules do not depend on where a snapshot came from." },
  checks: {
    to: ["ip", "model", "dataplane"],
    why: "A rule reads snapshots and walks, whatever dialect or plan they belong to.",
  },
  plan: {
    to: ["ip", "model", "checks"],
    why: "The search gets its proof as a parameter, so that it cannot vouch for itself.",
  },
  prove: {
    to: ["ip", "model", "dataplane"],
    why: "The reason to trust the product must be readable alone, without the search.",
  },
  rollout: {
    to: ["model", "plan", "prove"],
    why: "The state machine owns the ports that it needs; who implements them is not its business.",
  },
  probe: {
    to: ["model", "dataplane"],
    why: "Expected against observed needs the expectation and nothing of how a change is made.",
  },
  diagnose: { to: ["model", "dataplane", "checks"], why: "Causes are ranked from evidence, not from plans." },
  transport: {
    to: ["rollout", "probe"],
    why: "An implementation of ports depends on the ports, never the other way.",
  },
  lab: {
    to: ["ip", "model", "formats", "transport"],
    why: "A twin is built from commands and files as the formats write them, and reached like a fleet; what it is to be was decided before.",
  },
  report: {
    to: ["ip", "model", "dataplane", "checks", "plan", "prove", "rollout", "probe", "diagnose"],
    why: "A writer shows results; it produces none.",
  },
  app: {
    to: [...PURE, "rollout", "probe", "diagnose", "transport", "lab", "report"],
    why: "A verb joins all parts, but knows no command line and no server.",
  },
  cli: { to: ["app", "report"], why: "Argument parsing decides nothing: what a verb does is in app." },
  server: { to: ["app", "report"], why: "The server offers the verbs of app, it has none of its own." },
};

/** Which npm packages a folder may use: those not named here stay out of it. */
const PACKAGES = {
  formats: ["yaml", "zod"],
  rollout: ["zod"],
  app: ["yaml", "zod"],
  report: ["yaml", "zod"],
  cli: ["commander"],
};

const IN_ORDER = Object.keys(ARROWS);

module.exports = {
  forbidden: [
    ...IN_ORDER.map((folder) => ({
      name: `arrows-of-${folder}`,
      comment: `${ARROWS[folder].why} ${folder} may import ${ARROWS[folder].to.join(", ") || "nothing"}.`,
      severity: "error",
      from: { path: `^src/${folder}/`, pathNot: TEST },
      to: { path: "^src/", pathNot: [folder, ...ARROWS[folder].to].map((name) => `^src/${name}/`) },
    })),
    {
      name: "only-known-folders",
      comment: "A new folder needs its arrows written here first: otherwise nothing would hold for it.",
      severity: "error",
      from: {},
      to: { path: "^src/", pathNot: IN_ORDER.map((name) => `^src/${name}/`) },
    },
    {
      name: "unknown-folders-import-nothing",
      comment: "A new folder needs its arrows written here first: otherwise nothing would hold for it.",
      severity: "error",
      from: { path: "^src/", pathNot: IN_ORDER.map((name) => `^src/${name}/`) },
      to: {},
    },
    {
      name: "pure-folders-have-no-io",
      comment: `What ${PURE[0]} to ${PURE.at(-1)} say must follow from their arguments alone: no files, clock, processes or randomness.`,
      severity: "error",
      from: { path: `^src/(?:${PURE.join("|")})/`, pathNot: TEST },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "through-the-index",
      comment: "A folder is free to change its files: others see only what its index.ts offers.",
      severity: "error",
      from: { path: "^src/([^/]+)/" },
      to: {
        path: "^src/",
        pathNot: ["^src/$1/", "^src/[^/]+/index[.]ts$", "^src/formats/[^/]+/index[.]ts$"],
      },
    },
    {
      name: "tests-through-the-index",
      comment:
        "Tests of the whole, benches and tools use what users of a folder use; a folder's own tests stand beside its files.",
      severity: "error",
      from: { path: "^(?:test|bench|tools)/" },
      to: { path: "^src/", pathNot: ["^src/[^/]+/index[.]ts$", "^src/formats/[^/]+/index[.]ts$"] },
    },
    {
      name: "dialects-stand-alone",
      comment:
        "A dialect can be read, changed and removed alone; what two of them share is a syntax without meaning, or belongs to model.",
      severity: "error",
      from: { path: "^src/formats/([^/]+)/", pathNot: TEST },
      to: {
        path: "^src/formats/[^/]+/",
        pathNot: ["^src/formats/$1/", `^src/formats/(?:${SYNTAXES.join("|")})/`],
      },
    },
    {
      name: "formats-index-through-the-index",
      comment: "The registry of dialects sees of each dialect what everyone sees.",
      severity: "error",
      from: { path: "^src/formats/[^/]+[.]ts$" },
      to: { path: "^src/formats/[^/]+/", pathNot: "/index[.]ts$" },
    },
    {
      name: "ports-are-types",
      comment:
        "transport implements the ports of rollout and probe; it needs their shapes, not their behaviour.",
      severity: "error",
      from: { path: "^src/transport/", pathNot: TEST },
      to: { path: "^src/(?:rollout|probe)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "src-without-tests",
      comment: "What is shipped must not need what is not.",
      severity: "error",
      from: { path: "^src/", pathNot: TEST },
      to: { path: `^(?:test|bench|tools|web)/|${TEST}` },
    },
    {
      name: "web-through-types",
      comment: "The page talks to the server over the wire: it shares the types and no code.",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^src/", pathNot: "^src/server/index[.]ts$" },
    },
    {
      name: "web-through-types-only",
      comment: "The page talks to the server over the wire: it shares the types and no code.",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^src/server/", dependencyTypesNot: ["type-only"] },
    },
    ...IN_ORDER.map((folder) => ({
      name: `packages-of-${folder}`,
      comment: `Each package has its place, so that replacing it touches one folder. ${folder} may use ${(PACKAGES[folder] ?? []).join(", ") || "none"}.`,
      severity: "error",
      from: { path: `^src/${folder}/`, pathNot: TEST },
      to: {
        dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"],
        pathNot: (PACKAGES[folder] ?? []).map((name) => `node_modules/${name.replace(".", "[.]")}/`),
      },
    })),
    {
      name: "no-cycles",
      comment: "Two files that need each other are one file, or three.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "A file that nothing needs and that needs nothing is left over.",
      severity: "error",
      from: {
        orphan: true,
        path: "^(?:src|web)/",
        pathNot: TEST,
      },
      to: {},
    },
    {
      name: "everything-resolves",
      comment: "An import that cannot be found would pass every other rule.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^dist/"] },
    exclude: { path: "^dist/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    detectJSDocImports: false,
    enhancedResolveOptions: {
      conditionNames: ["source", "import", "node", "types", "default"],
      exportsFields: ["exports"],
    },
  },
};
