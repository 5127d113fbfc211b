import { createHash } from "node:crypto";
import type { RecordState } from "#rollout/index.js";
import type { VirtualClock } from "./virtual-clock.js";

interface FakeRecord {
  readonly id: string;
  state: RecordState;
  readonly boot: number;
  deadlineMs: number;
  persisted: "no" | "yes" | "failed";
  note: string;
  readonly texts: ReadonlyMap<string, string>;
  kernelAfter: ReadonlyMap<string, string>;
  readonly kernelBefore: ReadonlyMap<string, string>;
  /** Services that ran when it was armed. */
  readonly running: ReadonlySet<string>;
  readonly filesBefore: Map<string, string | undefined>;
}

/** What a command on a host ends with. */
export interface FakeAnswer {
  readonly code: number;
  readonly stdout: string;
}

const PROGRAMS = ["ip", "bridge", "sysctl", "service-stop", "service-start"];
const RECORD_VERBS = ["switch", "extend", "confirm", "revert", "recall", "release"];
const LIVE: readonly RecordState[] = ["armed", "switching", "switched"];

/**
 * A model of one host with the host program on it: its answers and its states, in virtual time. The kernel is a map from names to values; a
 * boot fills it from the files `/etc/test/NAME`. test/contract/host-program-contract.ts is what it has in common with the real one.
 */
export class FakeHost {
  readonly kernel = new Map<string, string>();
  readonly files = new Map<string, string>();
  readonly services = new Map<string, "active" | "inactive">();
  readonly records: FakeRecord[] = [];
  /** Released ones, that can be fetched back while the kernel is as they left it. */
  readonly history: FakeRecord[] = [];
  /** How often forward commands of a record were begun: more than once is a fault of the run. */
  readonly switched = new Map<string, number>();
  claim: string | null = null;
  program = "";
  isDead = false;
  /** Whether nothing can be written to `/etc`. */
  isReadOnly = false;
  /** Called before a verb is carried out. */
  onVerb: (verb: string, record: string) => void = () => {};
  readonly #clock: VirtualClock;
  readonly #staged = new Map<string, Map<string, string>>();
  #boot = 1;
  #bootedMs = 0;
  #touchedByOthers = false;

  constructor(
    clock: VirtualClock,
    readonly name: string,
  ) {
    this.#clock = clock;
  }

  /** Power off and on: what is not in a file is gone, and so is every dead-man. */
  reboot(): void {
    this.#boot++;
    this.#bootedMs = this.#clock.monotonicMs();
    this.#touchedByOthers = false;
    this.kernel.clear();
    for (const [path, text] of this.files) {
      if (path.startsWith("/etc/test/")) this.kernel.set(path.slice("/etc/test/".length), text.trim());
    }
    for (const unit of this.services.keys()) this.services.set(unit, "active");
    for (const record of this.records) {
      if (LIVE.includes(record.state) || record.state === "reverting") record.state = "reverted";
    }
  }

  /** Somebody else works on the host. */
  touch(): void {
    this.#touchedByOthers = true;
  }

  /** Carries out `pointsman-host ARGS`. */
  tell(args: readonly string[], input: string): FakeAnswer {
    const [verb = "", first = "", second = ""] = args;
    this.onVerb(verb, first);
    switch (verb) {
      case "version":
        return done("pointsman-host 1");
      case "status":
        return done(...this.#status());
      case "claim":
        return this.#claimFor(first);
      case "unclaim":
        if (this.claim === first) this.claim = null;
        return done();
      case "flush":
        return done();
      case "stage":
        return this.#stage(first, second, input);
      case "arm":
        return this.#arm(first, Number(second));
      default:
        return this.#onRecord(verb, first, Number(second));
    }
  }

  #onRecord(verb: string, id: string, seconds: number): FakeAnswer {
    if (!RECORD_VERBS.includes(verb)) return { code: 64, stdout: `why no verb \`${verb}\`\n` };
    const gone = this.records.some((one) => one.id === id)
      ? undefined
      : this.history.find((one) => one.id === id);
    if (gone !== undefined && (verb === "recall" || verb === "revert")) {
      if (!isAsLeft(this.kernel, gone))
        return refused(`the network has changed since ${id} was confirmed; nothing was changed`);
      this.history.splice(this.history.indexOf(gone), 1);
      this.records.push(gone);
    }
    const record = this.records.find((one) => one.id === id);
    if (record === undefined) return refused(`no record \`${id}\` on this host`);
    switch (verb) {
      case "switch":
        return this.#switch(record);
      case "extend":
        if (!LIVE.includes(record.state)) return refused(`record ${id} is ${record.state}`);
        this.#deadMan(record, seconds);
        return done(`extended ${id}`);
      case "confirm":
        return this.#confirm(record);
      case "revert":
        return this.#revert(record);
      case "recall":
        return done(`recalled ${id}`);
      default:
        if (record.state !== "confirmed" && record.state !== "reverted")
          return refused(`record ${id} is ${record.state}`);
        this.records.splice(this.records.indexOf(record), 1);
        if (record.state === "confirmed") this.history.push(record);
        return done(`released ${id}`);
    }
  }

