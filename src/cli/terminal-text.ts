/** Control characters besides line feed and tab, but for the colours that reports use themselves (ECMA-48, SGR). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const UNSAFE = /\u001b(?!\[(?:1|2|22|31|32|33|39)m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** Text from files as a terminal may show it: what would move its cursor or change its title becomes U+FFFD. */
export function terminalText(text: string): string {
  return text.replace(UNSAFE, "\ufffd");
}
