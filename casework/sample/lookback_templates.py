"""Templates of look-backs that come with the sample; sizes and weights are our choice."""

MONTHLY = "每月回头看"
TERMLY = "学期抽检"
TIMING = "monthly:2"

# A month of the sample closes twenty to fifty cases, most of them ordinary: two strata, a third
# of all looked at, a major hazard twice as likely as another one. One relapse rejects a stratum.
_MONTHLY = """\
title = "每月回头看"
period = "last-month"
strata = ["level"]
allocation = "risk_weighted"

[size]
rule = "percentage"
percent = "30"
floor = 8

[weights]
"level=major" = 2
"""

_TERMLY = """\
title = "学期抽检"
period = "last-half-year"
strata = ["unit_type"]

[size]
rule = "acceptance"
level = "II"
aql = "4.0"
"""

TEMPLATES = {MONTHLY: _MONTHLY, TERMLY: _TERMLY}
