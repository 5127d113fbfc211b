/**
 * OpenWrt's UCI: /etc/config/network and /etc/config/dhcp.
 *
 * For: what netifd and dnsmasq make of these files at boot, as kernel operations and facts with their places.
 * Not for: wireless, firewall, VLANs of built-in switches, IPv6 (kept as text), or other files of /etc/config.
 * Law: no text makes a reader throw; what is not understood becomes an issue; `parseUci(renderUci(d))` holds the sections of `d`.
 */
export type { ServerAddress, StaticLease } from "./dhcp.js";
export { readStaticLeases } from "./dhcp.js";
export type { UciDocument, UciOption, UciSection, UciValue } from "./document.js";
export { editUci } from "./edit.js";
export { parseUci } from "./parse.js";
export { readUci } from "./read.js";
export { renderUci } from "./render.js";
