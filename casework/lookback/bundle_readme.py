"""What stands in the README of a bundle: how to check it without us."""

BY_HAND = """\
import json, sys, zipfile
from hashlib import sha256


def sha(text):
    return sha256(text.encode()).hexdigest()


bundle = zipfile.ZipFile(sys.argv[1])
events = [json.loads(line) for line in bundle.open("events.jsonl")]
said = {each["kind"]: json.loads(each["body"]) for each in events}
number = json.loads(bundle.read("bundle.json"))["number"]
frame = bundle.read("frame.txt").decode()
secret, outside = said["reveal"].get("secret", ""), said["reveal"].get("outside", "")
print("commitment", sha(f"bihuan-lookback-seed-1\\n{number}\\n{secret}\\n"))
seed = sha(f"bihuan-lookback-draw-1\\n{secret}\\n{outside}\\n{sha(frame)}\\n")
ticket = lambda case: f"{int(sha(sha(seed) + case), 16):064d}"[::-1]
rows = [line.split("\\t")[:2] for line in frame.split("\\n")[2:-1]]
for stratum, size in said["draw"]["strata"].items():
    cases = sorted((case for case, its in rows if its == stratum), key=ticket)
    print(stratum, *cases[: size["n"]])
"""
"""Repeats the draw with the standard library alone."""

README = f"""\
# 回头看 · a look-back

本文件包可由任何人核验，不需要数据库，也不需要信任导出它的人。
Anybody can check this bundle, without a database and without trusting whoever exported it.

    bihuan lookback verify 文件包.zip --receipt 您手中的回执 --key 您另行得到的公钥

| 文件 file | 内容 content |
|---|---|
| bundle.json | 编号、状态、回执 number, state, receipt |
| plan.json | 计划：范围、分层、样本量规则 the plan: frame, strata, rule of size |
| events.jsonl | 历史，每行一个事件，与计入哈希的完全一致 the history exactly as it is hashed |
| frame.txt | 冻结的抽样名单 the frozen frame |
| drawn.json | 各层抽中的案件，按票号排列 the drawn cases by stratum, in ticket order |
| findings.json | 复查结果，不含文字说明 findings, without notes |
| verdicts.json | 各层判定 verdicts by stratum |
| published.json | 已公开的要素 what was published |
| teams.json | 抽取检查人员的依据，仅应要求附上 the roster, only when asked for |
| proof.json | 全局封存的证明，可用 bihuan-verify 核对 proof under a signed head |

事件的哈希：去掉 hash 后按键排序、无空格的 JSON，前置一个零字节，取 SHA-256；prev 为上一事件的哈希。
An event's hash: SHA-256 of a zero byte and its JSON without `hash`, keys sorted, no spaces; `prev`
is the hash before it. 个人信息在历史中只有加盐摘要。 Personal data are salted digests there.

手工重抽一遍 The draw, repeated by hand:

```python
{BY_HAND}```

核对：commitment 应等于事前公布的承诺；名单应与 drawn.json 相同。
Compare: the commitment is the one published before; the cases are those of drawn.json.
"""
