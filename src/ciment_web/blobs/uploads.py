"""Uploads: every file is sealed while it arrives, under a key that only the request knows; none is spooled in clear."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from ciment_web.blobs import store
from ciment_web.blobs.sealing import FileSealer, SealedFile, open_file

LIMIT = 10 * 1024 * 1024


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # generic in the stubs alone
    """An upload that rests sealed in the store. Unless kept, it is removed when the request ends."""

    def __init__(self, sealed: SealedFile, **described: Any) -> None:
        """Describe an upload that is already sealed."""
        super().__init__(file=None, **described)
        self.sealed = sealed
        self._kept = False

    def keep(self) -> SealedFile:
        """Return the sealed file, which now outlives the request."""
        self._kept = True
        return self.sealed

    def read_all(self) -> bytes:
        """Return the plaintext (at most `LIMIT` bytes)."""
        return b"".join(open_file(self.sealed.key, self.sealed.blob, self.sealed.id))

    def close(self) -> None:
        """Remove the file unless somebody kept it."""
        if not self._kept:
            store.remove(self.sealed.blob)


class SealingUpload(FileUploadHandler):
    """Seals each uploaded file piece by piece; a file beyond `LIMIT` stops the upload and leaves nothing."""

    sealer: FileSealer | None = None
    too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Start sealing the next file."""
        super().new_file(*args, **kwargs)
        self.sealer = FileSealer()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal one piece; returning nothing keeps it from every other handler."""
        if self.sealer is None:
            return
        if start + len(raw_data) > LIMIT:
            self.upload_interrupted()
            # Reading on and throwing away lets the browser show our answer rather than a broken connection.
            self.too_large = True
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        self.sealer.push(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        """Return the sealed upload."""
        if self.sealer is None:
            return None
        sealed, self.sealer = self.sealer.finish(), None
        return SealedUpload(
            sealed,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """Leave nothing of a file that did not arrive whole."""
        if self.sealer is not None:
            self.sealer.abandon()
            self.sealer = None
