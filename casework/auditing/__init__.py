"""Auditors' verbs: what was, who knew, how long it took, and who looked. Nothing here moves a case.

``as_of`` tells a case at a moment and ``past_list`` a whole list; ``timeline`` a case's whole
history in words; ``statistics`` counts; ``process`` replays and exports the event log; ``access``
keeps who looked.
"""
