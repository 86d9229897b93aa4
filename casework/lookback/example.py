"""The template to begin with: valid, and says what may be. The command line prints it."""

EXAMPLE = """\
# 回头看模板。保存:bihuan lookback template save 每月 此文件 --as admin
# A template of look-backs. 井号后面是说明,不起作用。

title = "每月回头看"

# 看哪段时间销号的案件,以抽取那天为准。
# 可填:last-month 上月、last-quarter 上季度、last-half-year、last-year、90d(此前 90 天)、
#       2026-03、2026Q1、2026、2026-01-05..2026-03-02
period = "last-month"

# 分层:各层分别抽取、分别判定。可填 cluster 片区、category 品目、level 等级、
# listed 曾挂牌、relapsed 曾复发、unit_type 单位类型;[] 为不分层。
strata = ["cluster", "level"]

# 样本在各层间如何分配:proportional 按数量比例,risk_weighted 按风险加权(见下 weights)。
allocation = "risk_weighted"

# 种子:committed 先承诺后揭示;outside 用事先公告的外部值(如某期彩票号码)。
seed = "committed"

# 检查方式:surprise 突击、open 明察、covert 暗访。
mode = "surprise"

# 抽取后多久之内看完:wd 工作日、d 自然日、h 小时。
within = "10wd"

# 区间估计的置信度。
confidence = "95%"

# 样本量,四种规则选一种。
# 一、按比例:percent 为百分数,总数不少于 floor、不多于 ceiling;每层至多 accept 件复发仍合格。
[size]
rule = "percentage"
percent = "10"
floor = 5
ceiling = 200
accept = 0

# 二、固定件数:
# [size]
# rule = "fixed"
# count = 30

# 三、GB/T 2828.1 抽样方案:level 为 I、II、III、S-1…S-4,aql 至多 10。
# [size]
# rule = "acceptance"
# level = "II"
# aql = "4.0"

# 四、发现抽样:若复发率达到 rate,有 confidence 的把握至少看到一件。
# [size]
# rule = "discovery"
# rate = "5%"
# confidence = "95%"

# 权重:该类的份额乘以几倍。
[weights]
"level=major" = "3"

# 只看一部分案件;不写即不限。
[frame]
# clusters = ["C01", "C02"]
# categories = ["消防"]
# levels = ["major"]
# listed = true
# relapsed = true
# unit_types = ["幼儿园"]

# 检查人员由系统随机抽取,依次回避本单位、本片区、经手该案的人。
[inspectors]
per_visit = 2
per_day = 4
recuse_unit = true
recuse_cluster = true
recuse_hands = true
"""