  #status(): readonly string[] {
    const upSeconds = Math.floor((this.#clock.monotonicMs() - this.#bootedMs) / 1000);
    return [
      "host pointsman-host 1",
      `boot boot-${this.#boot}`.replace("boot-", "b00"),
      `uptime ${upSeconds}`,
      `claim ${this.claim ?? "-"}`,
      ...this.records.map((record) => {
        const left = LIVE.includes(record.state)
          ? String(Math.max(0, Math.floor((record.deadlineMs - this.#clock.monotonicMs()) / 1000)))
          : "-";
        const rebooted = record.boot === this.#boot ? "no" : "yes";
        return `record ${record.id} ${record.state} rebooted ${rebooted} left ${left} persisted ${record.persisted} note ${record.note}`;
      }),
    ];
  }

  #claimFor(run: string): FakeAnswer {
    if (this.claim !== null && this.claim !== run) return refused(`claimed by ${this.claim}`);
    this.claim = run;
    return done();
  }

  #stage(id: string, name: string, input: string): FakeAnswer {
    if (this.records.some((record) => record.id === id)) return refused(`record ${id} is armed already`);
    const texts = this.#staged.get(id) ?? new Map<string, string>();
    this.#staged.set(id, texts.set(name, input));
    return done();
  }

  #arm(id: string, seconds: number): FakeAnswer {
    const same = this.records.find((record) => record.id === id);
    if (same !== undefined) {
      return refused(LIVE.includes(same.state) ? "already armed" : `record ${id} is ${same.state}`);
    }
    if (this.claim !== null && !id.startsWith(`${this.claim}-`)) return refused(`claimed by ${this.claim}`);
    const texts = this.#staged.get(id);
    if (texts?.get("forward") === undefined || texts.get("revert") === undefined)
      return refused(`nothing is staged for ${id}`);
    const foreign = commandsIn(texts.get("forward") ?? "").find(
      ([program = ""]) => !PROGRAMS.includes(program),
    );
    if (foreign !== undefined) return refused(`there is no program \`${foreign.join(" ")}\``);
    const forServices = isForServices(texts);
    const other = this.records.find(
      (record) => !isOver(record) && isForServices(record.texts) === forServices,
    );
    if (other !== undefined)
      return refused(`record ${other.id} is ${other.state}: take it back or finish it first`);
    const wrong = this.#wrongFile(texts);
    if (wrong !== null) return refused(`\`${wrong}\` is not as it was when the change was planned`);
    if (this.isReadOnly && filesIn(texts).length > 0)
      return refused("read-only file system; nothing was changed");
    this.#staged.delete(id);
    this.#touchedByOthers = false;
    const record: FakeRecord = {
      id,
      state: "armed",
      boot: this.#boot,
      deadlineMs: 0,
      persisted: "no",
      note: "",
      texts,
      kernelBefore: new Map(this.kernel),
      kernelAfter: new Map(),
      running: new Set([...this.services].filter(([, state]) => state === "active").map(([unit]) => unit)),
      filesBefore: new Map(filesIn(texts).map(({ path }) => [path, this.files.get(path)])),
    };
    this.records.push(record);
    this.#deadMan(record, seconds);
    const upSeconds = Math.floor((record.deadlineMs - this.#bootedMs) / 1000);
    return done(`armed ${id} deadline ${upSeconds} boot b00${this.#boot}`);
  }

  #wrongFile(texts: ReadonlyMap<string, string>): string | null {
    for (const { path, before } of filesIn(texts)) {
      const text = this.files.get(path);
      if ((text === undefined ? "-" : sha256(text)) !== before) return path;
    }
    return null;
  }

  #deadMan(record: FakeRecord, seconds: number): void {
    const deadlineMs = this.#clock.monotonicMs() + seconds * 1000;
    record.deadlineMs = deadlineMs;
    this.#clock.at(deadlineMs, () => {
      if (this.isDead || record.deadlineMs !== deadlineMs || record.boot !== this.#boot) return;
      if (LIVE.includes(record.state)) this.#takeBack(record);
    });
  }

  #switch(record: FakeRecord): FakeAnswer {
    if (record.state === "switched") return done(`switched ${record.id}`, "note already");
    if (record.state !== "armed") return refused(`record ${record.id} is ${record.state}`);
    this.switched.set(record.id, (this.switched.get(record.id) ?? 0) + 1);
    record.state = "switching";
    for (const [index, words] of commandsIn(record.texts.get("forward") ?? "").entries()) {
      const problem = this.#command(words, record);
      if (problem === null) continue;
      this.#takeBack(record);
      return { code: 4, stdout: `why line ${index + 1}: ${words.join(" ")}: ${problem}\n` };
    }
    record.state = "switched";
    record.kernelAfter = new Map(this.kernel);
    return done(`switched ${record.id}`);
  }

