import type { HostId, LinkName, SegmentId } from "#model/index.js";
import type { LabFile } from "./platforms/index.js";

/** What a lab is to be, whole: nothing else decides what stands on this machine after `labUp`. */
export interface LabSpecification {
  /** Lower-case letters, digits and `-`, at most 20 of them, a letter first. */
  readonly name: string;
  readonly hosts: readonly LabHost[];
  /** Each becomes a bridge of the lab's switch; a link in none of them has a cable that leads nowhere. */
  readonly segments: readonly LabSegment[];
  /** The host in whose network namespace the controller runs, or null: then nothing in the lab is reached over SSH. */
  readonly operator: HostId | null;
}

/** One host of a lab. */
export type LabHost = NamespaceHost | SystemdHost;

interface AnyHost {
  readonly id: HostId;
  /** What has a cable: plain Ethernet links, down when the host boots. */
  readonly links: readonly LabLink[];
}

/** A bare network namespace with files of its own below /etc: fast, and hundreds fit. */
export interface NamespaceHost extends AnyHost {
  readonly kind: "netns";
  /** What a boot carries out: the words of `ip`, `bridge` and `sysctl -w` commands, in their order. */
  readonly commands: readonly (readonly string[])[];
}

/** A host with a process 1, a root file system and an SSH server of its own. It comes up with the network that its files give. */
export interface SystemdHost extends AnyHost {
  readonly kind: "systemd";
  /** The shared root below the host's own files; it is never written to. */
  readonly root: string;
  /** Put above the root before the first boot; later boots find them as the host left them. */
  readonly files: readonly LabFile[];
  /** The program that becomes process 1, or null for systemd. */
  readonly init: string | null;
  /** Where its SSH server is reached from the operator's namespace, or null where nobody shall. */
  readonly address: string | null;
  /** Further names of it in the SSH configuration, such as `nl-k8s-01.lan`. */
  readonly sshNames: readonly string[];
}

/** A link with a cable. */
export interface LabLink {
  readonly name: LinkName;
  readonly mac: string;
  readonly mtu: number;
  /** Whether the other end is up: without it the link has no carrier. */
  readonly isPlugged: boolean;
}

/** One switch. */
export interface LabSegment {
  readonly id: SegmentId;
  readonly ports: readonly { readonly host: HostId; readonly link: LinkName }[];
  /** Bytes of payload that it carries, or null for whatever the hosts send. */
  readonly mtu: number | null;
}
