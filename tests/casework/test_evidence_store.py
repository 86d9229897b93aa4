"""Evidence goes in as it is, is shown without secrets, and nothing hostile gets a foothold."""

import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageCms

from casework.errors import Invalid, NotFound, Unavailable
from casework.evidence_store import EvidenceStore, Limits, display_name, serving

PICTURES = Path(__file__).parent / "data" / "images"
HEIC = (PICTURES / "phone.heic").read_bytes()
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
NOBODY = "0" * 64
FAR_FUTURE = datetime(9000, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    return EvidenceStore(tmp_path / "evidence", Limits())


def picture(kind, size=(40, 20), *, mode="RGB", colour=0, **saved_with):
    return encoded(Image.new(mode, size, colour), kind, **saved_with)


def encoded(image, kind, **saved_with):
    out = BytesIO()
    image.save(out, kind, **saved_with)
    return out.getvalue()


def exif(*, taken="", orientation=1):
    block = Image.Exif()
    block[ExifTags.Base.Make] = "SECRET PHONE"
    block[ExifTags.Base.Orientation] = orientation
    block.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (22.0, 32.0, 44.5)
    block.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    return block


def accepts(store, content):
    try:
        store.put(content, name="x")
    except Invalid:
        return False
    return True


def shown(store, sha256):
    return Image.open(BytesIO(store.view(sha256).read_bytes()))


def files_under(root):
    return sorted(path for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (picture("JPEG"), "IMG_0001.heic", "image/jpeg"),  # iOS renames nothing when it converts
        (picture("PNG"), "a.jpg", "image/png"),
        (picture("WEBP"), "a.pdf", "image/webp"),
        (HEIC, "a.exe", "image/heic"),
        (PDF, "a.html", "application/pdf"),
    ],
)
def test_the_bytes_say_what_it_is_and_the_name_does_not(store, content, name, media_type):
    assert store.put(content, name=name).media_type == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"#!/bin/sh\nrm -rf /\n",
        b"PK\x03\x04 docx, xlsx, zip",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 doc, xls",
        b"MZ\x90\x00 exe",
        b"\x00\x00\x00\x18ftypmp42 a video",
        b"\x00\x00\x00\x1cftypavif AVIF",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        b"\n" + PDF,  # the start of a file is its first byte
        PDF[:-7],
        PDF + b"\n" * 1024,
    ],
)
def test_everything_but_whole_photos_and_pdfs_is_refused_by_name(store, tmp_path, content):
    with pytest.raises(Invalid) as refused:
        store.put(content, name="照片.jpg")

    assert refused.value.where == "照片.jpg"
    assert refused.value.problem.zh
    assert refused.value.problem.en
    assert refused.value.remedy.zh
    assert files_under(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("exif_gps.jpg", True),
        ("invalid-exif.jpg", True),  # only what the camera wrote beside the picture is broken
        ("multiple_exif.jpg", True),
        ("xmp_no_prefix.jpg", True),
        ("phone.heic", True),
        ("corrupted.heic", False),
        ("broken.png", False),
        ("chunk_no_fdat.png", False),
        ("png_decompression_dos.png", False),
        ("decompression_bomb.gif", False),
        ("decompression_bomb.ico", False),
        ("zero_width.gif", False),
    ],
)
def test_pictures_made_to_break_decoders(store, name, accepted):
    began = time.monotonic()

    assert accepts(store, PICTURES / name) is accepted
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("whole", [picture("JPEG"), picture("PNG"), picture("WEBP"), HEIC])
def test_a_picture_cut_short_is_refused(store, whole):
    with pytest.raises(Invalid, match="damaged"):
        store.put(whole[: len(whole) * 2 // 3], name="cut")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(store, kind):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]

    with pytest.raises(Invalid, match="moving"):
        store.put(encoded(frames[0], kind, save_all=True, append_images=frames[1:]), name="动")


@pytest.mark.parametrize(("extra", "fits"), [(0, True), (1, False)])
def test_a_file_may_be_as_large_as_the_limit_and_not_a_byte_more(tmp_path, extra, fits):
    store = EvidenceStore(tmp_path, Limits(size=len(PDF)))

    assert accepts(store, BytesIO(PDF + b"\n" * extra)) is fits


@pytest.mark.parametrize(
    ("kind", "size", "fits"),
    [
        ("PNG", (10, 10), True),
        ("PNG", (1, 101), False),
        ("PNG", (15, 10), False),
        ("PNG", (30, 10), False),
        ("JPEG", (101, 1), False),
        ("WEBP", (3, 11), True),  # a third: it takes three times the memory
        ("WEBP", (2, 17), False),
    ],
)
def test_a_picture_may_have_as_many_pixels_as_the_limit(tmp_path, kind, size, fits):
    store = EvidenceStore(tmp_path, Limits(pixels=100))

    assert accepts(store, picture(kind, size)) is fits


@pytest.mark.parametrize(
    "side",
    [8_000, 10_000, 14_000],  # Pillow alone is silent, warns, and raises
)
def test_a_small_file_with_a_huge_picture_is_refused_at_once(store, side):
    bomb = picture("PNG", (side, side), mode="1")
    began = time.monotonic()

    with pytest.raises(Invalid, match="pixels"):
        store.put(bomb, name="bomb.png")
    assert time.monotonic() - began < 2


def test_a_jpeg_of_a_thousand_scans_is_refused_at_once(store):
    whole = picture("JPEG", (7_000, 7_000), mode="L", progressive=True)
    last_scan = whole[whole.rindex(b"\xff\xda") : -2]
    began = time.monotonic()

    with pytest.raises(Invalid, match="damaged"):
        store.put(whole[:-2] + last_scan * 1_000 + b"\xff\xd9", name="slow.jpg")
    assert time.monotonic() - began < 2


def test_the_original_stays_as_it_was_and_the_copies_know_nothing(store):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    came = picture("JPEG", exif=exif(), comment=b"SECRET NOTE", icc_profile=profile)

    stored = store.put(came, name="a.jpg")

    assert store.read(stored.sha256) == came
    for sha256 in (stored.view_sha256, stored.thumb_sha256):
        copy = store.view(sha256).read_bytes()
        assert not re.search(rb"SECRET|Exif|ICC_PROFILE|http|GPS", copy)
        assert shown(store, sha256).getexif() == {}


def test_a_published_photo_with_gps_is_shown_without(store):
    stored = store.put(PICTURES / "exif_gps.jpg", name="exif_gps.jpg")

    assert ExifTags.Base.GPSInfo in Image.open(BytesIO(store.read(stored.sha256))).getexif()
    assert shown(store, stored.view_sha256).getexif() == {}


@pytest.mark.parametrize(
    ("orientation", "red", "blue", "size"),
    [  # the picture is red in its top left corner, blue in its top right one
        (0, "top left", "top right", (64, 32)),
        (1, "top left", "top right", (64, 32)),
        (2, "top right", "top left", (64, 32)),
        (3, "bottom right", "bottom left", (64, 32)),
        (4, "bottom left", "bottom right", (64, 32)),
        (5, "top left", "bottom left", (32, 64)),
        (6, "top right", "bottom right", (32, 64)),
        (7, "bottom right", "top right", (32, 64)),
        (8, "bottom left", "top left", (32, 64)),
        (9, "top left", "top right", (64, 32)),
    ],
)
def test_every_way_of_holding_the_phone_ends_upright(store, orientation, red, blue, size):
    held = Image.new("RGB", (64, 32), "white")
    held.paste("red", (0, 0, 16, 16))
    held.paste("blue", (48, 0, 64, 16))

    stored = store.put(encoded(held, "PNG", exif=exif(orientation=orientation)), name="a")

    view = shown(store, stored.view_sha256)
    assert (stored.width, stored.height) == view.size == size
    assert corner(view, red) == pytest.approx((255, 0, 0), abs=40)
    assert corner(view, blue) == pytest.approx((0, 0, 255), abs=40)


def corner(image, where):
    x = {"left": 4, "right": image.width - 5}[where.split()[1]]
    y = {"top": 4, "bottom": image.height - 5}[where.split()[0]]
    return image.getpixel((x, y))


@pytest.mark.parametrize(
    ("size", "view", "thumb"),
    [
        ((320, 100), (320, 100), (320, 100)),
        ((1600, 400), (1600, 400), (320, 80)),
        ((3200, 1600), (1600, 800), (320, 160)),
        ((500, 5000), (160, 1600), (32, 320)),
    ],
)
def test_copies_are_never_larger_than_a_screen(store, size, view, thumb):
    stored = store.put(picture("JPEG", size), name="a.jpg")

    assert (stored.width, stored.height) == size
    assert shown(store, stored.view_sha256).size == view
    assert shown(store, stored.thumb_sha256).size == thumb


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("RGBA", (255, 0, 0, 0), (255, 255, 255)),  # what is transparent lies on white paper
        ("RGBA", (255, 0, 0, 255), (255, 0, 0)),
        ("I;16", 0x8000, (128, 128, 128)),  # a scanner's 16 bits of grey are scaled, not clipped
        ("P", 0, (0, 0, 0)),
        ("1", 1, (255, 255, 255)),
    ],
)
def test_unusual_pixels_are_shown_as_they_look(store, mode, colour, seen):
    stored = store.put(picture("PNG", mode=mode, colour=colour), name="a.png")

    assert shown(store, stored.view_sha256).getpixel((5, 5)) == pytest.approx(seen, abs=2)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026:03:09 10:11:12", "2026-03-09 10:11:12"),
        ("2026:03:09 10:11:12+08:00", "2026-03-09 10:11:12"),
        ("0000:00:00 00:00:00", None),
        ("2026:02:30 10:11:12", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_cameras_time_is_told_when_it_is_one_and_never_blocks(store, written, told):
    stored = store.put(picture("JPEG", exif=exif(taken=written)), name="a.jpg")

    assert stored.taken_at == told


def test_a_heic_photo_is_shown_as_jpeg(store):
    stored = store.put(HEIC, name="IMG_0001.HEIC")

    assert (stored.width, stored.height) == (29, 100)
    assert shown(store, stored.view_sha256).format == "JPEG"


def test_a_pdf_is_kept_as_it_is_and_has_nothing_to_look_at(store):
    stored = store.put(PDF, name="方案.pdf")

    assert store.read(stored.sha256) == PDF
    assert stored.view_sha256 is None
    assert stored.thumb_sha256 is None


def test_bytes_a_path_and_a_stream_are_one_file(store, tmp_path):
    came = tmp_path / "a.pdf"
    came.write_bytes(PDF)

    assert store.put(PDF, name="a") == store.put(came, name="a")
    assert store.put(PDF, name="a") == store.put(BytesIO(PDF), name="a")
    assert len(files_under(tmp_path / "evidence")) == 1


def test_only_the_owner_of_the_process_can_read_what_is_stored(store, tmp_path):
    store.put(picture("JPEG"), name="a.jpg")

    stored = [*(tmp_path / "evidence").rglob("*"), tmp_path / "evidence"]
    assert {path.stat().st_mode & 0o777 for path in stored if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in stored if path.is_dir()} == {0o700}


def test_an_altered_original_is_found_out_and_healed_by_its_own_bytes(store):
    sha256 = store.put(PDF, name="a.pdf").sha256
    store.verify(sha256)

    store.original(sha256).write_bytes(PDF.replace(b"1.7", b"1.4"))
    with pytest.raises(Invalid, match="not what was stored"):
        store.verify(sha256)

    store.put(PDF, name="a.pdf")
    store.verify(sha256)


@pytest.mark.parametrize("sha256", [NOBODY, "", "../../../etc/passwd", NOBODY.replace("0", "A")])
def test_what_was_never_stored_is_not_found(store, sha256):
    with pytest.raises(NotFound):
        store.view(sha256)
    with pytest.raises(NotFound):
        store.verify(sha256)


def test_a_disk_that_refuses_is_said_so(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(Unavailable):
        EvidenceStore(tmp_path / "file" / "evidence", Limits()).put(PDF, name="a.pdf")


PUT = """
import os, signal, sys
from pathlib import Path
from casework.evidence_store import EvidenceStore, Limits

root, photo, dies_at = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
renames = 0

def watch(event, args):
    global renames
    if event == "os.rename":
        renames += 1
        if renames == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
print(EvidenceStore(root, Limits()).put(photo, name="a.jpg").sha256)
"""


def writer(root, photo, *, dies_at=-1):
    command = [sys.executable, "-c", PUT, str(root), str(photo), str(dies_at)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )


@pytest.mark.parametrize("dies_at", [1, 2, 3])  # the view, the thumbnail, the original
def test_a_writer_killed_before_its_rename_leaves_no_half_file(store, tmp_path, dies_at):
    photo = tmp_path / "a.jpg"
    photo.write_bytes(picture("JPEG", (700, 500), colour=dies_at))
    with writer(tmp_path / "evidence", photo, dies_at=dies_at) as killed:
        assert killed.wait(timeout=30) == -9

    left = files_under(tmp_path / "evidence")
    assert len([path for path in left if path.name.startswith(".unfinished-")]) == 1
    assert len(left) == dies_at

    assert store.sweep_temporary(older_than=datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert store.sweep_temporary(older_than=FAR_FUTURE) == 1
    store.verify(store.put(photo, name="a.jpg").sha256)
    assert len(files_under(tmp_path / "evidence")) == 3


def test_two_processes_storing_one_photo_store_it_once(store, tmp_path):
    photo = tmp_path / "a.jpg"
    photo.write_bytes(picture("JPEG", (700, 500)))

    with writer(tmp_path / "evidence", photo) as one, writer(tmp_path / "evidence", photo) as two:
        said = {one.stdout.read().strip(), two.stdout.read().strip()}

    assert said == {store.put(photo, name="a.jpg").sha256}
    assert len(files_under(tmp_path / "evidence")) == 3


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("三楼消防栓 前.jpg", "三楼消防栓 前.jpg"),
        ("\U00031350.jpg", "\U00031350.jpg"),  # a rare name, newer than Python 3.11's tables
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\a.jpg", "a.jpg"),
        ("a\x00b\r\nc\x1b[31m.jpg", "abc[31m.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\ud800.jpg", "a.jpg"),
        ("..", "未命名"),
        ("", "未命名"),
        ("图" * 76 + ".jpg", "图" * 76 + ".jpg"),
        ("图" * 77 + ".jpg", "图" * 76 + ".jpg"),
        ("图" * 81, "图" * 80),
    ],
)
def test_names_are_for_showing_only(name, fit):
    assert display_name(name) == fit


@pytest.mark.parametrize(
    ("media_type", "served_as", "place", "extension"),
    [
        ("image/jpeg", "image/jpeg", "inline", "jpg"),
        ("image/png", "image/png", "inline", "png"),
        ("image/heic", "image/heic", "attachment", "heic"),
        ("application/pdf", "application/pdf", "attachment", "pdf"),
        ("text/html", "application/octet-stream", "attachment", "bin"),
        ("image/svg+xml", "application/octet-stream", "attachment", "bin"),
        ("image/png\r\nX: y", "application/octet-stream", "attachment", "bin"),
    ],
)
def test_nothing_leaves_as_a_page(media_type, served_as, place, extension):
    headers = serving(media_type, name='前".html')

    called = f"{place}; filename*=UTF-8''%E5%89%8D%22.html.{extension}"
    assert headers["Content-Type"] == served_as
    assert headers["Content-Disposition"] == called
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_an_original_photo_leaves_as_a_download():
    headers = serving("image/jpeg", name="a.jpeg", download=True)

    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''a.jpeg"
