import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isInstalled, ROOT, run, runOrExit } from "./spawn.js";

/** Debian's package for each command that the tests call. */
const PACKAGE_OF_COMMAND = new Map([
  ["ip", "iproute2"],
  ["bridge", "iproute2"],
  ["ping", "iputils-ping"],
  ["nix-instantiate", "nix-bin"],
  ["python3", "python3"],
  ["sysctl", "procps"],
  ["git", "git"],
  ["ssh", "openssh-client"],
  ["sshd", "openssh-server"],
  ["sudo", "sudo"],
  ["busybox", "busybox"],
  ["debootstrap", "debootstrap"],
  ["systemd-nspawn", "systemd-container"],
  ["nft", "nftables"],
  ["fping", "fping"],
  ["arping", "iputils-arping"],
  ["etcd", "etcd-server"],
  ["curl", "curl"],
]);

/**
 * Installs what package-lock.json names, unless node_modules has it. Install scripts of packages do not run: none of
 * the dependencies needs one, and the build is a step of its own.
 */
export function installNodePackages() {
  if (hasNodePackages()) return;
  process.stdout.write("Installing the packages of package-lock.json (npm ci).\n");
  runOrExit("npm", ["ci", "--ignore-scripts"]);
}

/**
 * Installs the Debian packages whose commands are missing when this is root; else says what to install and ends the
 * process with 1.
 */
export function installSystemPackages() {
  const missing = missingSystemPackages();
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (process.getuid?.() !== 0 || !isInstalled("apt-get")) {
    process.stderr.write(
      `The tests need commands that are not installed. Run this as root on Debian, then try again:\n  ${install}\n`,
    );
    process.exit(1);
  }
  process.stdout.write(`Installing Debian packages for the tests: ${missing.join(" ")}.\n`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-q"], { env });
  runOrExit("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...missing], { env });
}

/** @returns {string[]} */
function missingSystemPackages() {
  const missing = [...PACKAGE_OF_COMMAND].filter(([command]) => !isInstalled(command));
  return [...new Set(missing.map(([, name]) => name))];
}

/** Compares the lock with the one that npm leaves in node_modules; packages of other platforms are optional there. */
function hasNodePackages() {
  const wanted = readPackages("package-lock.json");
  const found = readPackages("node_modules/.package-lock.json");
  return Object.entries(wanted ?? {}).every(
    ([path, entry]) =>
      path === "" ||
      (found?.[path] === undefined ? entry.optional === true : found[path].version === entry.version),
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { readonly version?: string, readonly optional?: boolean }> | null}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), "utf8")).packages;
  } catch {
    return null;
  }
}

if (process.argv[1] === import.meta.filename) {
  installNodePackages();
  if (process.argv.includes("--system")) installSystemPackages();
}
