"""Run the benchmarks: ``python -m benchmarks [SUITE …] [--quick] [--no-sqlite|--no-postgresql]``.

Suites: moves, imports, reading, sweeps, deliveries, draws, demands, asking, proofs,
auditing, pages, first_page, crowd, filings, buses, registers; all of them when none is named.
Every figure is a ratio against a floor or a peer measured in the same run, or a time whose goal
the design states. Exit code 1 when a goal is missed.
"""

import sys
from importlib import import_module

SUITES = (
    "moves", "imports", "reading", "sweeps", "deliveries", "draws", "demands", "asking", "proofs",
    "auditing", "pages", "first_page", "crowd", "filings", "buses", "registers",
)  # fmt: skip
FULL = {
    "moves": 100,
    "imports": 100_000,
    "reading": 1_000_000,
    "sweeps": 1_000_000,
    "deliveries": 5_000,
    "draws": 1_000_000,
    "demands": 10_000,
    "asking": 1_000_000,
    "proofs": 1_000_000,
    "auditing": 1_000_000,
    "pages": 1_000_000,
    "first_page": 20_000,
    "crowd": 1_000_000,
    "filings": 200_000,
    "buses": 300_000,
    "registers": 500_000,
}
QUICK = {
    "moves": 20,
    "imports": 2_000,
    "reading": 20_000,
    "sweeps": 20_000,
    "deliveries": 500,
    "draws": 20_000,
    "demands": 500,
    "asking": 20_000,
    "proofs": 100_000,
    "auditing": 20_000,
    "pages": 20_000,
    "first_page": 2_000,
    "crowd": 20_000,
    "filings": 20_000,
    "buses": 20_000,
    "registers": 20_000,
}


def main(arguments: list[str]) -> int:
    """Print every figure of the suites asked for (all of them by default)."""
    sizes = QUICK if "--quick" in arguments else FULL
    kinds = [kind for kind in ("sqlite", "postgresql") if f"--no-{kind}" not in arguments]
    missed = 0
    for suite in [name for name in SUITES if name in arguments] or SUITES:
        for kind in kinds:
            for figure in import_module(f"benchmarks.{suite}").measure(kind, sizes[suite]):
                print(figure.line(), flush=True)
                missed += not figure.holds
    return 1 if missed and sizes is FULL else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
