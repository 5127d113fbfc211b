"""Caches that a specification wants filled: what a flush takes away is put back before each flow.

Neighbour entries that are not permanent (`nud stale`, `nud reachable`, `nud delay`), and all forwarding entries of bridges that
are not sticky: the kernel moves even a `static` one to the port by which it last heard its address (net/bridge/br_fdb.c).
"""

import time

from fleet_builder import settle
from recorder import Recorder

# An entry is corrected by what is heard in a later jiffy only (net/ipv4/arp.c, arp_process); one is 10 ms or less.
JIFFY_SECONDS = 0.012


class RememberingRecorder(Recorder):
    """A recorder whose flows all start from the caches of the specification."""

    def __init__(self, fleet):
        self.remembered = []
        for host in fleet.specification["hosts"]:
            neighbours = [f"neigh replace {line}" for line in host["neighbours"] if _is_dynamic(line)]
            fdb = [f"fdb replace {line.removeprefix('add ')}" for line in host["fdb"] if _may_move(line)]
            for program, lines in (("ip", neighbours), ("bridge", fdb)):
                if lines:
                    text = "".join(f"{line}\n" for line in lines)
                    self.remembered.append((fleet.hosts[host["name"]], program, text))
        # A port that does not forward yet takes no entry that a bridge may have learnt (net/bridge/br_fdb.c, fdb_add_entry).
        if self.remembered:
            settle(fleet)
        super().__init__(fleet)

    def flush(self):
        super().flush()
        running = []
        for namespace, program, text in self.remembered:
            process = namespace.start([program, "-force", "-batch", "-"])
            process.stdin.write(text)
            process.stdin.close()
            process.stdin = None
            running.append(process)
        for process in running:
            process.communicate()
        if running:
            time.sleep(JIFFY_SECONDS)


def _is_dynamic(line):
    return " nud " in line and not line.endswith(("nud permanent", "nud noarp"))


def _may_move(line):
    return line.startswith("add ") and " master" in line and "sticky" not in line
