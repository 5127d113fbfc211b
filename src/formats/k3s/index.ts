/**
 * k3s: `config.yaml` with its drop-ins, and the flags and environment of a systemd unit, as the network settings of one node.
 *
 * For: what the cluster's network depends on: node address, pod and service CIDR, flannel's back end and link, the server's address.
 * Not for: the flags' meaning (`readK3sFlags` of the model has it), tokens and other secrets (never kept), workloads.
 * Law: never throws; a network setting is a fact or an issue with its place, and k3s's own order of precedence is kept.
 */
export { editK3s } from "./edit.js";
export { readK3s } from "./read.js";
