"""Scoring 标准化创建: sheets as data, what a mark is worth, who comes first."""
