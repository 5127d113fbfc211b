import { type HostId, hostId } from "#model/index.js";
import {
  type Cell,
  type CellReading,
  type HealthReading,
  type HostAnswer,
  type HostCommand,
  type HostReach,
  type HostSession,
  type Journal,
  type JournalEntry,
  type NewJournalEntry,
  type RunControl,
  type RunEvent,
  type RunHooks,
  type RunPolicy,
  type RunPorts,
  type RunProgram,
  sealEntry,
} from "#rollout/index.js";
import { TEST_POLICY } from "../run-policy.js";
import { FakeHost, sha256 } from "./fake-host.js";
import { VirtualClock } from "./virtual-clock.js";

/** What becomes of one request. `late`: it arrives when its answer is not waited for any more. */
export type RequestFault = "none" | "lose-request" | "lose-reply" | "late";

const LATENCY_MS = 5;
const NEVER = new Promise<never>(() => {});

/** Hosts in memory, with all that a run needs of the world. */
export class FakeFleet {
  readonly clock = new VirtualClock();
  readonly hosts: ReadonlyMap<HostId, FakeHost>;
  /** What is on the disk of the machine that controls. */
  readonly disk: JournalEntry[] = [];
  /** Phases after which the matrix is not as expected. */
  readonly brokenPhases = new Set<number>();
  /** Asked for each request. */
  fault: (host: HostId, verb: string) => RequestFault = () => "none";
  health: HealthReading = { kind: "healthy" };

  constructor(program: RunProgram) {
    this.hosts = new Map(program.hosts.map((name) => [name, new FakeHost(this.clock, name)]));
    for (const { number, steps } of program.phases) {
      for (const { host } of steps) {
        this.hosts.get(host)?.kernel.set(nameOf(number), "old");
        this.hosts.get(host)?.files.set(`/etc/test/${nameOf(number)}`, "old\n");
      }
    }
    for (const { host, units } of program.services) {
      for (const unit of units) this.hosts.get(host)?.services.set(unit, "active");
    }
  }

  host(name: string): FakeHost {
    const host = this.hosts.get(hostId(name));
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  }

  /** Whether a host has what a phase gives it, in the kernel and in its file. */
  isNew(host: HostId, phase: number): boolean {
    const fake = this.hosts.get(host);
    return (
      fake?.kernel.get(nameOf(phase)) === "new" && fake.files.get(`/etc/test/${nameOf(phase)}`) === "new\n"
    );
  }

  /** Whether a host has nothing of a phase, neither in the kernel nor in its file. */
  isOld(host: HostId, phase: number): boolean {
    const fake = this.hosts.get(host);
    return (
      fake?.kernel.get(nameOf(phase)) === "old" && fake.files.get(`/etc/test/${nameOf(phase)}`) !== "new\n"
    );
  }
}

/** When a controller dies: around the entry with that number. */
export interface Kill {
  readonly seq: number;
  readonly when: "before" | "after";
}

/** How a controller is, beside what the fleet is. */
export interface ControllerOptions {
  readonly kill?: Kill;
  /** The journal takes no entry from this one on. */
  readonly fullAt?: number;
  readonly control?: Partial<RunControl>;
  readonly hooks?: Partial<RunHooks>;
  readonly disk?: JournalEntry[];
  readonly persistText?: (sha256: string) => Promise<string | null>;
}

/** One process that works on a run: it can be killed, and then does nothing more. */
export class Controller {
  readonly ports: RunPorts;
  readonly events: RunEvent[] = [];
  isKilled = false;
  readonly #fleet: FakeFleet;
  readonly #options: ControllerOptions;
  readonly #disk: JournalEntry[];

  constructor(fleet: FakeFleet, options: ControllerOptions = {}) {
    this.#fleet = fleet;
    this.#options = options;
    this.#disk = options.disk ?? fleet.disk;
    this.ports = {
      reach: this.#reach(),
      journal: this.#journal(),
      measure: (cells) => this.#whileAlive(this.#measure(cells)),
      health: () => this.#whileAlive(fleet.clock.sleep(10).then(() => fleet.health)),
      clock: {
        now: () => fleet.clock.now(),
        monotonicMs: () => fleet.clock.monotonicMs(),
        sleep: (ms) => this.#whileAlive(fleet.clock.sleep(ms)),
      },
      control: {
        wish: () => "go-on",
        mayGoOn: async () => true,
        isConfirmed: async () => true,
        ...options.control,
      },
      hooks: { before: async () => ({ ok: true, why: "" }), after: async () => {}, ...options.hooks },
      emit: (event) => this.events.push(event),
      hostProgram: { text: "# the host program\n", sha256: sha256("# the host program\n") },
      by: "test",
      persistText: options.persistText ?? (async (digest) => (digest === sha256("new\n") ? "new\n" : null)),
    };
  }

  /** Runs a story to its end, or until the controller is killed: then the result is null. */
  async run<T>(story: (ports: RunPorts) => Promise<T>): Promise<T | null> {
    const ended: { value?: T; error?: unknown } = {};
    story(this.ports).then(
      (value) => Object.assign(ended, { value }),
      (error: unknown) => Object.assign(ended, { error }),
    );
    await this.#fleet.clock.run(() => this.isKilled || "value" in ended || "error" in ended);
    if ("error" in ended) throw ended.error;
    return ended.value ?? null;
  }

