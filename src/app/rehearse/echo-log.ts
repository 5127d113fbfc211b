/** What one flow of echoes at a steady pace went through. */
export interface EchoGaps {
  readonly sent: number;
  readonly lost: number;
  /** The longest time from one answer to the next one over lost echoes, less the pace of the flow: 0 where none was lost. Milliseconds. */
  readonly longestGapMs: number;
}

/** `[1795409483.71368] 10.9.9.2 : [0], 64 bytes, 0.052 ms (...)`, or `..., timed out (...)`. */
const LINE = /^\[(\d+\.\d+)\] (\S+) +: \[(\d+)\], (?:\d+ bytes|(timed out))/;

interface Echo {
  readonly number: number;
  /** When its answer came; null: it did not come in time. */
  readonly answeredAtMs: number | null;
}

/**
 * Reads what `fping -l -D` printed, by destination. An echo whose answer came too late is a lost one; one that was still under way at the end
 * is not counted.
 *
 * ping(8) of iputils cannot be used for this: it sends no echo while earlier ones wait for a neighbour, and so hides the very gap.
 *
 * @param paceMs between two echoes of one flow.
 */
export function readEchoLog(text: string, paceMs: number): ReadonlyMap<string, EchoGaps> {
  const byDestination = new Map<string, Echo[]>();
  for (const line of text.split("\n")) {
    const match = LINE.exec(line);
    const to = match?.[2];
    if (match === null || to === undefined) continue;
    const answeredAtMs = match[4] === undefined ? Number(match[1]) * 1000 : null;
    const echoes = byDestination.get(to) ?? [];
    echoes.push({ number: Number(match[3]), answeredAtMs });
    byDestination.set(to, echoes);
  }
  return new Map([...byDestination].map(([to, echoes]) => [to, sumUp(echoes, paceMs)]));
}

function sumUp(echoes: readonly Echo[], paceMs: number): EchoGaps {
  const inOrder = echoes.toSorted((one, other) => one.number - other.number);
  const lost = inOrder.filter(({ answeredAtMs }) => answeredAtMs === null).length;
  return { sent: inOrder.length, lost, longestGapMs: longestGap(inOrder, paceMs) };
}

/** Where the first or the last answers are missing, the lost echoes themselves say how long. */
function longestGap(inOrder: readonly Echo[], paceMs: number): number {
  let longest = 0;
  let lost = 0;
  let lastAnswerMs: number | null = null;
  for (const { answeredAtMs } of inOrder) {
    if (answeredAtMs === null) {
      lost += 1;
      continue;
    }
    const gap = lastAnswerMs === null ? lost * paceMs : answeredAtMs - lastAnswerMs - paceMs;
    if (lost > 0) longest = Math.max(longest, gap);
    lastAnswerMs = answeredAtMs;
    lost = 0;
  }
  return Math.round(Math.max(longest, lost * paceMs));
}
