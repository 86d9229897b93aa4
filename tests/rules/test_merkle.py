"""The tree of RFC 6962, against vectors that others made (tests/rules/data/README.md)."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.merkle import (
    EMPTY,
    consistency,
    grow,
    inclusion,
    is_extension,
    is_included,
    leaf_hash,
    node_hash,
    peaks,
    root,
)

VECTORS = json.loads(
    (Path(__file__).parent / "data" / "merkle_vectors.json").read_text(encoding="utf-8")
)
TREE = VECTORS["reference_tree"]
LEAVES = [leaf_hash(bytes.fromhex(each)) for each in TREE["leaf_inputs"]]
REAL = VECTORS["real_proof"]


def hashes(texts):
    return [bytes.fromhex(each) for each in texts]


def node_of(leaves):
    """Complete subtrees of a few leaves, reckoned anew each time."""

    def node(level, index):
        if level == 0:
            return leaves[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def plain_root(leaves):
    """RFC 6962's MTH, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(plain_root(leaves[:half]), plain_root(leaves[half:]))


@pytest.mark.parametrize("vector", VECTORS["hasher"], ids=lambda each: each["hash"][:8])
def test_hashes_are_those_of_others(vector):
    if vector["kind"] == "leaf":
        made = leaf_hash(bytes.fromhex(vector["data"]))
    else:
        made = node_hash(bytes.fromhex(vector["left"]), bytes.fromhex(vector["right"]))

    assert made.hex() == vector["hash"]


def test_the_root_of_nothing_is_the_known_one():
    assert root(0, node_of([])).hex() == VECTORS["empty_root"] == EMPTY.hex()


@pytest.mark.parametrize(("size", "expected"), list(enumerate(TREE["roots_by_size_from_0"])))
def test_roots_are_those_of_others(size, expected):
    assert root(size, node_of(LEAVES)).hex() == expected


def test_every_node_of_the_reference_tree_grows():
    grown = {row.level: [each.hex() for each in row.hashes] for row in grow(0, {}, LEAVES)}

    assert list(grown.values()) == TREE["node_hashes_by_level"]


@pytest.mark.parametrize("vector", TREE["audit_paths"], ids=lambda v: f"leaf {v['leaf_index']}")
def test_audit_paths_are_those_of_others(vector):
    size = vector["tree_size"]

    path = inclusion(vector["leaf_index"], size, node_of(LEAVES))

    assert path == hashes(vector["path"])


@pytest.mark.parametrize("vector", TREE["consistency_proofs"], ids=lambda v: f"{v['size1']}")
def test_consistency_proofs_are_those_of_others(vector):
    assert consistency(vector["size1"], vector["size2"], node_of(LEAVES)) == hashes(vector["proof"])


@pytest.mark.parametrize("vector", VECTORS["verify_inclusion"], ids=lambda v: v["file"])
def test_inclusion_is_judged_as_by_others(vector):
    found = is_included(
        bytes.fromhex(vector["leaf_hash"]), vector["leaf_index"], vector["tree_size"],
        hashes(vector["proof"]), bytes.fromhex(vector["root"]),
    )  # fmt: skip

    assert found is not vector["want_error"]


@pytest.mark.parametrize("vector", VECTORS["verify_consistency"], ids=lambda v: v["file"])
def test_consistency_is_judged_as_by_others(vector):
    found = is_extension(
        vector["size1"], bytes.fromhex(vector["root1"]),
        vector["size2"], bytes.fromhex(vector["root2"]), hashes(vector["proof"]),
    )  # fmt: skip

    assert found is not vector["want_error"]


def test_a_proof_of_a_public_log_holds():
    leaf, expected = bytes.fromhex(REAL["leaf_hash"]), bytes.fromhex(REAL["root"])
    index, size, path = REAL["leaf_index"], REAL["tree_size"], hashes(REAL["path"])

    assert is_included(leaf, index, size, path, expected)
    assert not is_included(leaf, index + 1, size, path, expected)
    assert not is_included(leaf, index, size, path[:-1], expected)


def test_no_leaf_lies_outside_of_the_tree():
    with pytest.raises(IndexError):
        inclusion(8, 8, node_of(LEAVES))


@pytest.mark.parametrize(("old", "new"), [(0, 8), (8, 7)])
def test_nothing_extends_an_empty_or_larger_tree(old, new):
    with pytest.raises(IndexError):
        consistency(old, new, node_of(LEAVES))


@given(st.integers(1, 70), st.data())
def test_a_tree_grown_in_batches_is_the_tree_of_all(size, data):
    leaves = [leaf_hash(bytes([each])) for each in range(size)]
    cut = data.draw(st.integers(0, size))
    stored = {}
    for row in [*grow(0, {}, leaves[:cut])]:
        stored |= {(row.level, row.first + n): each for n, each in enumerate(row.hashes)}
    tops = {level: stored[level, index] for level, index in peaks(cut)}
    for row in grow(cut, tops, leaves[cut:]):
        stored |= {(row.level, row.first + n): each for n, each in enumerate(row.hashes)}

    assert root(size, lambda level, index: stored[level, index]) == plain_root(leaves)
    assert set(stored) >= set(peaks(size))


@given(st.integers(1, 70), st.data())
def test_every_proof_holds_and_no_altered_one(size, data):
    leaves = [leaf_hash(bytes([each])) for each in range(size)]
    node, expected = node_of(leaves), plain_root(leaves)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    path, proof = inclusion(index, size, node), consistency(old, size, node)

    assert is_included(leaves[index], index, size, path, expected)
    assert is_extension(old, plain_root(leaves[:old]), size, expected, proof)
    assert not is_included(leaves[index - 1], index, size, path, expected) or size == 1
    assert not any(
        is_included(leaves[index], index, size, [*path[:n], EMPTY, *path[n + 1 :]], expected)
        for n in range(len(path))
    )
    assert not any(
        is_extension(
            old, plain_root(leaves[:old]), size, expected, [*proof[:n], EMPTY, *proof[n + 1 :]]
        )
        for n in range(len(proof))
    )
