"""When: the only place that imports Prefect."""
