import { say, startOf } from "./messages.js";
import { parseJson, type Reading, readText } from "./reading.js";
import { nftSchema } from "./schema.js";

/** Notes firewall rules, which are not modelled. An empty nft.json comes from a host without nft and says nothing. */
export function readFirewall(reading: Reading, folder: string): void {
  const file = `${folder}/nft.json`;
  const text = readText(reading, file);
  if (text === "missing" || text === null || text.trim() === "") return;
  const ruleset = parseJson(reading, file, text, nftSchema);
  const filters = (ruleset?.nftables ?? []).filter(
    ({ rule, chain }) =>
      (rule !== undefined && rule.family !== "ip6") || (chain?.policy === "drop" && chain.family !== "ip6"),
  );
  if (filters.length > 0) reading.unmodelled.push(say.firewall(startOf(file), filters.length));
}
