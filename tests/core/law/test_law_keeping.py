"""Packs kept by digest: whole or not at all, never replaced, and never another than the one asked for."""

import shutil
from pathlib import Path

import pytest

from ciment.law import PackRefused, UnknownWord, load_pack_from
from ciment.law.keeping import NOTE_FILE, keep_pack, load_kept_pack

VECTORS = Path(__file__).parents[3] / "docs/formats/vectors/law"


def test_a_kept_pack_comes_back_and_a_changed_one_does_not(tmp_path: Path) -> None:
    (folder,) = VECTORS.glob("*/example")
    vector = load_pack_from(folder)
    place = keep_pack(folder, tmp_path / "kept")
    assert place == tmp_path / "kept" / vector.digest / "example"
    assert sorted(file.name for file in place.iterdir()) == [NOTE_FILE, "rules.toml"]
    assert load_kept_pack(tmp_path / "kept", "example", vector.digest).digest == vector.digest
    assert keep_pack(folder, tmp_path / "kept") == place
    assert [each.name for each in (tmp_path / "kept").iterdir()] == [vector.digest]
    rules = place / "rules.toml"
    rules.write_text(rules.read_text().replace("may be told", "is told"))
    with pytest.raises(PackRefused, match=f"^example: its files are not those of the digest {vector.digest}$"):
        load_kept_pack(tmp_path / "kept", "example", vector.digest)


@pytest.mark.parametrize(
    ("name", "digest"),
    [("..", "0" * 64), ("example", ".."), ("a/b", "0" * 64), ("example", ""), ("", "0" * 64), ("e" * 70, "0" * 80)],
)
def test_what_names_no_pack_leads_to_no_folder(tmp_path: Path, name: str, digest: str) -> None:
    shutil.copytree(next(VECTORS.glob("*/example")), tmp_path / "example")
    (tmp_path / "kept").mkdir()
    with pytest.raises(UnknownWord) as refused:
        load_kept_pack(tmp_path / "kept", name, digest)
    assert str(refused.value) == f"no pack is named {name[:60]!r} with the digest {digest[:70]!r}"


def test_a_pack_that_was_not_kept_is_said_not_to_be(tmp_path: Path) -> None:
    with pytest.raises(UnknownWord) as refused:
        load_kept_pack(tmp_path, "be", "0" * 64)
    assert str(refused.value) == f"pack 'be' with the digest {'0' * 64} is not kept in '{tmp_path}'"


def test_a_pack_without_a_note_is_kept_without_one(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(next(VECTORS.glob("*/example")), tmp_path / "here" / "example"))
    (folder / NOTE_FILE).unlink()
    (folder / "notes.txt").write_text("not of the pack")
    assert [file.name for file in keep_pack(folder, tmp_path / "kept" / "deep").iterdir()] == ["rules.toml"]


def test_two_packs_of_one_digest_are_kept_beside_one_another(tmp_path: Path) -> None:
    source = next(VECTORS.glob("*/example"))
    other = Path(shutil.copytree(source, tmp_path / "here" / "renamed"))
    places = [keep_pack(folder, tmp_path / "kept") for folder in (source, other)]
    assert [place.name for place in places] == ["example", "renamed"]
    for place in places:
        assert load_kept_pack(tmp_path / "kept", place.name, place.parent.name).name == place.name


def test_somebody_else_may_keep_the_same_pack_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = next(VECTORS.glob("*/example"))
    rename = Path.rename

    def be_late(self: Path, target: Path) -> Path:
        # On the same disk, so that it takes its place in one step.
        assert self.parents[1] == tmp_path
        shutil.copytree(folder, target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", be_late)
    assert keep_pack(folder, tmp_path).name == "example"


def test_a_copy_that_cannot_be_put_in_place_is_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(str(self), str(target))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        keep_pack(next(VECTORS.glob("*/example")), tmp_path)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
