"""Pages, a file for each noun. ``web.app`` lists them; docs/web.md says how to add one."""
