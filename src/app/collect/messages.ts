/** All that this folder says. */
export const say = {
  notWhole: "the host's answer ended before its end",
  missing: (files: readonly string[]): string =>
    `the host could not give ${files.map((file) => `\`${file}\``).join(", ")}`,
} as const;
