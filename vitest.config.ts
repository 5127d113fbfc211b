import { defineConfig } from "vitest/config";

/** `source` makes `#ip/index.js` mean src/ip/index.ts, as in tsconfig.json and .dependency-cruiser.cjs. */
const conditions = ["source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: ["test/**/*.lab.test.ts", "test/**/*.campaign.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "kernel",
          include: ["test/**/*.lab.test.ts"],
          testTimeout: 600_000,
          disableConsoleIntercept: true,
          // Real kernels share the machine: one file at a time, after the tests that need no root.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          // Hundreds of faults on real hosts: `npm run test:lab`, not part of `npm test`.
          name: "campaign",
          include: ["test/**/*.campaign.test.ts"],
          testTimeout: 3_600_000,
          disableConsoleIntercept: true,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
