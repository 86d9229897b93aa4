"""Signed notes as others make them, and heads in them."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from rules.checkpoint import BadNote, Checkpoint, Signer, Verifier, notes_in, open_note, sign_note

VECTORS = json.loads(
    (Path(__file__).parent / "data" / "merkle_vectors.json").read_text(encoding="utf-8")
)["signed_note"]
GOOD = VECTORS["ok"]
OURS = Signer("bihuan.example/log", bytes(range(32)))
NEXT = Signer("bihuan.example/log", bytes(range(1, 33)))
HEAD = Checkpoint("bihuan.example/log", 7, sha256(b"7").digest(), ("time 2026-03-02T01:00:00Z",))


@pytest.mark.parametrize("vector", GOOD, ids=lambda each: each["source"].split(" ")[0])
def test_notes_of_others_are_opened(vector):
    verifier = Verifier.read(vector["vkey"])

    assert open_note(vector["signed"], [verifier]) == (vector["text"], [verifier])
    assert verifier.text == vector["vkey"]


def test_a_note_is_signed_as_others_sign_it():
    signer = Signer.read(GOOD[0]["test_signing_key"])

    assert sign_note(GOOD[0]["text"], [signer]) == GOOD[0]["signed"]
    assert signer.verifier.text == GOOD[0]["vkey"]
    assert signer.text == GOOD[0]["test_signing_key"]


@pytest.mark.parametrize(
    "text",
    [
        *VECTORS["bad_vkeys"],
        "",
        "name",
        "name+00000000+AQ==",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(BadNote):
        Verifier.read(text)


@pytest.mark.parametrize("text", [OURS.verifier.text, OURS.text[:-4], OURS.text.replace("+", "-")])
def test_what_is_no_private_key_is_refused(text):
    with pytest.raises(BadNote):
        Signer.read(text)


def test_a_private_key_is_not_shown():
    assert OURS.text not in repr(OURS)
    assert OURS.text.rpartition("+")[2] not in repr(OURS)


def test_a_head_is_three_lines_and_ours():
    note = sign_note(HEAD.text, [OURS])

    text, signed = open_note(note, [OURS.verifier])

    assert Checkpoint.read(text) == HEAD
    assert signed == [OURS.verifier]
    assert HEAD.extension("time") == "2026-03-02T01:00:00Z"
    assert HEAD.extension("key") == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n",
        "log\n7\n",
        "log\n7\nAAAA\n",
        HEAD.text.replace("\n7\n", "\n07\n"),
        HEAD.text.replace("\n7\n", "\n-7\n"),
        HEAD.text.replace("\n7\n", "\n٧\n"),
        HEAD.text + "\n",
        HEAD.text[:-1],
    ],
)
def test_what_is_no_head_is_refused(text):
    with pytest.raises(BadNote):
        Checkpoint.read(text)


def test_a_note_of_two_keys_is_opened_by_either():
    note = sign_note(HEAD.text, [NEXT, OURS])

    assert open_note(note, [OURS.verifier])[1] == [OURS.verifier]
    assert open_note(note, [NEXT.verifier])[1] == [NEXT.verifier]
    assert open_note(note, [OURS.verifier, NEXT.verifier])[1] == [NEXT.verifier, OURS.verifier]


@pytest.mark.parametrize(
    "altered",
    [
        lambda note: note.replace("\n7\n", "\n8\n"),
        lambda note: note.replace("01:00", "02:00"),
        lambda note: note.replace("— bihuan", "— nobody"),
        lambda note: note.replace("— ", "- "),
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note[:-4] + "AAA\n",
        lambda note: "",
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("log\n", "log\x00\n", 1),
        lambda note: note + note.rpartition("\n\n")[2] * 100,
    ],
)
def test_an_altered_note_is_not_opened(altered):
    with pytest.raises(BadNote):
        open_note(altered(sign_note(HEAD.text, [OURS])), [OURS.verifier])


def test_a_note_of_a_stranger_is_not_opened():
    with pytest.raises(BadNote, match="any key we know"):
        open_note(sign_note(HEAD.text, [NEXT]), [OURS.verifier])


def test_a_note_is_lines_of_text():
    with pytest.raises(BadNote):
        sign_note("no end of line", [OURS])


def test_notes_of_a_file_are_found_whatever_stands_between():
    first, second = (sign_note(HEAD._replace(size=n).text, [OURS]) for n in (1, 2))
    torn = [f"{first[:at]}\ntorn\n\n" for at in range(1, len(first) - 1)]

    assert list(notes_in(f"{first}\n{''.join(torn)}{second}\nrest")) == [first, second]
