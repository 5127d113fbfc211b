import { renderOperation } from "#formats/iproute2/index.js";
import { applyOperation, type Host, type Operation } from "#model/index.js";
import { differences, isSameAnswer } from "./comparable.js";
import { KernelHost } from "./kernel-host.js";
import { randomOf, randomOperation } from "./random-operations.js";

/** Where model and kernel part, and by which operations they came there. */
export interface Disagreement {
  readonly commands: readonly string[];
  readonly details: readonly string[];
}

/** The most operations of one sequence. */
const LENGTH = 15;

let hostsMade = 0;

function newHost(): KernelHost {
  hostsMade += 1;
  return new KernelHost(`pmop${process.pid}-${hostsMade}`);
}

/** Runs a random sequence in the kernel and in the model; a disagreement comes back as its shortest form. */
export function runSequence(seed: number): {
  readonly operations: number;
  readonly found: Disagreement | null;
} {
  const random = randomOf(seed);
  const done: Operation[] = [];
  const found = play((host, index) => (index < LENGTH ? randomOperation(random, host) : null), done);
  return { operations: done.length, found: found === null ? null : shrink(done, found) };
}

/** Plays operations that `next` chooses from the host as it is, until there is none or model and kernel differ. */
export function play(
  next: (host: Host, index: number) => Operation | null,
  done: Operation[],
): Disagreement | null {
  const kernel = newHost();
  try {
    let host = kernel.apply(null).host;
    for (let index = 0; ; index += 1) {
      const operation = next(host, index);
      if (operation === null) return null;
      done.push(operation);
      const model = applyOperation(host, operation);
      const answer = kernel.apply(operation);
      const said = model.ok ? null : model.error.kernelMessage;
      host = model.ok ? model.value : host;
      const details = isSameAnswer(operation, said, answer.refusal)
        ? differences(host, answer.host)
        : [`model says:  ${said}`, `kernel says: ${answer.refusal}`];
      if (details.length > 0) return { commands: done.map(renderOperation), details };
    }
  } finally {
    kernel.remove();
  }
}

/** Leaves out one operation after the other as long as model and kernel still differ. */
function shrink(operations: readonly Operation[], found: Disagreement): Disagreement {
  let shortest = { operations, found };
  for (let index = operations.length - 2; index >= 0; index -= 1) {
    const shorter = shortest.operations.toSpliced(index, 1);
    const done: Operation[] = [];
    const again = play((_, at) => shorter[at] ?? null, done);
    if (again !== null) shortest = { operations: done, found: again };
  }
  return shortest.found;
}
