"""Generated photo evidence: small pictures that say what they show, and which day."""

from datetime import date
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from casework.attachments import Attachment
from casework.office import Office
from models import Shows

_SIZE = (320, 240)
_PAPER = {Shows.BEFORE: (176, 92, 72), Shows.AFTER: (84, 140, 96)}
_WORD = {Shows.BEFORE: ("整改前", "BEFORE"), Shows.AFTER: ("整改后", "AFTER")}
# Looked for wherever the system keeps fonts; without any, the words are drawn in ASCII.
_CHINESE_FONTS = (
    "NotoSansCJK-Regular.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc", "msyh.ttc", "PingFang.ttc",
)  # fmt: skip

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class Album:
    """Photos of the story: one a day of each kind, since storing one durably takes a dozen fsyncs.

    A case never needs two of a day: after a failed verification the next claim comes days later.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._taken: dict[tuple[Shows, date], Attachment] = {}

    def photograph(self, shows: Shows, day: date) -> Attachment:
        if (shows, day) not in self._taken:
            stored = self._office.evidence.put(_draw(shows, day), name=f"{shows}-{day}.jpg")
            self._taken[shows, day] = Attachment(stored, shows)
        return self._taken[shows, day]


def _draw(shows: Shows, day: date) -> bytes:
    chinese = _chinese_font()
    font: Font = chinese or ImageFont.load_default(22)
    word = _WORD[shows][0 if chinese else 1]
    picture = Image.new("RGB", _SIZE, _PAPER[shows])
    pen = ImageDraw.Draw(picture)
    pen.rectangle((24, 24, 296, 130), outline="white", width=3)
    if shows is Shows.BEFORE:
        pen.line((24, 24, 296, 130), fill="white", width=3)
    for at, line in enumerate((word, day.isoformat())):
        pen.text((28, 150 + 36 * at), line, fill="white", font=font)
    out = BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()


@lru_cache(maxsize=1)
def _chinese_font() -> ImageFont.FreeTypeFont | None:
    for name in _CHINESE_FONTS:
        try:
            return ImageFont.truetype(name, 22)
        except OSError:
            continue
    return None
