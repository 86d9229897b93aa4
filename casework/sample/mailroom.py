"""The story's post: every person gets an address, and what they are owed goes into a folder."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment

from casework.contacts import add_contact
from casework.delivery import deliver
from casework.demands import demand_progress
from casework.office import Office
from casework.sample.organisation import ADMIN, Organisation
from models import ContactKind
from notifications.channels import Channels, open_channels
from rules.wording import Locale, Wording

# RFC 2606: nobody's domain.
_DOMAIN = "school.example"
_POST = timedelta(hours=1, minutes=30)


@dataclass(slots=True)
class Mailroom:
    """Demands progress in the morning and delivers an hour and a half later, day after day."""

    office: Office
    channels: Channels
    folder: Path
    counted: Counter[str] = field(default_factory=Counter)

    def work(self, morning: datetime) -> None:
        demanded = demand_progress(self.office, as_of=morning, ran_at=morning)
        self.counted["demanded"] += demanded.demanded
        sent = deliver(self.office, self.channels, as_of=morning + _POST, owner="story")
        self.counted["messages"] += sent.messages
        self.counted["notices"] += sent.sent
        self.counted["dropped"] += sent.dropped

    def show(self, locale: Locale) -> Path:
        """Write a page of every letter in the folder, the latest first; return its path."""
        letters = sorted(self.folder.glob("*.eml"), key=lambda each: -each.stat().st_mtime_ns)
        shown = [_read(each) for each in letters]
        page = files("casework.sample").joinpath("letters.html").read_text(encoding="utf-8")
        title = Wording("信箱：演示期间发出的通知", "Letters that left during the demonstration")
        words = {"title": title.say(locale), "told": self.told().say(locale), "letters": shown}
        path = self.folder / "index.html"
        rendered = Environment(autoescape=True).from_string(page).render(words)
        path.write_text(rendered, encoding="utf-8")
        return path

    def told(self) -> Wording:
        """Return what left, in one sentence."""
        count = self.counted
        return Wording(
            f"通知：{count['notices']} 条合并为 {count['messages']} 封信送出，"
            f"到时已无须再说的 {count['dropped']} 条，存于 {self.folder}",
            f"Notices: {count['notices']} left in {count['messages']} messages, "
            f"{count['dropped']} no longer held by then; they lie in {self.folder}",
        )


def _read(path: Path) -> dict[str, str]:
    letter = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = letter.get_body(("plain",))
    text = body.get_content() if body else ""
    return {"subject": letter["Subject"], "to": letter["To"], "text": text}


def open_mailroom(
    office: Office, organisation: Organisation, folder: Path, *, at: datetime, locale: Locale
) -> Mailroom:
    """Give everybody an address, and send to files in ``folder`` instead of to anybody."""
    settings = {"BIHUAN_MAILBOX": str(folder), "BIHUAN_BASE_URL": "https://bihuan.example"}
    channels = open_channels(settings, folder / "keys", locale=locale)
    for person in organisation.people:
        address = f"{person.code.lower()}@{_DOMAIN}"
        add_contact(office, channels.keys, person.code, ContactKind.EMAIL, address, by=ADMIN, at=at)
    return Mailroom(office, channels, folder)
