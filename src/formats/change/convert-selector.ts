import type { HostRole, Issue, Source } from "#model/index.js";
import type { HostSelector } from "./change.js";
import { message } from "./messages.js";

const ROLES: readonly HostRole[] = ["node", "hypervisor", "router", "other"];
const KEYS = ["role", "cluster", "segment"];

/** Reads `all`, `role=node`, `cluster=prod`, `segment=main` or a name; whether there is such a name is not asked here. */
export function convertSelector(text: string, source: Source): HostSelector | Issue {
  if (text === "all") return { kind: "all", source };
  const match = /^([^=]*)=(.*)$/.exec(text);
  if (match === null) return { kind: "host", name: text, source };
  const [, key, value = ""] = match;
  if (value === "" || value.includes("=")) return message.wrongSelector(source, text, KEYS);
  if (key === "cluster" || key === "segment") return { kind: key, name: value, source };
  if (key !== "role") return message.wrongSelector(source, text, KEYS);
  const role = ROLES.find((each) => each === value);
  return role === undefined ? message.wrongRole(source, value, ROLES) : { kind: "role", role, source };
}
