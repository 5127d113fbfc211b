import type { IPv4 } from "#ip/index.js";
import { parseJson, type Reading, readText } from "./reading.js";
import { etcdSchema } from "./schema.js";

/** Where the other members dial the etcd member of this host, as etcd.json has it; no file says nothing. */
export function readEtcdPeer(reading: Reading, folder: string): { readonly etcdPeer?: IPv4 } {
  const file = `${folder}/etcd.json`;
  const text = readText(reading, file);
  if (text === "missing" || text === null) return {};
  const peer = parseJson(reading, file, text, etcdSchema)?.peer;
  return peer === undefined ? {} : { etcdPeer: peer };
}
