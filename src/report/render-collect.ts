import type { Issue } from "#model/index.js";
import { formatSource } from "#model/index.js";
import { counted, PLAIN, type TextStyle } from "./style-text.js";

/** What was collected, as it is shown. */
export interface CollectView {
  readonly hosts: readonly {
    readonly host: string;
    readonly outcome: "whole" | "partly" | "not-reached";
    readonly missing: readonly string[];
    readonly why: string;
  }[];
  /** Why no verb can read it; null where they can. */
  readonly unreadable: {
    readonly message: string;
    readonly where: string | null;
    readonly hint: string;
    readonly more: readonly string[];
  } | null;
  readonly issues: readonly Issue[];
}

/** One line for each host, what stays unknown, and where it all was written. */
export function renderCollectText(view: CollectView, folder: string, style: TextStyle = PLAIN): string {
  const width = Math.max(...view.hosts.map(({ host }) => host.length), 0);
  const lines = view.hosts.map((host) => hostLine(host, width, style));
  const unknown = view.issues.filter(({ severity }) => severity === "unmodelled").length;
  const notes = [
    ...(unknown === 0
      ? []
      : [`${counted(unknown, "fact")} unknown: \`pointsman check --snapshot\` names them.`]),
    ...unreadableLines(view, style),
    `Written to ${folder}.`,
  ];
  return `${[...lines, "", ...notes].join("\n")}\n`;
}

function hostLine(
  { host, outcome, missing, why }: CollectView["hosts"][number],
  width: number,
  style: TextStyle,
): string {
  const name = style.bold(host.padEnd(width));
  switch (outcome) {
    case "whole":
      return `${name}  collected${missing.length === 0 ? "" : ` (without ${missing.join(", ")})`}`;
    case "partly":
      return `${name}  ${style.red("collected in part")}: ${why}`;
    case "not-reached":
      return `${name}  ${style.red("not reached")}: ${why}`;
  }
}

function unreadableLines({ unreadable }: CollectView, style: TextStyle): readonly string[] {
  if (unreadable === null) return [];
  return [
    `${style.red("Not readable as it is")}: ${unreadable.message}`,
    ...(unreadable.where === null ? [] : [`  Where: ${unreadable.where}`]),
    ...unreadable.more.map((more) => `  Also:  ${more}`),
    `  Next:  ${unreadable.hint}`,
  ];
}

/** The same as one JSON document; see schemas/collect.schema.json. */
export function renderCollectJson(view: CollectView, folder: string): string {
  const { hosts, unreadable, issues } = view;
  const document = {
    schemaVersion: 1,
    folder,
    hosts: hosts.map(({ host, outcome, missing, why }) => ({ host, outcome, missing, why })),
    isReadable: unreadable === null,
    problem: unreadable === null ? null : { message: unreadable.message, hint: unreadable.hint },
    issues: issues.map(({ code, severity, message, source }) => ({
      code,
      severity,
      message,
      place: source === null ? null : formatSource(source),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
