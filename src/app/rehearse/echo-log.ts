/** What one flow of echoes at a steady pace went through. */
export interface EchoGaps {
  readonly sent: number;
  readonly lost: number;
  /** The longest time between two answers, less the pace of the flow: 0 where nothing was missing. Milliseconds. */
  readonly longestGapMs: number;
}

const REPLY = /^\[(\d+\.\d+)\] .*icmp_seq=(\d+) .*time=/;
const SUMMARY = /^(\d+) packets transmitted, /m;
/** The sequence number of an echo has 16 bits (RFC 792). */
const SEQUENCES = 65_536;

/**
 * Reads what `ping -D -n -i PACE` of iputils printed until it was interrupted. Answers that came twice count once.
 *
 * Echoes that were still under way when ping was interrupted are no lost ones: up to `UNDER_WAY` at the end are left out where they have no answer.
 *
 * @returns null where the text has no summary, which is the last thing that ping prints.
 */
export function readEchoLog(text: string, paceMs: number): EchoGaps | null {
  const summary = SUMMARY.exec(text);
  if (summary === null) return null;
  const sent = Number(summary[1]);
  const replies = readReplies(text);
  const silentAtEnd = sent - (replies.at(-1)?.sequence ?? 0);
  const counted = sent - Math.max(Math.min(silentAtEnd, UNDER_WAY), 0);
  const answered = new Set(replies.map(({ sequence }) => sequence)).size;
  const endGapMs = silentAtEnd > UNDER_WAY ? silentAtEnd * paceMs : 0;
  return {
    sent: counted,
    lost: Math.max(counted - answered, 0),
    longestGapMs: Math.max(longestGap(replies, paceMs), endGapMs),
  };
}

/** At a pace of 10 ms: a fifth of a second for an answer on its way. */
const UNDER_WAY = 20;

interface Reply {
  readonly atMs: number;
  /** Counted on beyond 16 bits, from 1. */
  readonly sequence: number;
}

function readReplies(text: string): readonly Reply[] {
  const replies: Reply[] = [];
  let base = 0;
  let before = 0;
  for (const line of text.split("\n")) {
    const match = REPLY.exec(line);
    if (match === null) continue;
    const short = Number(match[2]);
    if (short < before - SEQUENCES / 2) base += SEQUENCES;
    before = short;
    replies.push({ atMs: Number(match[1]) * 1000, sequence: base + short });
  }
  return replies.sort((one, other) => one.sequence - other.sequence);
}

/** Answers whose echoes follow each other leave no gap, however late the machine was: a gap is of echoes without an answer. */
function longestGap(replies: readonly Reply[], paceMs: number): number {
  let longest = ((replies[0]?.sequence ?? 1) - 1) * paceMs;
  for (const [index, reply] of replies.entries()) {
    const previous = replies[index - 1];
    if (previous === undefined || reply.sequence - previous.sequence <= 1) continue;
    longest = Math.max(longest, reply.atMs - previous.atMs - paceMs);
  }
  return Math.round(longest);
}
