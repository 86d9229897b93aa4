"""回头看: look-backs at closed cases, planned, drawn, assigned, recorded, judged and published."""
