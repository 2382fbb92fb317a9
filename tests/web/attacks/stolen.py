"""What a thief carries away: a copy of the database, and every file of the store."""

import json
import shutil
import sqlite3
from base64 import b64encode
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection


def steal(folder: Path) -> Path:
    """Copy database and file store into `folder`; sessions too: nothing is spared."""
    folder.mkdir()
    if connection.vendor == "sqlite":
        _copy_file(folder / "database.sqlite3")
    else:
        _copy_rows(folder / "database.json")
    shutil.copytree(settings.CIMENT_BLOBS, folder / "blobs")
    return folder


def _copy_file(path: Path) -> None:
    # SQLite's own backup: the file as an administrator, or a burglar of backups, has it.
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    connection.connection.backup(copy)
    copy.close()


def _copy_rows(path: Path) -> None:
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            columns = [column[0] for column in cursor.description or ()]
            tables[table] = [
                {name: _plain(value) for name, value in zip(columns, row, strict=True)} for row in cursor.fetchall()
            ]
    path.write_text(json.dumps(tables))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return "\0" + b64encode(bytes(value)).decode()
    if isinstance(value, UUID):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
