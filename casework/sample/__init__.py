"""A sample to begin with: real hazards, an invented organisation, and months told in seconds.

``loading.load_sample`` sets the organisation up, ``ledger.write_sample_ledger`` writes the hazards
as a ledger, ``story.tell_story`` lets the people work. Every draw is seeded: nothing differs twice.
"""
