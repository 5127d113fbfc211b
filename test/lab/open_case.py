"""Builds the fleet of a case and keeps it: python3 test/lab/open_case.py test/lab/cases/NNN-slug

Prints how to enter each host, runs the case's flows once, and lets go of everything at the end of input (Enter, or Ctrl-D).
"""

import json
import os
import sys

from fleet_builder import Fleet
from recorder import PATIENT, Recorder


def main(folder):
    with open(os.path.join(folder, "spec.json"), encoding="utf-8") as file:
        case = json.load(file)
    fleet = Fleet(case["fleet"])
    for name, refused in fleet.refused.items():
        for line in refused:
            print(f"{name}: the kernel refused: {line}")
    recorder = Recorder(fleet)
    recorder.set_pace(PATIENT)
    for flow in case["flows"]:
        print(json.dumps(recorder.run({"from": flow["from"], "to": flow["to"]}), indent=1))
    recorder.flush()
    for name, namespace in [*fleet.hosts.items(), ("switch", fleet.switch)]:
        print(f"{name}: nsenter --net={namespace.path}")
    input("Enter to let go: ")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: open_case.py DIRECTORY-OF-A-CASE")
    try:
        main(sys.argv[1])
    except EOFError:
        pass