  #whileAlive<T>(promise: Promise<T>): Promise<T> {
    return promise.then((value) => (this.isKilled ? NEVER : value));
  }

  #journal(): Journal {
    const { kill, fullAt } = this.#options;
    return {
      entries: () => this.#disk,
      append: async (entry: NewJournalEntry) => {
        const last = this.#disk.at(-1) ?? null;
        const sealed = sealEntry(last, entry, this.#fleet.clock.now());
        const isLast = kill?.seq === sealed.seq;
        if (isLast && kill?.when === "before") this.isKilled = true;
        if (this.isKilled) return NEVER;
        if (fullAt !== undefined && sealed.seq >= fullAt) throw new Error("no space left on device");
        this.#disk.push(sealed);
        if (isLast) this.isKilled = true;
        await this.#whileAlive(this.#fleet.clock.sleep(1));
      },
    };
  }

  #reach(): HostReach {
    return {
      open: async (host) => {
        await this.#whileAlive(this.#fleet.clock.sleep(LATENCY_MS));
        const fake = this.#fleet.hosts.get(host);
        if (fake === undefined || fake.isDead) {
          return { ok: false, error: { kind: "timed-out", why: "it does not answer", hint: "" } };
        }
        return { ok: true, value: this.#session(host, fake) };
      },
    };
  }

  #session(host: HostId, fake: FakeHost): HostSession {
    return {
      host,
      run: (command) => this.#whileAlive(this.#send(fake, command, host)),
      close: async () => {},
    };
  }

  async #send(fake: FakeHost, command: HostCommand, host: HostId): Promise<HostAnswer> {
    const { clock } = this.#fleet;
    const [, place = "", verb = ""] = command.words;
    const fault = place === "-c" ? "none" : this.#fleet.fault(host, verb);
    if (this.isKilled) return NEVER;
    await clock.sleep(LATENCY_MS);
    if (fault === "lose-request" || fault === "late" || fake.isDead) {
      if (fault === "late")
        clock.at(clock.monotonicMs() + command.timeoutMs * 2, () => carryOut(fake, command));
      await clock.sleep(command.timeoutMs);
      return { kind: "timed-out", afterMs: command.timeoutMs };
    }
    const answer = carryOut(fake, command);
    await clock.sleep(LATENCY_MS);
    if (fault === "lose-reply" || answer === null) return { kind: "lost", why: "connection reset" };
    return { kind: "ended", ...answer, stderr: "" };
  }

  async #measure(cells: readonly Cell[]): Promise<readonly CellReading[]> {
    await this.#fleet.clock.sleep(20);
    return cells.map((cell): CellReading => {
      const fake = this.#fleet.hosts.get(cell.from);
      if (fake === undefined || fake.isDead) {
        return { cell, observed: "not-measured", why: "no session" };
      }
      const phase = Number(cell.to.split(".")[2]);
      const isThere = fake.kernel.get(nameOf(phase)) === "new" && !this.#fleet.brokenPhases.has(phase);
      return { cell, observed: isThere ? "delivered" : "lost", why: "" };
    });
  }
}

function carryOut(
  fake: FakeHost,
  { words, input = "" }: HostCommand,
): { code: number; stdout: string } | null {
  if (fake.isDead) return null;
  const [, place, ...rest] = words;
  if (place !== "-c") return fake.tell(rest, input);
  const [, , , wanted = "", what] = rest;
  if (what === "install") fake.program = sha256(input);
  return { code: fake.program === wanted ? 0 : 3, stdout: "" };
}

/** What a program for these tests has. */
export interface ProgramShape {
  readonly runId?: string;
  readonly hosts?: number;
  readonly phases?: number;
  readonly strategy?: RunProgram["strategy"];
  readonly policy?: Partial<RunPolicy>;
}

/** Hosts h1, h2 ... that all change in every phase; the cell to 10.0.PHASE.1 says whether its host has. */
export function buildProgram(shape: ProgramShape = {}): RunProgram {
  const { hosts: count = 3, phases = 2, strategy = "live", policy = {} } = shape;
  const hosts = Array.from({ length: count }, (_, index) => hostId(`h${index + 1}`));
  const numbers = Array.from({ length: phases }, (_, index) => index + 1);
  const cellsAfter = (phase: number): readonly Cell[] =>
    numbers.flatMap((number) =>
      hosts.map(
        (from): Cell => ({
          from,
          to: `10.0.${number}.1`,
          expected: number <= phase ? "delivered" : "lost",
        }),
      ),
    );
  return {
    runId: shape.runId ?? "20260101T000000Z-test",
    fleet: "test",
    planDigest: `sha256:${"0".repeat(64)}`,
    strategy,
    hosts,
    baseline: cellsAfter(0),
    phases: numbers.map((number) => ({
      number,
      steps: hosts.map((host) => stepOf(host, number)),
      gate: { consecutive: 3, settleSeconds: 2, timeoutSeconds: 10 },
      expected: cellsAfter(number),
    })),
    services: strategy === "live" ? [] : hosts.map((host) => ({ host, units: ["k3s.service"] })),
    movingAddresses: [],
    policy: { ...TEST_POLICY, ...policy },
  };
}

function stepOf(host: HostId, phase: number): RunProgram["phases"][number]["steps"][number] {
  const set = (value: string): readonly [string, ...string[]] => [
    "sysctl",
    "-w",
    `${nameOf(phase)}=${value}`,
  ];
  const path = `/etc/test/${nameOf(phase)}`;
  return {
    host,
    forward: [set("new")],
    revert: [set("old")],
    persist: [{ kind: "file", path, before: sha256("old\n"), text: "new\n" }],
  };
}

function nameOf(phase: number): string {
  return `net.test.p${phase}`;
}
