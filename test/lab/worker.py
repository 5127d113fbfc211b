"""Builds fleets and runs flows at the word of the test: one JSON object per line in, one per line out.

{"do": "build", "specification": ...}                     -> {"snapshot": DIR, "refused": {host: [message]}}
{"do": "become", "commands": {host: [shell]}, "specification": ...} -> {"snapshot": DIR, "refused": {host: [message]}}
{"do": "run", "flows": [{"from", "to", "size"?}], "patient": bool} -> {"flows": [...]}
{"do": "drop"}                                           -> {}

A failure answers {"error": text} and leaves no fleet. Namespaces and snapshot end with the process,
which ends with its input.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import traceback

from changing import carry_out
from fleet_builder import NEIGHBOUR_TIMING, Fleet, write_snapshot
from recorder import HASTY, PATIENT
from sized import SizedRecorder


class Worker:
    def __init__(self, folder):
        self.snapshot = os.path.join(folder, "snapshot")
        self.fleet = None
        self.recorder = None

    def build(self, request):
        self.drop(request)
        self.fleet = Fleet(request["specification"])
        self.recorder = SizedRecorder(self.fleet)
        self.recorder.flush()
        write_snapshot(self.fleet, self.snapshot)
        return {"snapshot": self.snapshot, "refused": self.fleet.refused}

    def become(self, request):
        """Carries commands out; the specification says which links and caches the same hosts have then."""
        refused = carry_out(self.fleet, request["commands"])
        self.recorder.close()
        self.fleet.specification = request["specification"]
        self.fleet.set_neighbour_timing(NEIGHBOUR_TIMING)
        self.recorder = SizedRecorder(self.fleet)
        self.recorder.flush()
        shutil.rmtree(self.snapshot, ignore_errors=True)
        write_snapshot(self.fleet, self.snapshot)
        return {"snapshot": self.snapshot, "refused": refused}

    def run(self, request):
        self.recorder.set_pace(PATIENT if request["patient"] else HASTY)
        return {"flows": [self.recorder.run(flow) for flow in request["flows"]]}

    def drop(self, _):
        if self.recorder is not None:
            self.recorder.close()
        if self.fleet is not None:
            self.fleet.close()
        self.recorder = self.fleet = None
        shutil.rmtree(self.snapshot, ignore_errors=True)
        return {}


def main(folder):
    worker = Worker(folder)
    answers = {"build": worker.build, "become": worker.become, "run": worker.run, "drop": worker.drop}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = answers[request["do"]](request)
        except Exception:  # noqa: BLE001 - the test must learn of any failure, and the next fleet must start clean
            worker.drop(request)
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="pointsman-lab-") as owned:
        try:
            main(owned)
        except KeyboardInterrupt:
            sys.exit(1)
