"""Many cases moved by one word, or foreseen."""

from secrets import token_urlsafe

from casework.accounts.tokens import Scope
from casework.bulk.choosing import Chosen, Pick
from casework.bulk.foreseeing import Foreseen, foresee_all
from casework.bulk.moving import Outcome, move_all
from casework.errors import Invalid
from casework.events import Door
from rules.access import Verb
from rules.case import State
from rules.wording import Wording
from web.api import asked, sent, shapes
from web.api.calls import Asked, read_key
from web.api.routing import Operations

operations = Operations("cases")


@operations.post("/cases/bulk", permission=Verb.VIEW, scope=Scope.MOVE)
def move_cases(
    call: Asked, wanted: sent.NewBulk, idempotency_key: asked.Key = ""
) -> shapes.BulkResult:
    """Do an action to many cases, each in its own transaction, 500 at most; or foresee it.

    Cases are named, or all that a filter finds. With `dry_run` nothing is done: `done` then says
    what would be. Send the same Idempotency-Key again to take up what was cut short.
    """
    chosen = _chosen(wanted)
    if wanted.dry_run:
        foreseen = foresee_all(
            call.office, wanted.action, wanted.fields, chosen, by=call.by, as_of=call.at
        )
        return _result(wanted, [_would(call, each) for each in foreseen])
    run = move_all(
        call.office, wanted.action, wanted.fields, chosen, by=call.by, at=call.at, door=Door.API,
        token=read_key(idempotency_key) or token_urlsafe(16),
    )  # fmt: skip
    return _result(wanted, [_did(call, each) for each in run.outcomes])


def _chosen(wanted: sent.NewBulk) -> Chosen:
    if wanted.cases and wanted.filter is not None:
        raise Invalid(
            Wording("cases 与 filter 只能给一个", "give either cases or a filter"),
            remedy=Wording("请去掉其中一个。", "Leave one of them out."),
            where="cases",
        )
    if wanted.filter is not None:
        return wanted.filter.filter()
    return [Pick(each.number, each.seen) for each in wanted.cases]


def _result(wanted: sent.NewBulk, items: list[shapes.BulkItem]) -> shapes.BulkResult:
    done = sum(each.done for each in items)
    return shapes.BulkResult(
        action=wanted.action, dry_run=wanted.dry_run, done=done, refused=len(items) - done,
        items=items,
    )  # fmt: skip


def _would(call: Asked, each: Foreseen) -> shapes.BulkItem:
    return shapes.BulkItem(
        number=each.number, done=each.may, state=each.becomes, receipt="", repeated=False,
        lacks=each.lacks, detail=each.problem.say(call.locale),
        remedy=each.remedy.say(call.locale),
    )  # fmt: skip


def _did(call: Asked, each: Outcome) -> shapes.BulkItem:
    return shapes.BulkItem(
        number=each.number, done=each.done, state=State(each.state) if each.state else None,
        receipt=each.receipt, repeated=each.repeated, lacks="",
        detail=each.problem.say(call.locale), remedy=each.remedy.say(call.locale),
    )  # fmt: skip
