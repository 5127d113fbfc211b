import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostId } from "#model/index.js";
import type { SessionOf } from "#probe/index.js";
import { openLocalReach, type Reach } from "#transport/index.js";
import { askKubernetes } from "./kubernetes.js";
import { askLogs } from "./logs.js";
import { askUnits } from "./units.js";

const HOST = hostId("h1");

/** What stands in for programs of a k3s server; each prints what the real one does for the words that it is given. */
const PROGRAMS: Readonly<Record<string, string>> = {
  systemctl: `case $* in
  "list-units --all --plain --no-legend --no-pager k3s*.service") echo 'k3s.service loaded active running Lightweight Kubernetes' ;;
  "is-active etcd.service") echo inactive; exit 3 ;;
  *) exit 1 ;;
esac`,
  journalctl: `case $* in
  *"-u k3s*.service --since @1700000000") printf '%s\\n' 'level=warn msg="prober detected unhealthy status"' 'x "prober detected unhealthy status" y' 'token=K10secret' ;;
  *) exit 1 ;;
esac`,
  kubectl: `case $* in
  *"get nodes"*) printf 'node s1 True\\nnode s2 False\\n' ;;
  *"get pods -A"*) printf 'pod a/b Running true\\npod a/c Pending \\n' ;;
  *) exit 1 ;;
esac`,
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ob-programs-"));
  for (const [name, text] of Object.entries(PROGRAMS)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each([["sh"], ["bash"]])("What is asked of a host by %s", (shell) => {
  let reach: Reach;
  const sessionOf: SessionOf = (host) => reach.open(host, "probe");

  beforeAll(() => {
    reach = openLocalReach(HOST, ["env", `PATH=${folder}:${process.env["PATH"] ?? ""}`, shell]);
  });

  afterAll(async () => {
    await reach.close();
  });

  it("are its units", async () => {
    const seen = await askUnits(sessionOf, HOST, ["etcd.service"]);
    expect(seen).toMatchObject({
      kind: "seen",
      states: new Map([
        ["k3s.service", "active"],
        ["etcd.service", "inactive"],
      ]),
    });
  });

  it("are its nodes and pods", async () => {
    expect(await askKubernetes(sessionOf, HOST)).toEqual({
      kind: "seen",
      unreadyNodes: ["s2"],
      unreadyPods: ["a/c"],
    });
  });

  it("are the words of distress of its journal, and no line of it", async () => {
    const logs = await askLogs(sessionOf, HOST, 1_700_000_000);
    expect(logs).toEqual({ kind: "read", counts: new Map([["prober detected unhealthy status", 2]]) });
    expect(await askLogs(sessionOf, HOST, 1)).toEqual({
      kind: "not-measured",
      why: "journalctl gave no answer",
    });
  });
});