  #command(words: readonly string[], record: FakeRecord): string | null {
    const [program, verb = "", third = ""] = words;
    if (program === "service-stop") this.services.set(verb, "inactive");
    if (program === "service-start" && record.running.has(verb)) this.services.set(verb, "active");
    if (program !== "sysctl") return null;
    const [name = "", value = ""] = third.split("=");
    if (!this.kernel.has(name)) return "No such file or directory";
    this.kernel.set(name, value);
    return null;
  }

  #confirm(record: FakeRecord): FakeAnswer {
    if (record.state !== "confirmed") {
      if (record.boot !== this.#boot) return refused("the host has rebooted since it was armed");
      if (record.state !== "switched") return refused(`record ${record.id} is ${record.state}`);
      if (this.#touchedByOthers) return refused("somebody else changed the network since the switch");
      record.state = "confirmed";
    }
    if (this.isReadOnly && filesIn(record.texts).length > 0) {
      record.persisted = "failed";
      return { code: 4, stdout: "why not persisted: read-only file system\n" };
    }
    const files = filesIn(record.texts);
    for (const { path, text } of files) this.files.set(path, text);
    record.persisted = files.length > 0 ? "yes" : "no";
    return done(`confirmed ${record.id} persisted ${record.persisted}`);
  }

  #revert(record: FakeRecord): FakeAnswer {
    if (record.state !== "reverted") this.#takeBack(record);
    return done(`reverted ${record.id} level 1`);
  }

  #takeBack(record: FakeRecord): void {
    record.state = "reverting";
    for (const words of commandsIn(record.texts.get("revert") ?? "")) this.#command(words, record);
    for (const { path, text } of filesIn(record.texts)) {
      const before = record.filesBefore.get(path);
      if (this.files.get(path) !== text) continue;
      if (before === undefined) this.files.delete(path);
      else this.files.set(path, before);
    }
    record.persisted = "no";
    record.state = "reverted";
  }
}

function isOver({ state, persisted }: FakeRecord): boolean {
  return state === "reverted" || (state === "confirmed" && persisted !== "failed");
}

function isAsLeft(kernel: ReadonlyMap<string, string>, { kernelAfter }: FakeRecord): boolean {
  return [...kernel].every(([name, value]) => kernelAfter.get(name) === value);
}

function isForServices(texts: ReadonlyMap<string, string>): boolean {
  return (texts.get("forward") ?? "").startsWith("service-");
}

function commandsIn(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t"));
}

function filesIn(
  texts: ReadonlyMap<string, string>,
): readonly { readonly path: string; readonly before: string; readonly text: string }[] {
  return commandsIn(texts.get("persist") ?? "").flatMap(([kind, path = "", before = "-", name = ""]) =>
    kind === "file" ? [{ path, before, text: texts.get(name) ?? "" }] : [],
  );
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function done(...lines: readonly string[]): FakeAnswer {
  return { code: 0, stdout: lines.map((line) => `${line}\n`).join("") };
}

function refused(why: string): FakeAnswer {
  return { code: 3, stdout: `why ${why}\n` };
}
