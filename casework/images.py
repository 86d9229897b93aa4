"""Photographs: read to the last pixel under limits, then redrawn with nothing but pixels.

A redrawn copy is a plain upright JPEG: no EXIF, GPS, colour profile, comment or embedded preview
survives, because it is drawn anew rather than cleaned.
"""

import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from pi_heif import register_heif_opener
from PIL import ExifTags, Image

from casework.errors import Invalid
from rules.wording import Wording

JPEG, PNG, WEBP, HEIC = "image/jpeg", "image/png", "image/webp", "image/heic"

VIEW_SIDE = 1600  # px: fills a phone's screen and reads on a desktop
THUMB_SIDE = 320  # px: a row of four on a phone
QUALITY = 85

# One decoder per media type, so that a file sniffed as one kind is never read as another.
_DECODERS = {JPEG: ["JPEG"], PNG: ["PNG"], WEBP: ["WEBP"], HEIC: ["HEIF"]}

# ISO/IEC 23008-12 brands whose pictures are HEVC; 'mif1' and 'msf1' are any HEIF.
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

# Cameras write 1 scan, progressive encoders about 10. Each costs about 30 ms at 50 megapixels and
# 75 bytes of file, so 20 MB of them would hold a worker for hours.
_MOST_SCANS = 32
_SOS, _EOI = 0xDA, 0xD9
_MARKER = re.compile(rb"\xff([^\x00\x01\xff\xd0-\xd8])")  # those followed by a length, and EOI

# The WebP decoder holds about three times the memory of the others, from a file of 36 bytes at
# worst, and no camera writes WebP.
_WEBP_COPIES = 3

# EXIF 2.32, tag 0x0112: how the stored picture must be turned to stand upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# A 50-megapixel picture takes up to 500 MB while it is open: one at a time keeps memory flat,
# and makes it safe to change the warning filters, which belong to the whole process.
_ONE_AT_A_TIME = threading.Lock()

_DAMAGED = Wording("图片不完整或已损坏。", "The picture is incomplete or damaged.")
_AGAIN = Wording("请重新拍摄或导出后再上传。", "Take or export it again, then upload it.")
_MOVING = Wording("动图不能作为证据照片。", "A moving picture cannot serve as evidence.")
_STILL = Wording("请上传静态照片。", "Upload a still photo.")
_COARSER = Wording("请用较低的分辨率重新拍摄或导出。", "Take or export it at a lower resolution.")

register_heif_opener()


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file in bytes and the largest picture in pixels (a 48-megapixel phone passes)."""

    size: int = 20 * 1024 * 1024
    pixels: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Redrawn:
    """Two JPEGs for eyes, and what the original said of itself.

    ``width`` and ``height`` are the original's pixels, upright. ``taken_at`` is EXIF's
    DateTimeOriginal as ``YYYY-MM-DD HH:MM:SS`` by the camera's own clock, or None.
    """

    view: bytes
    thumb: bytes
    width: int
    height: int
    taken_at: str | None


def sniff_picture(data: bytes) -> str | None:
    """Return the media type by the first bytes, whatever the name says; None for all we refuse."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    return HEIC if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS else None


def redraw(data: bytes, *, media_type: str, limits: Limits, where: str) -> Redrawn:
    """Read a whole picture and draw it anew, or raise Invalid: damaged, too large, moving."""
    with _ONE_AT_A_TIME, _pillow_warnings():
        try:
            return _redrawn(data, media_type, limits, where)
        except Invalid:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many(limits.pixels, where) from error
        except Exception as error:  # hostile bytes make a decoder raise anything at all
            raise Invalid(_DAMAGED, remedy=_AGAIN, where=where) from error


def thumbnail(view: bytes) -> bytes:
    """Return a view of ours as a small JPEG."""
    with Image.open(BytesIO(view), formats=["JPEG"]) as picture:
        picture.draft("RGB", (2 * THUMB_SIDE, 2 * THUMB_SIDE))
        return _jpeg(_within(picture, THUMB_SIDE))


@contextmanager
def _pillow_warnings() -> Iterator[None]:
    """Make a possible bomb an error; odd headers of real cameras are no news to anybody."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _redrawn(data: bytes, media_type: str, limits: Limits, where: str) -> Redrawn:
    if media_type == JPEG and _scans(data) > _MOST_SCANS:
        raise Invalid(_DAMAGED, remedy=_AGAIN, where=where)

    with Image.open(BytesIO(data), formats=_DECODERS[media_type]) as picture:
        _check(picture, media_type, limits, where)
        width, height = picture.size
        taken_at, turn = _exif(picture)
        view = _small(picture, turn)

    if turn in (5, 6, 7, 8):
        width, height = height, width
    return Redrawn(_jpeg(view), _jpeg(_within(view, THUMB_SIDE)), width, height, taken_at)


def _scans(data: bytes) -> int:
    """Count the passes a JPEG decoder would make over the picture, by walking its markers."""
    scans, at = 0, 2
    while (found := _MARKER.search(data, at)) and found[1][0] != _EOI:
        scans += found[1][0] == _SOS
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
    return scans


def _check(picture: Image.Image, media_type: str, limits: Limits, where: str) -> None:
    """Refuse by the header alone, before a pixel is decoded.

    Pillow's own limit is process-wide and only warns between once and twice its value.
    """
    most = limits.pixels // _WEBP_COPIES if media_type == WEBP else limits.pixels
    if picture.width * picture.height > most:
        raise _too_many(most, where)
    if media_type in (PNG, WEBP) and getattr(picture, "is_animated", False):
        raise Invalid(_MOVING, remedy=_STILL, where=where)


def _exif(picture: Image.Image) -> tuple[str | None, int]:
    """Return when it was taken and how it must be turned; a broken block says neither."""
    try:
        exif = picture.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        taken_at = _moment(details.get(ExifTags.Base.DateTimeOriginal))
        return taken_at, int(exif.get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - a photo is never refused for what its camera wrote beside it
        return None, 1


def _moment(written: object) -> str | None:
    date, _, time = str(written).partition(" ")
    try:
        return str(datetime.fromisoformat(f"{date.replace(':', '-')}T{time[:8]}"))
    except ValueError:
        return None


def _small(picture: Image.Image, turn: int) -> Image.Image:
    picture.draft("RGB", (2 * VIEW_SIDE, 2 * VIEW_SIDE))  # a JPEG can be decoded smaller, faster
    picture.load()
    small = _on_white(_within(_plain(picture), VIEW_SIDE))
    return small.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else small


def _plain(picture: Image.Image) -> Image.Image:
    """Return it as RGB or RGBA, without a copy where it is so already: a copy is 200 MB."""
    if picture.mode.startswith("I"):  # 16 bits of grey; converting would clip, not scale
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _within(picture: Image.Image, side: int) -> Image.Image:
    """Return a copy whose longer side is no more than ``side``."""
    scale = min(1.0, side / max(picture.size))
    width, height = (max(1, round(length * scale)) for length in picture.size)
    return picture.resize((width, height), reducing_gap=2.0)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _jpeg(picture: Image.Image) -> bytes:
    picture.info = {}  # or Pillow writes the original's comment and profile into the copy
    drawn = BytesIO()
    picture.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def _too_many(most: int, where: str) -> Invalid:
    problem = Wording(
        f"图片像素过多（上限 {most // 10_000} 万像素）。",
        f"The picture has too many pixels (at most {most / 1_000_000:g} megapixels).",
    )
    return Invalid(problem, remedy=_COARSER, where=where)
