"""Duties 应办事项: what must be done by a day, and who hears of it when it is not.

Their kinds are data, the TOML files beside this one.
"""
