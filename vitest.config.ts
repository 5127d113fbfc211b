import { defineConfig } from "vitest/config";

/** Tests that make hosts on this machine and mostly wait for them; each file has namespaces of its own. */
const HOSTS = [
  "host-program",
  "incident-lab",
  "lab-hosts",
  "lab-platforms",
  "observe",
  "rehearse",
  "rollout",
  "rollout-lab",
  "run",
  "transport",
].map((folder) => `test/${folder}/**/*.lab.test.ts`);

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
          exclude: HOSTS,
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
          name: "hosts",
          include: HOSTS,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          disableConsoleIntercept: true,
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
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
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
