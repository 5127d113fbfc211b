import { formatIPv4 } from "#ip/index.js";
import { type ConfigurationEdit, editedRouteText, formatSource, type Source } from "#model/index.js";
import { type ChangedFile, renderDiff } from "./render-diff.js";
import { counted, PLAIN, type TextStyle } from "./style-text.js";

/** The edits that a change file needs, as they are shown. */
export interface EditView {
  /** The tree and the change file, as the operator named them. */
  readonly from: string;
  readonly change: string;
  readonly hosts: readonly { readonly host: string; readonly edits: readonly ConfigurationEdit[] }[];
  readonly files: readonly ChangedFile[];
  readonly refusals: readonly {
    readonly host: string;
    readonly message: string;
    readonly hint: string;
    readonly source: Source | null;
  }[];
  readonly notes: readonly string[];
}

/** What each host is to say differently, the diff of its files, what was refused, and what else there is to do. */
export function renderEditText(view: EditView, style: TextStyle = PLAIN): string {
  const title = style.bold(`Edits for ${view.change} on ${view.from}`);
  if (view.hosts.length === 0)
    return [title, "Nothing to do: the configuration says all of this already.", ...notes(view)]
      .map((block) => `${block}\n`)
      .join("\n");
  const refused = new Set(view.refusals.map(({ host }) => host));
  const blocks = [
    title,
    view.hosts
      .map(({ host, edits }) => {
        const mark = refused.has(host) ? style.red(" (refused)") : "";
        return [`${style.bold(host)}${mark}`, ...edits.map((edit) => `  ${describe(edit)}`)].join("\n");
      })
      .join("\n"),
    ...(view.files.length === 0 ? [] : [renderDiff(view.files, style).trimEnd()]),
    ...view.refusals.map((each) => renderRefusal(each, style)),
    ...notes(view),
    verdict(view, style),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** One line of each refusal after the other, for the standard error. */
export function renderRefusal(refusal: EditView["refusals"][number], style: TextStyle = PLAIN): string {
  const place = refusal.source === null ? "" : `${formatSource(refusal.source)}: `;
  return [
    `${place}${style.red("refused")}: ${style.bold(refusal.host)}`,
    `  ${refusal.message}`,
    `  By hand: ${refusal.hint}`,
  ].join("\n");
}

function notes(view: EditView): readonly string[] {
  return view.notes.length === 0 ? [] : [["Also:", ...view.notes.map((note) => `  - ${note}`)].join("\n")];
}

function verdict({ files, refusals, hosts }: EditView, style: TextStyle): string {
  const count = `${counted(files.length, "file")} of ${counted(hosts.length, "host")}`;
  if (refusals.length === 0)
    return `${style.green("Proved")}: read again, the edited files (${count}) mean this change and nothing else.`;
  return `${style.red("Refused")} for ${counted(new Set(refusals.map(({ host }) => host)).size, "host")}: their files are left as they are. The diff above is proved without them.`;
}

/** The same as one JSON document. */
export function renderEditJson(view: EditView): string {
  const { from, change, hosts, files, refusals, notes: also } = view;
  const result = refusals.length > 0 ? "refused" : hosts.length === 0 ? "nothing-to-do" : "proved";
  const document = {
    schemaVersion: 1,
    result,
    from,
    change,
    hosts: hosts.map(({ host, edits }) => ({ host, edits: edits.map(describe) })),
    files: files.map((file) => ({ path: file.path, diff: renderDiff([file]) })),
    refusals,
    notes: also,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function describe(edit: ConfigurationEdit): string {
  switch (edit.kind) {
    case "address-length":
      return `${formatIPv4(edit.ip)}/${edit.from} on ${edit.link} -> /${edit.to}`;
    case "address-add":
      return `+ ${formatIPv4(edit.ip)}/${edit.length} on ${edit.link}`;
    case "address-remove":
      return `- ${formatIPv4(edit.ip)}/${edit.length} on ${edit.link}`;
    case "gateway":
      return edit.gateway === null
        ? `no default gateway on ${edit.link}`
        : `default gateway ${formatIPv4(edit.gateway)} on ${edit.link}${edit.isOnlink ? ", on-link" : ""}`;
    case "route-add":
      return `+ route ${editedRouteText(edit.route)}`;
    case "route-remove":
      return `- route ${editedRouteText(edit.route)}`;
    case "mtu":
      return `MTU ${edit.mtu} on ${edit.link}`;
    case "flannel-backend":
      return `k3s --flannel-backend=${edit.backend}`;
    case "k3s-server":
      return `k3s --server=${edit.url}`;
    case "node-ip":
      return `k3s --node-ip=${formatIPv4(edit.ip)}`;
  }
}
