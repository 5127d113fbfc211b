/**
 * The shared read-only roots of all lab hosts: one of Debian with systemd, made by debootstrap, and one of busybox made from it.
 *
 * For: the lab, which lays an overlay on it for each host.
 * Not for: what differs from host to host (`platforms`).
 * Law: a root is whole or not there; its name says by which recipe it was made, and nobody changes it afterwards.
 */
export type { RootKind } from "./ensure-root.js";
export { ensureRoot } from "./ensure-root.js";
