import { renderOperation } from "#formats/iproute2/index.js";
import type { BootStep } from "#model/index.js";
import { clusterFacts } from "./cluster-facts.js";
import type { LabFile } from "./lab-file.js";
import type { PlatformHost } from "./platform-host.js";
import { standinText } from "./standin-text.js";
import { undoOperation } from "./undo-operation.js";

/** What the modules of a host build to, as far as it concerns its network: a folder that goes into the store of the host. */
export interface NixosSystem {
  /** The name behind the digest in the store. */
  readonly name: string;
  /** Their paths are relative to the folder. */
  readonly files: readonly Extract<LabFile, { readonly text: string }>[];
}

/** Builds the stand-in for a host's system closure: the kernel operations that Pointsman's reader derives from its modules. */
export function buildNixosSystem(host: PlatformHost): NixosSystem {
  const facts = clusterFacts(host);
  const name = host.host.id.replace(/[^A-Za-z0-9+._?=-]/g, "_");
  return {
    name: `nixos-system-${name}-standin`,
    files: [
      text("bin/switch-to-configuration", standinText("nixos/switch-to-configuration"), 0o755),
      text("network/steps", renderSteps(host.configuration.steps), 0o644),
      text("nixos-version", "standin\n", 0o644),
      ...(facts === null ? [] : [text("k3s-standin/cluster", facts, 0o644)]),
    ],
  };
}

function text(path: string, content: string, mode: number): NixosSystem["files"][number] {
  return { path, mode, text: content };
}

/** The list that `standin/apply-steps` reads. */
export function renderSteps(steps: readonly BootStep[]): string {
  return steps
    .map(({ unit, onRefusal, operation }) => {
      const undo = undoOperation(operation);
      const words = [
        unit.replace(/\s/g, "-"),
        onRefusal,
        renderOperation(operation),
        undo === null ? "-" : renderOperation(undo),
      ];
      return `${words.join("\t")}\n`;
    })
    .join("");
}
