import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["test/lab/**/*.test.ts"],
    // Longer than the longest run asked for by --fleets.
    testTimeout: 7_200_000,
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
    fileParallelism: false,
  },
});
