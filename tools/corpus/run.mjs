#!/usr/bin/env node
// Reads a folder of real configuration files with every dialect and compares with its INDEX.md: node tools/corpus/run.mjs DIR [--facts]
import { fileURLToPath } from "node:url";
import { createViteServer } from "vitest/node";

// The readers are run from their sources, so that the result is never that of an older build; vitest brings the loader.
const server = await createViteServer({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  configFile: false,
  logLevel: "error",
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  ssr: { resolve: { conditions: ["source"] } },
});
try {
  const { main } = await server.ssrLoadModule("/tools/corpus/main.ts");
  process.exitCode = await main(process.argv.slice(2));
} finally {
  await server.close();
}
