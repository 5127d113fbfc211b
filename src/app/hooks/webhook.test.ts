import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewJournalEntry, RunEvent } from "#rollout/index.js";
import { openWebhook, type Webhook } from "./webhook.js";

let server: Server;
let bodies: unknown[];
let failures: string[];
let respond: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  bodies = [];
  failures = [];
  respond = (_, response) => response.end();
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      bodies.push(JSON.parse(body));
      respond(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function port(): number {
  const address: string | AddressInfo | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function webhook(url = `http://127.0.0.1:${port()}/secret-path`): Webhook {
  return openWebhook({
    url,
    run: "R1",
    fleet: "home",
    timeoutMs: 300,
    pauseMs: 10,
    onFailure: (what) => failures.push(what),
  });
}

function event(entry: NewJournalEntry): RunEvent {
  return { kind: "journal", entry: { ...entry, seq: 1, time: "", previous: "", hash: "" } };
}

const END = event({ kind: "end", outcome: { kind: "rolled-back", why: "a secret reason" } });

describe("A webhook", () => {
  it("is told the stations of a run in order, and nothing of the plan", async () => {
    const hook = webhook();
    hook.tell(event({ kind: "resume", by: "me" }));
    hook.tell(event({ kind: "note", what: "something", detail: "else" }));
    hook.tell({ kind: "waiting", for: "the cluster", secondsLeft: 3 });
    hook.tell(event({ kind: "decision", phase: 1, decision: "take-back", why: "a secret reason" }));
    hook.tell(END);
    await hook.settle();
    expect(bodies).toEqual([
      { run: "R1", fleet: "home", event: "resume", outcome: null },
      { run: "R1", fleet: "home", event: "phase 1: take-back", outcome: null },
      { run: "R1", fleet: "home", event: "end", outcome: "rolled-back" },
    ]);
    expect(failures).toEqual([]);
  });

  it("is asked once more where it does not take a message", async () => {
    respond = (_, response) => response.writeHead(bodies.length === 1 ? 503 : 200).end();
    const hook = webhook();
    hook.tell(END);
    await hook.settle();
    expect(bodies).toHaveLength(2);
    expect(failures).toEqual([]);
  });

  it("that refuses twice is a note, which keeps its path to itself", async () => {
    respond = (_, response) => response.writeHead(403).end();
    const hook = webhook();
    hook.tell(END);
    await hook.settle();
    expect(bodies).toHaveLength(2);
    expect(failures).toEqual([
      `The webhook at \`127.0.0.1:${port()}\` was not told of \`end\`: it answered 403. The run goes on.`,
    ]);
  });

  it("that never answers is given up in time", async () => {
    respond = () => undefined;
    const hook = webhook();
    hook.tell(END);
    await hook.settle();
    expect(failures).toEqual([
      `The webhook at \`127.0.0.1:${port()}\` was not told of \`end\`: no answer within 0.3 s. The run goes on.`,
    ]);
  });

  it("that is not there is a note", async () => {
    const closed = port();
    await new Promise((resolve) => server.close(resolve));
    const hook = webhook(`http://127.0.0.1:${closed}/`);
    hook.tell(END);
    await hook.settle();
    expect(failures).toEqual([
      `The webhook at \`127.0.0.1:${closed}\` was not told of \`end\`: it could not be reached (ECONNREFUSED). The run goes on.`,
    ]);
  });

  it("does not follow to another place", async () => {
    respond = (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    const hook = webhook();
    hook.tell(END);
    await hook.settle();
    expect(failures).toHaveLength(1);
  });
});
