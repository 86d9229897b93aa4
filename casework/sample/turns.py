"""What somebody does to a case in the story: the action, who, and what they fill in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from casework.sample.lives import Scene
from casework.sample.organisation import COMMITTEE
from rules.actions import Action
from rules.case import Listing, Obstacle
from rules.ladder import OrderLevel
from rules.orders import OrderCause

_OUTSIDE = {
    Obstacle.FUNDS: "维修经费须列入预算，资金未到位",
    Obstacle.PROJECT: "须报上级立项后方可施工",
    Obstacle.OTHER_AGENCY: "须属地有关部门配合办理",
    Obstacle.INSIDE: "施工须避开上课时间",
}
_PROGRESS = ("已联系施工单位勘查", "材料已到校", "已完成大半", "已设警戒线并安排专人看守")
_FAILED = ("现场仍有遗留，须返工", "照片与现场不符", "只做了表面处理，未消除隐患")


@dataclass(frozen=True, slots=True)
class Turn:
    """A move about to be tried. ``shows_after`` hands in a photo of what became of the hazard."""

    action: Action
    by: str
    typed: Mapping[str, str] = field(default_factory=dict)
    shows_after: bool = False


def void(scene: Scene) -> Turn:
    return Turn(Action.VOID, scene.life.team.lead, {"reason": "现场复核不构成隐患，属误报"})


def transfer(scene: Scene, unit: str) -> Turn:
    return Turn(
        Action.TRANSFER, scene.life.team.lead, {"unit": unit, "reason": "产权属该校，移交其整改"}
    )


def grade(scene: Scene) -> Turn:
    typed = {"level": "major", "reason": "现场复核，危及师生安全"}
    return Turn(Action.GRADE, scene.life.team.lead, typed)


def assign(scene: Scene, name: str) -> Turn:
    typed = {"owner": name, "department": "总务处", "reason": "明确责任人"}
    return Turn(Action.ASSIGN, scene.life.team.head, typed)


def fix_on_spot(scene: Scene) -> Turn:
    return Turn(Action.FIX_ON_SPOT, scene.life.team.owner, {"text": "当场整改"}, shows_after=True)


def submit_plan(scene: Scene) -> Turn:
    ahead = scene.chance.randint(45, 80) if scene.is_major else scene.chance.randint(10, 25)
    typed = {
        "duty": "总务处牵头，主要负责人督办",
        "measures": scene.life.hazard.measure or "按规范整改并复查",
        "funds": "申请专项" if scene.life.hazard.obstacle else "公用经费",
        "deadline": f"{scene.today + timedelta(days=ahead)}",
        "contingency": "设警戒线，专人看守，异常立即疏散",
    }
    return Turn(Action.SUBMIT_PLAN, scene.life.team.owner, typed)


def approve_plan(scene: Scene) -> Turn:
    return Turn(Action.APPROVE_PLAN, _approver(scene))


def return_plan(scene: Scene) -> Turn:
    return Turn(Action.RETURN_PLAN, _approver(scene), {"reason": "措施不具体，预案须细化"})


def progress(scene: Scene) -> Turn:
    typed = {"text": scene.chance.choice(_PROGRESS)}
    return Turn(Action.PROGRESS, scene.life.team.owner, typed)


def ask_extension(scene: Scene) -> Turn:
    obstacle = scene.life.hazard.obstacle or Obstacle.INSIDE
    typed = {
        "reason": _OUTSIDE[obstacle],
        "obstacle": obstacle.value,
        "new_due": _later(scene),
        "plan": "分两步实施：先管控，后根治",
        "interim": "封闭区域，每日巡查",
    }
    return Turn(Action.ASK_EXTENSION, scene.life.team.owner, typed)


def grant_extension(scene: Scene) -> Turn:
    typed = {"new_due": _later(scene), "reason": "原因属实，管控到位"}
    return Turn(Action.GRANT_EXTENSION, _extender(scene), typed)


def refuse_extension(scene: Scene) -> Turn:
    return Turn(Action.REFUSE_EXTENSION, _extender(scene), {"reason": "理由不充分，按期完成"})


def claim(scene: Scene) -> Turn:
    typed = {"text": "已整改完毕，申请验收"}
    return Turn(Action.CLAIM, scene.life.team.owner, typed, shows_after=True)


def claim_unshown(scene: Scene) -> Turn:
    """Claim without a photo: the rules refuse it, and the story says so."""
    return Turn(Action.CLAIM, scene.life.team.owner, {"text": "已整改"})


def pass_it(scene: Scene) -> Turn:
    return Turn(Action.PASS, _verifier(scene), {"finding": "现场查看，隐患已消除"})


def fail(scene: Scene) -> Turn:
    again = scene.today + timedelta(days=scene.chance.randint(5, 12))
    typed = {"finding": scene.chance.choice(_FAILED), "new_due": f"{again}"}
    return Turn(Action.FAIL, _verifier(scene), typed)


def no_access(scene: Scene) -> Turn:
    return Turn(Action.NO_ACCESS, _verifier(scene), {"finding": "现场上锁，未能进入"})


def close(scene: Scene) -> Turn:
    by = COMMITTEE[0] if scene.is_major else scene.life.team.lead
    return Turn(Action.CLOSE, by, {"reason": "资料齐全，准予销号"})


def release(_scene: Scene) -> Turn:
    return Turn(Action.RELEASE, COMMITTEE[1], {"reason": "验收通过，予以摘牌"})


def supervise(reason: str) -> Turn:
    """List by hand what is serious and the ladder has not listed yet."""
    typed = {
        "kind": Listing.SUPERVISION.value,
        "cause": OrderCause.SERIOUS.value,
        "supervisor": OrderLevel.CLUSTER.value,
        "demands": "十五日内整改到位，每周报告进展",
        "reason": reason,
    }
    return Turn(Action.LIST, COMMITTEE[0], typed)


def guide() -> Turn:
    """List what cannot be fixed at once: guidance, by the committee."""
    typed = {
        "kind": Listing.GUIDANCE.value,
        "cause": OrderCause.CANNOT_FIX_AT_ONCE.value,
        "supervisor": OrderLevel.COMMITTEE.value,
        "reason": "短期内无法整改到位，实行挂牌督导",
    }
    return Turn(Action.LIST, COMMITTEE[0], typed)


def _approver(scene: Scene) -> str:
    return scene.life.team.lead if scene.is_major else scene.life.team.head


def _extender(scene: Scene) -> str:
    return COMMITTEE[2] if scene.is_major else scene.life.team.lead


def _verifier(scene: Scene) -> str:
    return scene.chance.choice(scene.life.team.verifiers)


def _later(scene: Scene) -> str:
    """Return two to four weeks after the day that is due now."""
    due_day = scene.bounds.due_day or scene.today
    return f"{due_day + timedelta(days=scene.chance.randint(14, 28))}"
