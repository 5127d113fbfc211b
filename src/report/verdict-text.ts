import type { Verdict } from "#dataplane/index.js";
import type { TextStyle } from "./style-text.js";

/** A verdict in words. */
export function describeVerdict(verdict: Verdict): string {
  switch (verdict) {
    case "delivered":
      return "request and reply arrive";
    case "unknown":
      return "something on the way is not modelled";
    case "lost-reply":
      return "the request arrives, the reply does not";
    case "lost":
      return "the request does not arrive";
    case "loop":
      return "the packet goes in a circle until its TTL ends";
  }
}

/** One character for a cell of the matrix. */
export function verdictSymbol(verdict: Verdict): string {
  switch (verdict) {
    case "delivered":
      return ".";
    case "unknown":
      return "?";
    case "lost-reply":
      return "R";
    case "lost":
      return "X";
    case "loop":
      return "O";
  }
}

/** Green for what works, yellow for what is not known, red for what fails. */
export function paintVerdict(verdict: Verdict, style: TextStyle): (text: string) => string {
  switch (verdict) {
    case "delivered":
      return style.green;
    case "unknown":
      return style.yellow;
    case "lost-reply":
    case "lost":
    case "loop":
      return style.red;
  }
}
