"""The natural alternative: a Django model with a django-fsm-2 state field and a history row.

Like ours a move also stops a clock, starts the next and owes a notice; it checks no rule beyond
the source state, finds nobody to tell, reckons no due date and hashes nothing.

Runs in the peers' own environment, on the same database settings (SQLite in WAL at FULL, begun
IMMEDIATE, by the same library; or PostgreSQL), and prints the median microseconds of a move. Its
table has six columns where ours has forty, which is in its favour.
"""

import sys
from statistics import median
from time import perf_counter

import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

import django  # noqa: E402 — after the better SQLite has taken its place
from django.conf import settings  # noqa: E402 — likewise
from django.utils import timezone  # noqa: E402 — likewise

ROUNDS = 7


def main(kind: str, where: str, size: int) -> None:
    """Print the median microseconds of ``size`` moves a round on ``kind`` at ``where``."""
    settings.configure(
        DATABASES={"default": _database(kind, where)}, INSTALLED_APPS=[], USE_TZ=True
    )
    django.setup()
    case, _, clock, _ = models = _models()
    from django.db import connection  # noqa: PLC0415 — configured above

    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    case.objects.bulk_create(case(number=f"C{n}") for n in range(size * ROUNDS))
    started = timezone.now()
    clock.objects.bulk_create(
        clock(case=each, no=1, started_at=started, due_at=started) for each in case.objects.all()
    )
    numbers = iter(range(size * ROUNDS))
    taken = [_round(models, [next(numbers) for _ in range(size)]) for _ in range(ROUNDS)]
    print(median(taken) / size * 1e6)


def _database(kind: str, where: str) -> dict[str, object]:
    if kind == "sqlite":
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
        options = {"transaction_mode": "IMMEDIATE", "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": where, "OPTIONS": options}
    host, name = where.split("|")
    user = {"USER": "postgres", "HOST": host, "NAME": name}
    return {"ENGINE": "django.db.backends.postgresql", **user}


def _models():  # noqa: ANN202 — Django's classes are made at run time
    from django.db import models  # noqa: PLC0415 — configured above
    from django_fsm import FSMField, transition  # noqa: PLC0415 — configured above

    class Case(models.Model):
        number = models.CharField(max_length=40, unique=True)
        state = FSMField(default="claimed", protected=True)
        verified_by = models.IntegerField(null=True)
        due_at = models.DateTimeField(null=True)
        seq = models.IntegerField(default=1)

        class Meta:
            app_label = "peer"

        @transition(field=state, source="claimed", target="verified")
        def verify(self, by: int) -> None:
            self.verified_by = by
            self.seq += 1

    class History(models.Model):
        case = models.ForeignKey(Case, on_delete=models.PROTECT)
        seq = models.IntegerField()
        at = models.DateTimeField(auto_now_add=True)
        kind = models.CharField(max_length=24)
        actor = models.IntegerField()
        body = models.TextField()

        class Meta:
            app_label = "peer"

    class Clock(models.Model):
        case = models.ForeignKey(Case, on_delete=models.PROTECT)
        no = models.IntegerField()
        started_at = models.DateTimeField()
        due_at = models.DateTimeField()
        stopped_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "peer"

    class Notice(models.Model):
        key = models.CharField(max_length=120, unique=True)
        case = models.ForeignKey(Case, on_delete=models.PROTECT)
        person = models.IntegerField()
        body = models.TextField()
        owed_at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "peer"

    return Case, History, Clock, Notice


def _round(models, numbers: list[int]) -> float:  # noqa: ANN001 — Django's classes, see above
    from django.db import transaction  # noqa: PLC0415 — configured above

    case, history, clock, notice = models

    begun = perf_counter()
    for number in numbers:
        with transaction.atomic():
            found = case.objects.select_for_update().get(number=f"C{number}")
            found.verify(4)
            found.save()
            history.objects.create(
                case=found, seq=found.seq, kind="pass", actor=4, body='{"finding": "合格"}'
            )
            now = timezone.now()
            clock.objects.filter(case=found, stopped_at=None).update(stopped_at=now)
            clock.objects.create(case=found, no=2, started_at=now, due_at=now)
            notice.objects.create(key=f"{number}:2", case=found, person=3, body="{}")
    return perf_counter() - begun


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
