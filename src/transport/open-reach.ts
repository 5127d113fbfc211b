import type { HostId, Opened, Purpose, Reach } from "./reach.js";
import type { ShellSession } from "./shell-session.js";

/** Makes a new session of a host. Never rejects. */
export type Connect = (host: HostId, purpose: Purpose) => Promise<Opened<ShellSession>>;

/** A reach over any way of starting a shell: it keeps the sessions, shares those for probes and closes them all. */
export function openReach(connect: Connect): Reach {
  const openings = new Set<Promise<Opened<ShellSession>>>();
  const probes = new Map<HostId, Promise<Opened<ShellSession>>>();

  const openNew = (host: HostId, purpose: Purpose): Promise<Opened<ShellSession>> => {
    const opening = connect(host, purpose);
    openings.add(opening);
    const forget = (): boolean => openings.delete(opening);
    opening.then((opened) => (opened.ok ? opened.value.ended.then(forget) : forget()), forget);
    return opening;
  };

  // Each asks the one before it: of those that find the session gone at the same time, one opens it anew.
  const openProbe = (host: HostId): Promise<Opened<ShellSession>> => {
    const known = probes.get(host);
    const opening =
      known === undefined
        ? openNew(host, "probe")
        : known.then((opened) => (opened.ok && opened.value.isOpen ? opened : openNew(host, "probe")));
    probes.set(host, opening);
    return opening;
  };

  return {
    open: (host, purpose) => (purpose === "probe" ? openProbe(host) : openNew(host, purpose)),
    close: async () => {
      await Promise.all(probes.values());
      probes.clear();
      const opened = await Promise.all(openings);
      await Promise.all(opened.map((one) => (one.ok ? one.value.close() : null)));
    },
  };
}
