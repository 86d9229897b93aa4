"""Assessments 标准化评分: opened, filled in, reviewed, signed, frozen, ranked."""
