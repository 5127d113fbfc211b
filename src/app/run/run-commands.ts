import { operationWords } from "#formats/iproute2/index.js";
import type { HostId, Operation } from "#model/index.js";
import { type HostChange, isWiringHost, type Step } from "#plan/index.js";
import type { CommandWords } from "#rollout/index.js";
import { revertOperations } from "../plan-file/write.js";

/** What a host of a phase is told, there and back. */
export interface StepCommands {
  readonly host: HostId;
  readonly forward: readonly CommandWords[];
  /** Through the same states in reverse; empty where the model of the kernel finds no way back. */
  readonly revert: readonly CommandWords[];
}

/** The commands of one step; what a person has to do by hand has none, see `findHandwork`. */
export function stepCommands({ host, fromStage, toStage }: Step, change: HostChange): StepCommands {
  const stages = change.stages.slice(fromStage, toStage + 1);
  return {
    host,
    forward: wordsOf(change.operations.slice(fromStage, toStage)),
    revert: wordsOf(revertOperations(stages)),
  };
}

/** Why a step cannot be carried out by commands on its host, in words for a person; null where it can. */
export function findHandwork({ host, fromStage, toStage }: Step, change: HostChange): string | null {
  if (isWiringHost(host)) return `\`${host}\`: a port of a switch, or a cable, moves`;
  const peer = change.operations.slice(fromStage, toStage).find(({ kind }) => kind === "etcd-peer");
  return peer === undefined ? null : `\`${host}\`: the peer URL of its etcd member changes`;
}

function wordsOf(operations: readonly Operation[]): readonly CommandWords[] {
  return operations.flatMap((operation) => {
    const words = operationWords(operation);
    return words === null ? [] : [words];
  });
}
