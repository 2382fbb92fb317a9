"""`ciment found`: whoever holds the host founds an institution, whole or not at all."""

import re
from pathlib import Path

import pytest
from django.test import Client
from new_centre import HERE
from pytest_django import Settings
from web_stories import PASSPHRASE

from ciment.disclosure.packnote import demonstration_signer
from ciment.register import NoteSigner
from ciment_web.institutions.keyfiles import KeyFileMissing, read_key
from ciment_web.institutions.models import Institution
from ciment_web.law import TRUSTED_FILE
from ciment_web.members.models import Invitation, Member, RegisterKey
from ciment_web.project.commands import run_found
from ciment_web.register.models import Leaf, LogHead, PublishedCheckpoint

pytestmark = pytest.mark.usefixtures("transactional_db")
WORDS = ["--name", "CPAS neuf", "--founder", "Fanny Fondatrice"]
_CODE = re.compile(r"^ {2}((?:[^\W\d_]+-){11}[^\W\d_]+)$", re.MULTILINE)
FEDERATION = NoteSigner.from_seed("federation.example.org/law", bytes(range(32)))


@pytest.fixture(autouse=True)
def as_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found in the test's own database: it is migrated already."""
    monkeypatch.setattr("ciment_web.project.commands._migrate", lambda: None)
    monkeypatch.setattr("ciment_web.project.commands._prepare", lambda: None)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)


def files(settings: Settings) -> list[Path]:
    """Return every file that a founding may write."""
    roots: list[Path] = [settings.CIMENT_KEYS, settings.CIMENT_SIGNER_STATE]
    return [path for root in roots for path in root.rglob("*") if path.is_file()]


def code_in(printed: str) -> str:
    code = _CODE.search(printed)
    assert code is not None, printed
    return code[1]


