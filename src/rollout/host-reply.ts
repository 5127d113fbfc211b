/**
 * What came of a request to a host. Only `done`, `refused` and `failed` say what the host did; after `unknown` it may have done anything,
 * and after `unreachable` certainly nothing.
 */
export type HostReply<T> =
  | { readonly kind: "done"; readonly value: T }
  /** Nothing was changed. */
  | { readonly kind: "refused"; readonly why: string }
  /** The host takes the change back by itself, or a person is needed: its status says. */
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };
