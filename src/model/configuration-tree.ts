/** Read access to one tree of configuration files (a folder, or a git revision); paths are relative with forward slashes. The caller owns the I/O. */
export interface ConfigurationTree {
  /** The text of a file, or null where there is none. Bytes that are no UTF-8 come as U+FFFD. */
  readonly read: (path: string) => string | null;
  /** The paths of the files below a folder, sorted, or an empty list. */
  readonly list: (folder: string) => readonly string[];
}