def test_a_centre_is_founded_and_its_code_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_found(["neuf", *WORDS, "--function", "administratrice"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    code = code_in(said.out)
    for word in ("CPAS neuf", "/i/neuf/invitation/", "/i/neuf/fondation/", "auto-signé", "aucune clé"):
        assert word in said.out
    institution = Institution.objects.get(slug="neuf")
    for name in ("register.seed", "seal.key.pem", "seal.cert.pem"):
        assert read_key(institution, name)
    # The founding is the first entry; nothing but the code's digest lies in the database.
    assert LogHead.objects.get(institution=institution).size == 1
    assert PublishedCheckpoint.objects.filter(institution=institution).exists()
    stored = str(Invitation.objects.values_list().get())
    assert not set(code.split("-")) & set(re.findall(r"[^\W\d_]+", stored))
    assert b"administrator" not in bytes(Invitation.objects.get().sealed)
    page = Client().post(f"{HERE}invitation/", {"code": code}).content.decode()
    for word in ("Fanny Fondatrice", "fanny-fondatrice", "administrateur·rice", "vient d’être fondée"):
        assert word in page
    given = {"code": code, "phrase": PASSPHRASE, "phrase_again": PASSPHRASE}
    assert "Mise en place" in Client().post(f"{HERE}invitation/", given).content.decode()
    member = Member.objects.get()
    assert (member.login, member.function) == ("fanny-fondatrice", "administratrice")
    # Until there is an auditor the founder keeps what opens the details.
    assert RegisterKey.objects.get().member == member
    assert Client().post(f"{HERE}invitation/", {"code": code}).status_code == 422


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Neuf", *WORDS], "ce nom court ne convient pas"),
        (["neuf_1", *WORDS], "ce nom court ne convient pas"),
        (["n" * 41, *WORDS], "ce nom court ne convient pas"),
        (["neuf-", *WORDS], "ce nom court ne convient pas"),
        (["neuf", "--name", "CPAS"], "donnez --founder"),
        (["neuf", "--founder", "Fanny"], "donnez --name"),
        (["neuf", "--name", " ", "--founder", "Fanny"], "--name : de 1 à 200"),
        (["neuf", "--name", "x" * 201, "--founder", "Fanny"], "--name : de 1 à 200"),
        (["neuf", "--name", "a\x07b", "--founder", "Fanny"], "--name : de 1 à 200"),
        (["neuf", *WORDS, "--login", "É"], "--login"),
        (["neuf", *WORDS, "--login", "f" * 41], "--login"),
        (["neuf", *WORDS, "--function", "f" * 101], "--function"),
        (["neuf", *WORDS, "--law-key", "nulle-part"], "nulle-part"),
    ],
)
def test_what_cannot_be_founded_leaves_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run_found(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("ciment found: ")
    assert said in printed.err
    assert not Institution.objects.exists()
    assert files(settings) == []


@pytest.mark.parametrize("wrong", ["keys", "signer"])
def test_a_folder_that_cannot_be_written_leaves_nothing(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    # A file where a folder should be: root writes through every mode, and tests may run as root.
    (tmp_path / "in-the-way").write_text("")
    name = {"keys": "CIMENT_KEYS", "signer": "CIMENT_SIGNER_STATE"}[wrong]
    setattr(settings, name, tmp_path / "in-the-way" / "folder")
    assert run_found(["neuf", *WORDS]) == 2
    assert "ne peuvent pas être écrits" in capsys.readouterr().err
    assert not Institution.objects.exists()
    assert files(settings) == []


def test_a_name_is_given_once(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_found(["neuf", *WORDS]) == 0
    code, before = code_in(capsys.readouterr().out), files(settings)
    assert run_found(["neuf", *WORDS]) == 2
    assert "porte déjà ce nom court" in capsys.readouterr().err
    assert files(settings) == before
    assert Client().post(f"{HERE}invitation/", {"code": code}).status_code == 200


def test_a_founding_whose_code_is_lost_begins_again(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run_found(["neuf", *WORDS])
    lost, before = code_in(capsys.readouterr().out), files(settings)
    assert run_found(["neuf", *WORDS, "--again"]) == 0
    code = code_in(capsys.readouterr().out)
    # Nothing of the first is left: neither rows nor keys.
    assert Institution.objects.count() == 1
    assert not set(before) & set(files(settings))
    assert len(files(settings)) == len(before)
    assert Client().post(f"{HERE}invitation/", {"code": lost}).status_code == 422
    given = {"code": code, "phrase": PASSPHRASE, "phrase_again": PASSPHRASE}
    assert Client().post(f"{HERE}invitation/", given).status_code == 200
    # Once somebody is there, it is never undone.
    leaves = Leaf.objects.count()
    assert run_found(["neuf", *WORDS, "--again"]) == 2
    assert (Member.objects.count(), Leaf.objects.count()) == (1, leaves)


def test_the_law_is_never_the_demonstrations_unless_it_is_one(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_found(["un", *WORDS]) == 0
    with pytest.raises(KeyFileMissing):
        read_key(Institution.objects.get(slug="un"), TRUSTED_FILE)
    key = tmp_path / "federation.vkeys"
    key.write_text(FEDERATION.vkey + "\n")
    assert run_found(["deux", *WORDS, "--law-key", str(key)]) == 0
    assert "aucune clé n’en répond" in capsys.readouterr().out.split("deux", 1)[0]
    assert read_key(Institution.objects.get(slug="deux"), TRUSTED_FILE) == key.read_bytes()
    settings.CIMENT_DEMO = True
    assert run_found(["trois", *WORDS]) == 0
    assert demonstration_signer().vkey.encode() in read_key(Institution.objects.get(slug="trois"), TRUSTED_FILE)
    settings.CIMENT_DEMO, settings.CIMENT_SECURE = False, True
    capsys.readouterr()
    for text in (f"{demonstration_signer().vkey}\n", "pas une clé", "\n", ""):
        key.write_text(text)
        before = files(settings)
        assert run_found(["quatre", *WORDS, "--law-key", str(key)]) == 2
        assert "clés du droit" in capsys.readouterr().err
        assert not Institution.objects.filter(slug="quatre").exists()
        assert files(settings) == before


def test_a_person_at_the_keyboard_is_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers = iter(["CPAS  neuf ", "Fanny Fondatrice"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: (print(question), next(answers))[1])
    assert run_found(["neuf", "--dpo"]) == 0
    assert "Nom de l’institution" in capsys.readouterr().out
    assert Institution.objects.get().name == "CPAS neuf"
