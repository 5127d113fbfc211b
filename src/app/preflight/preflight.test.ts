import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseFleet } from "#formats/fleet/index.js";
import { err, type Fleet, hostId, ok } from "#model/index.js";
import type { ProbeReading, SessionOf } from "#probe/index.js";
import type { Cell, HostReach, HostRecord, HostStatus, RunProgram } from "#rollout/index.js";
import type { PreflightCheck, PreflightContext } from "./check.js";
import { PREFLIGHT_CHECKS, preflight } from "./preflight.js";

const H = hostId("h1");
const STATUS: HostStatus = { bootId: "b", uptimeSeconds: 10, claim: null, records: [] };

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ob-git-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fleetOf(host: string): Fleet {
  const read = parseFleet(`version: 1\nname: f\nhosts:\n  h1: ${host}\n`, "pointsman.yaml");
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.fleet;
}

/** Sessions of hosts that print this whatever they are asked. */
function printing(stdout: string): SessionOf {
  return async () =>
    ok({
      run: async () => ({ kind: "ended", code: 0, stdout, stderr: "" }),
      close: async () => undefined,
    });
}

const NO_REACH: HostReach = {
  open: async () => err({ kind: "refused", why: "Expected a login, found none.", hint: "Add your key." }),
};

function program(given: Partial<RunProgram> = {}): RunProgram {
  return {
    runId: "run-1",
    fleet: "f",
    planDigest: "",
    strategy: "live",
    hosts: [H],
    baseline: [],
    phases: [
      {
        number: 1,
        steps: [{ host: H, forward: [], revert: [], persist: [] }],
        gate: { consecutive: 1, settleSeconds: 1, timeoutSeconds: 1 },
        expected: [],
      },
    ],
    services: [],
    movingAddresses: [],
    policy: {
      onFailure: "revert-all",
      order: "lock-step",
      pauses: false,
      awaitsConfirmation: false,
      persist: "on-confirm",
      deadlineSeconds: 60,
      confirmMarginSeconds: 10,
      requestTimeoutMs: 1000,
      healthTimeoutSeconds: 10,
      logWatchSeconds: 0,
    },
    ...given,
  };
}

/** What the check of this name says, each outcome on one line. */
async function look(name: string, given: Partial<PreflightContext> = {}): Promise<readonly string[]> {
  const checks = await preflight({
    program: program(),
    fleet: fleetOf("{}"),
    clusters: [],
    reach: NO_REACH,
    sessionOf: printing(""),
    statusOf: async () => ok(STATUS),
    measure: async () => [],
    configurationFolder: null,
    uncommitted: "warning",
    nowMs: () => 0,
    ...given,
    skipped: PREFLIGHT_CHECKS.filter((other) => other !== name),
  });
  return checks.filter((check) => check.name === name).map(line);
}

function line({ outcome, detail, hint }: PreflightCheck): string {
  return [`${outcome}:`, detail, hint].join(" ").trim();
}

