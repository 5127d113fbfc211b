import type { HostId, LinkName } from "#model/index.js";

/** A lab that stands, as its folder says. */
export interface Lab {
  readonly name: string;
  /** Holds all that the lab wrote; gone after `labDown`. */
  readonly folder: string;
  readonly hosts: readonly LabRecord[];
  readonly operator: HostId | null;
  /** For `ssh -F` from the operator's namespace, or null where no host is reached so. */
  readonly sshConfig: string | null;
}

/** One host of a lab that stands. */
export interface LabRecord {
  readonly id: HostId;
  readonly kind: "netns" | "systemd";
  /** From 1; names of namespaces, folders and control groups come from it, since a host's own name is only data. */
  readonly number: number;
  readonly links: readonly LabPort[];
}

/** A link and its port on the lab's switch. */
export interface LabPort {
  readonly link: LinkName;
  readonly port: string;
  readonly isPlugged: boolean;
}
