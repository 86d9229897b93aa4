"""Open an event log with pm4py and print what it saw: run in an environment of its own.

pm4py is licensed under the AGPL: it is a tool beside us, never imported by us.
"""

import json
import sys

import pm4py


def see(path: str) -> dict[str, object]:
    """Return how many traces and events there are, and the activities with their number."""
    log = pm4py.read_xes(path, return_legacy_log_object=True)
    graph, starts, ends = pm4py.discover_dfg(log)
    return {
        "traces": [trace.attributes["concept:name"] for trace in log],
        "events": sum(len(trace) for trace in log),
        "activities": pm4py.get_event_attribute_values(log, "concept:name"),
        "resources": pm4py.get_event_attribute_values(log, "org:resource"),
        "starts": starts,
        "ends": ends,
        "follows": sorted([first, then, count] for (first, then), count in graph.items()),
    }


if __name__ == "__main__":
    print(json.dumps(see(sys.argv[1])))
