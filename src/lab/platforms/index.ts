/**
 * What a lab host of each operating system has on disk: its own network configuration in the place where its platform reads it, and
 * what stands in for parts that cannot be had here (each named `standin`).
 *
 * For: the lab, which lays these files over the shared root before a host boots.
 * Not for: making namespaces or processes.
 * Law: the same host gives the same files, to the byte; nothing here runs anything.
 */
export type { LabFile } from "./lab-file.js";
export type { InstallCommand } from "./nixos-files.js";
export { installSystem } from "./nixos-files.js";
export { platformFiles, rootKindOf } from "./platform-files.js";
export type { PlatformHost } from "./platform-host.js";
