"""Invented names: clusters, schools and people that belong to nobody."""

from random import Random

DISTRICT = "湖东区"
COMMITTEE_NAME = f"{DISTRICT}学校安全专委会"

CLUSTERS = (
    "映湖", "听松", "望溪", "白鹭", "石桥", "梅岭", "竹园", "稻香",
    "临江", "云台", "南塘", "柳堤", "青枫", "杏坛", "月塘", "鹤鸣",
)  # fmt: skip

# Every cluster has the first three; two of the others take turns.
EVERYWHERE = ("小学", "初中", "幼儿园")
IN_TURN = ("农村小学", "高中", "实验学校", "职业学校")
_SCHOOLS = {
    "小学": "{}中心小学", "初中": "{}初级中学", "幼儿园": "{}幼儿园", "农村小学": "{}村小学",
    "高中": "{}高级中学", "实验学校": "{}实验学校", "职业学校": "{}职业技术学校",
}  # fmt: skip

# Common surnames and syllables; no real person's name is meant by any of them.
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余"
_FIRST = "建国文志明晓春秀海永立德雅静思雨佳慧俊宏子安书若"
_SECOND = "华平军芳丽强燕峰敏洁涛琴辉梅宁英林玲波霞凯云航清"


def school_name(cluster: str, unit_type: str) -> str:
    return _SCHOOLS[unit_type].format(cluster)


class People:
    """Gives out names, none twice."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def name(self) -> str:
        parts = (_SURNAMES, _FIRST, _SECOND)
        name = "".join(self._chance.choice(part) for part in parts)
        if name in self._given:
            return self.name()
        self._given.add(name)
        return name
