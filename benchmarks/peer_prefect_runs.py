"""The natural alternative to a sweep: one Prefect flow run for each due case, which does nothing.

Runs in a process of its own against Prefect's test server and prints the seconds of a run.
"""

import asyncio
import os
import tempfile
from time import perf_counter

RUNS = 20


def main() -> None:
    """Print the seconds that one async flow run takes, the first left out."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"PREFECT_HOME": home, "DO_NOT_TRACK": "1"}
        from prefect import flow  # noqa: PLC0415 — it reads its settings when it loads
        from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415 — likewise

        @flow
        async def one(case: int) -> None:
            """A case's run, at its cheapest."""

        with prefect_test_harness(server_startup_timeout=120):
            asyncio.run(one(0))
            begun = perf_counter()
            for case in range(RUNS):
                asyncio.run(one(case))
            print((perf_counter() - begun) / RUNS)


if __name__ == "__main__":
    main()
