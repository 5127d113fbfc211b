import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createFile, makeFolder } from "./durable-files.js";
import type { RunFolder } from "./run-folder.js";

/** What may be asked of a run from another terminal: to take all back, or to go on behind one phase. */
export type LeftRequest = { readonly kind: "abort" } | { readonly kind: "confirm"; readonly phase: number };

/** Leaves a request in the folder of a run, where its controller finds it; asking twice is asking once. */
export function leaveRequest(folder: RunFolder, request: LeftRequest, by: string): void {
  makeFolder(requestsOf(folder));
  createFile(join(requestsOf(folder), nameOf(request)), `${by}\n`);
}

/** Whether something was asked. Cheap enough to be called again and again; a folder that cannot be read has no requests. */
export function isRequested(folder: RunFolder, request: LeftRequest): boolean {
  return existsSync(join(requestsOf(folder), nameOf(request)));
}

/** Forgets what was asked of an earlier controller. */
export function clearRequests(folder: RunFolder): void {
  rmSync(requestsOf(folder), { recursive: true, force: true });
  makeFolder(requestsOf(folder));
}

function requestsOf(folder: RunFolder): string {
  return join(folder.path, "requests");
}

function nameOf(request: LeftRequest): string {
  return request.kind === "abort" ? "abort" : `confirm-${request.phase}`;
}
