"""School buses on the road: when they may run, how fast, and whose offences repeat."""
