import type { HostConfiguration, Source } from "#model/index.js";

/** Facts and issues whose place is not a line and column of the file, as sentences. */
export function misplaced(
  configuration: HostConfiguration,
  file: { readonly path: string; readonly text: string },
): readonly string[] {
  const lines = file.text.split("\n");
  const complaint = (what: string, source: Source | null): readonly string[] => {
    if (source === null) return [`${what} has no place`];
    const line = lines[source.line - 1];
    const isInside =
      source.file === file.path &&
      line !== undefined &&
      source.column >= 1 &&
      source.column <= line.length + 1;
    return isInside
      ? []
      : [`${what} stands at ${source.file}:${source.line}:${source.column}, which is not in the file`];
  };
  return [
    ...configuration.issues.flatMap((issue) => complaint(`issue ${issue.code}`, issue.source)),
    ...configuration.steps.flatMap((step) => complaint(`step ${step.operation.kind}`, step.source)),
    ...configuration.dynamicLinks.flatMap((link) => complaint(`dynamic link ${link.link}`, link.source)),
    ...configuration.ipv6.flatMap((fact) => complaint(`IPv6 ${fact.text}`, fact.source)),
    ...configuration.dhcpRanges.flatMap((range) => complaint("DHCP range", range.source)),
  ];
}
