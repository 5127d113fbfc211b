import type { FlowResult } from "#dataplane/index.js";

/** One flow as `trace --json` prints it; the fields are those of the matrix. */
export function renderTraceJson(flow: FlowResult): string {
  return `${JSON.stringify({ schemaVersion: 1, ...flow }, null, 2)}\n`;
}

/** The matrix as `matrix --json` prints it, one flow a line, in pieces: it may be too long for one string. */
export function* renderMatrixJson(flows: Iterable<FlowResult>): Generator<string, void> {
  yield '{"schemaVersion": 1, "flows": [';
  let separator = "\n";
  for (const flow of flows) {
    yield `${separator}${JSON.stringify(flow)}`;
    separator = ",\n";
  }
  yield "\n]}\n";
}
