import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LEFT_OUT, MASKED, NOT_ENABLED, PACKAGES, SSHD_CONFIGURATION, SUITE } from "./recipe.js";
import { runLogged } from "./run-logged.js";

/** One step of making a root; its name stands in the message when it fails. */
export interface RootStep<T = void> {
  readonly name: string;
  readonly run: () => Promise<T>;
}

/** The steps that make the root of Debian in an empty folder. */
export function debianSteps(given: {
  readonly root: string;
  readonly mirror: string;
  readonly log: string;
}): readonly RootStep[] {
  const { root, mirror, log } = given;
  return [
    {
      name: "debootstrap",
      run: async () => {
        const include = `--include=${PACKAGES.join(",")}`;
        const status = await runLogged(
          ["debootstrap", "--variant=minbase", include, SUITE, root, mirror],
          log,
        );
        if (status !== 0) throw new Error(`debootstrap ended with ${status}`);
      },
    },
    { name: "leave out", run: () => now(() => leaveOut(root)) },
    { name: "services", run: () => now(() => chooseServices(root)) },
    { name: "identity", run: () => now(() => takeIdentity(root)) },
  ];
}

function now(work: () => void): Promise<void> {
  work();
  return Promise.resolve();
}

function leaveOut(root: string): void {
  for (const path of LEFT_OUT) rmSync(join(root, path), { recursive: true, force: true });
  const keys = readdirSync(join(root, "etc/ssh")).filter((name) => name.startsWith("ssh_host_"));
  for (const name of keys) rmSync(join(root, "etc/ssh", name));
}

function chooseServices(root: string): void {
  const units = join(root, "etc/systemd/system");
  for (const path of NOT_ENABLED) rmSync(join(root, path), { force: true });
  for (const unit of MASKED) {
    rmSync(join(units, unit), { force: true });
    symlinkSync("/dev/null", join(units, unit));
  }
  writeFileSync(join(root, "etc/ssh/sshd_config.d/pointsman-lab.conf"), SSHD_CONFIGURATION);
}

/** Each host gets a machine id of its own at its first boot: the file must have no byte, and D-Bus must not keep another. */
function takeIdentity(root: string): void {
  writeFileSync(join(root, "etc/machine-id"), "");
  mkdirSync(join(root, "var/lib/dbus"), { recursive: true });
  symlinkSync("/etc/machine-id", join(root, "var/lib/dbus/machine-id"));
  writeFileSync(join(root, "etc/resolv.conf"), "");
}
