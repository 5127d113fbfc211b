/**
 * The transport: shells on hosts, over SSH, on this machine, or in the lab.
 *
 * For: opening sessions, commands as words and input as data, time-outs that end the whole process group on the host, host keys, addresses
 * that stay what they were at the start, `sudo`, and why a host has no session, in words.
 * Not for: what is run (`rollout`, `probe`, `app`), files of the fleet, deciding what an answer means for a run.
 * Law: no word and no input is ever shell text of its own; what was not answered whole is `lost`, never guessed; a host key that is not known
 * is refused unless the caller accepts new ones, one that has changed always; no session, command or process outlives its time.
 */
export { type LabStartWords, openLabReach } from "./open-lab-reach.js";
export { openLocalReach } from "./open-local-reach.js";
export type { Reach, StartWords } from "./reach.js";
export { openSshReach, type SshReachOptions } from "./ssh/open-ssh-reach.js";
export { sudoersFor } from "./sudoers.js";
