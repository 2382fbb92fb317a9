"""What a file or a preparation is refused for."""

from ciment.canon import CimentError


class CopyRefused(CimentError):  # noqa: N818 - the class names the refusal
    """A file that cannot become a release copy, or copies that cannot be frozen; `code` says why.

    `empty`, `not_supported`, `broken_pdf`, `pages`, `reason`, `none`, `silenced`, `gone`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"copy refused: {code}")
        self.code = code
