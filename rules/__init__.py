"""What is allowed and when: pure rules, with no database, clock, randomness or I/O."""
