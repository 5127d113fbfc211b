/**
 * What the Linux kernel does with a packet: FIB, ARP, bridging, VXLAN, the walk of a request and its reply, verdicts.
 *
 * For: judging a flow in one state (`judgeFlow`, `judgeMatrix`) or along every stage a host may be in (`walkFlow` with a chooser).
 * Not for: changing state (`model/kernel`), NAT, firewalls, IPv6, dynamic routing: what is not modelled ends in `unknown`.
 * Law: where this and the kernel differ, the kernel is right; `test/lab` compares the two.
 */
export type { Way } from "./ages.js";
export { describeWay, narrow } from "./ages.js";
export type { Chooser } from "./chooser.js";
export { buildChooser } from "./chooser.js";
export type { FleetClasses } from "./classes.js";
export { classifyHosts } from "./classes.js";
export type { CompiledHost, CompiledLink } from "./compiled-host.js";
export { compileHost } from "./compiled-host.js";
export { describeRoute } from "./describe-route.js";
export type { FlowKey, FlowOutcome, FlowResult, Verdict } from "./flow.js";
export { judgeExits, judgeFlow, sortVerdicts, walkFlow } from "./flow.js";
export type { Flow, FlowKind, FoldedFlows } from "./fold.js";
export { foldFlows, labelClasses } from "./fold.js";
export { addFullSize, hasMixedMtus } from "./full-size.js";
export type { Domain, Layer2 } from "./layer2.js";
export type { Leg } from "./leg.js";
export type { MatrixOptions } from "./matrix.js";
export { judgeMatrix, judgeOne, ownedAddresses } from "./matrix.js";
export type { Packet, Place } from "./packet.js";
export { MAX_HOPS } from "./packet.js";
export { receivePacket } from "./receive.js";
export type { Recollection, RememberedEntry } from "./recollection.js";
export { lookupRoute } from "./route-lookup.js";
export type { Hop, Run } from "./run.js";
export { startRun } from "./run.js";
export type { FlowSize } from "./sized-flow.js";
export { parseFlowSize } from "./sized-flow.js";
export { carryPacket, departPacket } from "./walk.js";
export type { StagedHost, World, WorldHost } from "./world.js";
export { buildSnapshotWorld, buildWorld } from "./world.js";