describe("Before a run", () => {
  it("each check has a name of its own, and is skipped by it", async () => {
    expect(new Set(PREFLIGHT_CHECKS).size).toBe(PREFLIGHT_CHECKS.length);
    expect(await look("none of them")).toEqual([]);
    const [first] = PREFLIGHT_CHECKS;
    const checks = await preflight({
      program: program(),
      fleet: null,
      clusters: [],
      reach: NO_REACH,
      sessionOf: printing(""),
      statusOf: async () => ok(STATUS),
      measure: async () => [],
      configurationFolder: null,
      uncommitted: "warning",
      nowMs: () => 0,
      skipped: PREFLIGHT_CHECKS,
    });
    expect(checks.map(({ name }) => name)).toEqual(PREFLIGHT_CHECKS);
    expect(checks[0]).toEqual({
      name: first,
      outcome: "skipped",
      detail: "The operator skipped it.",
      hint: "",
    });
  });

  it("a check that breaks has failed, and the others are made", async () => {
    const said = await look("baseline", {
      measure: async () => {
        throw new Error("boom");
      },
    });
    expect(said).toEqual(["failed: The check itself broke: boom. Report this as a bug."]);
  });

  it("sessions of both kinds are opened", async () => {
    const open = async (): ReturnType<HostReach["open"]> =>
      ok({
        host: H,
        run: async () => ({ kind: "ended", code: 0, stdout: "", stderr: "" }) as const,
        close: async () => undefined,
      });
    expect(await look("sessions", { reach: { open } })).toEqual([
      "ok: 1 host can be reached for probes and for changes.",
    ]);
    expect(await look("sessions", { sessionOf: async () => err({ why: "no route" }) })).toEqual([
      "failed: Expected a session for probes on `h1`, found none: no route. Expected a session for changes on `h1`, found none: Expected a login, found none. Add your key.",
    ]);
  });

  it("the host program has to answer", async () => {
    expect(await look("host-program")).toEqual(["ok: The host program answers on 1 host."]);
    expect(await look("host-program", { statusOf: async () => err("read-only file system") })).toEqual([
      "failed: Expected the host program to answer on `h1`, found that it does not: read-only file system. It needs a shell as root, or sudo for it (`pointsman init --sudoers USER`), and a folder for its state that can be written to.",
    ]);
  });

  it.each<[string, readonly HostStatus[], string]>([
    ["well", [STATUS, { ...STATUS, uptimeSeconds: 11 }], "ok"],
    [
      "no boot id",
      [
        { ...STATUS, bootId: "" },
        { ...STATUS, bootId: "" },
      ],
      "failed",
    ],
    ["another boot meanwhile", [STATUS, { ...STATUS, bootId: "c" }], "failed"],
    ["a clock that goes backward", [STATUS, { ...STATUS, uptimeSeconds: 9 }], "failed"],
  ])("boot ids and clocks are read: %s", async (_, statuses, outcome) => {
    let at = 0;
    const said = await look("boot-id", { statusOf: async () => ok(statuses[at++] ?? STATUS) });
    expect(said[0]?.split(":")[0]).toBe(outcome);
  });

  const record: HostRecord = {
    id: "run-0-p1",
    state: "armed",
    hasRebooted: false,
    secondsLeft: 5,
    persisted: "no",
    note: "",
  };
  it.each<[string, Partial<HostStatus>, string]>([
    ["nothing", {}, "ok: No host has another run or a change that is not finished."],
    ["its own claim", { claim: "run-1" }, "ok: No host has another run or a change that is not finished."],
    [
      "a record that is reverted",
      { records: [{ ...record, state: "reverted" }] },
      "ok: No host has another run or a change that is not finished.",
    ],
    [
      "another claim",
      { claim: "run-0" },
      "failed: Expected no other run on `h1`, found `run-0`. Bring it to its end with `pointsman resume run-0` or `pointsman rollback run-0`. If its journal is lost: `sh /var/lib/pointsman/pointsman-host unclaim run-0` on `h1`.",
    ],
    [
      "an armed record",
      { records: [record] },
      "failed: Expected nothing armed on `h1`, found record `run-0-p1`, which is `armed`. Bring its run to its end with `pointsman resume`, or take it back by hand on `h1`: `sh /var/lib/pointsman/pointsman-host revert run-0-p1`, then `release run-0-p1`.",
    ],
  ])("leftovers of other runs are found: %s", async (_, status, expected) => {
    expect(await look("leftovers", { statusOf: async () => ok({ ...STATUS, ...status }) })).toEqual([
      expected,
    ]);
  });

  it.each([
    ["100", 102_000, "ok: All clocks agree within 5 s."],
    [
      "100",
      200_000,
      "warning: The clock of `h1` is 99 s off that of this machine. Nothing is decided by it, but times in logs will not fit together; look at its time server.",
    ],
    [
      "300",
      200_000,
      "warning: The clock of `h1` is 100 s off that of this machine. Nothing is decided by it, but times in logs will not fit together; look at its time server.",
    ],
  ])("clocks are compared: %s s there, %s ms here", async (clock, nowMs, expected) => {
    expect(await look("clock-skew", { sessionOf: printing(`${clock}\n`), nowMs: () => nowMs })).toEqual([
      expected,
    ]);
  });

  it("the configuration has to be committed, as strictly as the operator wants", async () => {
    const given = { configurationFolder: folder, uncommitted: "failed" } as const;
    const git = (...words: readonly string[]): void => {
      execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...words], {
        stdio: "ignore",
      });
    };
    expect(await look("configuration-committed")).toEqual(["skipped: No folder of configuration is used."]);
    expect((await look("configuration-committed", given))[0]).toMatch(
      /^failed: .* found no git repository\./,
    );
    git("init", "-q");
    writeFileSync(join(folder, "a.nix"), "{ }\n");
    expect(await look("configuration-committed", given)).toEqual([
      `failed: Expected the configuration in \`${folder}\` to be committed, found changes in \`a.nix\`. Commit it, so that what is written to the hosts can be found again.`,
    ]);
    expect((await look("configuration-committed", { ...given, uncommitted: "warning" }))[0]).toMatch(
      /^warning: /,
    );
    git("add", "a.nix");
    git("commit", "-q", "-m", "a");
    expect(await look("configuration-committed", given)).toEqual(["ok: The configuration is committed."]);
  });

  const system = "/nix/store/abc-nixos-system";
  it.each([
    [
      "old-system",
      "{ os: nixos }",
      `${system}\n${system}\n`,
      "ok: Each NixOS host has the system that runs as the one that it boots.",
    ],
    [
      "old-system",
      "{ os: nixos }",
      "/nix/var/nix/profiles/system\n",
      "failed: Expected the system of `h1` to be there to go back to, found no /nix/var/nix/profiles/system. Without it neither a reboot nor a rollback has a system to start; repair the profile first.",
    ],
    [
      "old-system",
      "{ os: nixos }",
      `${system}\n${system}-2\n`,
      `warning: \`h1\` runs \`${system}-2\` and would boot \`${system}\`: a reboot meanwhile brings up what does not run now. Run \`nixos-rebuild switch\` on it first, or accept that a reboot does not lead back to what runs now.`,
    ],
    ["old-system", "{ os: debian }", "", "skipped: No host that changes is a NixOS host."],
    [
      "interfaces-new",
      "{ os: proxmox }",
      "none\n",
      "ok: No Proxmox host has a pending change of its network.",
    ],
    [
      "interfaces-new",
      "{ os: proxmox }",
      "staged\n",
      "failed: Expected no /etc/network/interfaces.new on `h1`, found one: Proxmox puts it in the place of the file at the next boot. Apply or revert the pending change in the web interface of Proxmox first.",
    ],
    ["uci-changes", "{ os: openwrt }", "uci\n", "ok: No OpenWrt host has uncommitted settings."],
    [
      "uci-changes",
      "{ os: openwrt }",
      "uci\nnetwork.lan.netmask='255.0.0.0'\n",
      "failed: Expected no uncommitted settings on `h1`, found 1 line in `uci changes`. Look at them, then `uci commit` or `uci revert` them: they would be committed together with the plan's.",
    ],
    ["uci-changes", "{ os: openwrt }", "no uci\n", "failed: Expected uci on `h1`, found none."],
    [
      "ifupdown2",
      "{ configuration: [{ ifupdown: i }] }",
      "ifupdown2\n",
      "ok: Each ifupdown host that changes has ifupdown2.",
    ],
    [
      "ifupdown2",
      "{ configuration: [{ ifupdown: i }] }",
      "none\n",
      "failed: Expected ifupdown2 on `h1`, found none: classic ifupdown can take a link down and up again, but not reload it. Install ifupdown2, or leave the files to a person with `--persist never`.",
    ],
    ["console", "{ console: in the rack }", "", "ok: A console is noted for each host that changes."],
    [
      "console",
      "{}",
      "",
      "warning: No way to a console without the network is noted for `h1`. Note it as `console:` of the host in the fleet file: where to stand, or which address of its BMC.",
    ],
  ])("platforms are looked at: %s of %s that says %j", async (name, host, stdout, expected) => {
    expect(await look(name, { fleet: fleetOf(host), sessionOf: printing(stdout) })).toEqual([expected]);
  });

  it("a host that does not answer is a warning, not a failure of what could not be seen", async () => {
    const sessionOf: SessionOf = async () => err({ why: "Expected a login, found none." });
    expect(await look("interfaces-new", { fleet: fleetOf("{ os: proxmox }"), sessionOf })).toEqual([
      "warning: /etc/network of `h1` could not be read: no session: Expected a login, found none.",
    ]);
  });

  it("what only the fleet file says is passed over without one", async () => {
    for (const name of ["old-system", "interfaces-new", "uci-changes", "ifupdown2", "console"])
      expect(await look(name, { fleet: null })).toEqual(["skipped: Only the fleet file would say."]);
  });

  const cell: Cell = { from: H, to: "10.0.0.1", expected: "delivered" };
  it.each<[ProbeReading["observed"], string, string]>([
    ["delivered", "", "ok: The matrix is as expected: 1 cell measured."],
    [
      "lost",
      "",
      "failed: Expected the matrix as the plan has it before it begins, found 1 difference in 1 cell: `h1` to `10.0.0.1` was expected to be delivered, and is lost. The network is not as the plan takes it to be. See `pointsman collect` and `pointsman trace`, heal it or plan again.",
    ],
    [
      "not-measured",
      "the host has neither fping nor ping",
      "failed: Expected to measure 1 cell, found that 1 could not be: `h1` to `10.0.0.1`: the host has neither fping nor ping. Each host of the fleet has to be able to send echo requests: it needs fping or ping, and the right to use it.",
    ],
  ])("the matrix has to be as expected: %s", async (observed, why, expected) => {
    const said = await look("baseline", {
      program: program({ baseline: [cell] }),
      measure: async (cells) => cells.map((one) => ({ cell: one, observed, why })),
    });
    expect(said).toEqual([expected]);
  });
});
