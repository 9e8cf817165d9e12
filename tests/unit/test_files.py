"""Files written whole, and moved all or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from gait.files import file_name, move_all, write_whole


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")
    write_whole(tmp_path / "a.csv", b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a.csv": b"new"}


def test_a_folder_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OSError, match=r"a\.csv"):
        write_whole(tmp_path / "a.csv", b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_when_one_cannot_be_moved_all_go_back(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    with pytest.raises(FileNotFoundError):
        move_all([(tmp_path / "a", tmp_path / "to" / "a"), (tmp_path / "missing", tmp_path / "to" / "c")])
    assert (tmp_path / "a").read_text() == "a"
    move_all((tmp_path / name, tmp_path / "to" / name) for name in ("a", "b"))
    assert sorted(p.name for p in (tmp_path / "to").iterdir()) == ["a", "b"]


@pytest.mark.parametrize("path", ["clips/anna.mp4", "C:\\clips\\anna.mp4", "anna.mp4", "/a b/anna.mp4"])
def test_the_name_of_a_file_from_any_system(path: str) -> None:
    assert file_name(path) == "anna.mp4"
