"""Refusals that are expected and may be shown to people."""


class UserFacingError(Exception):
    """An anticipated refusal; its message is a sentence that tells the user what to do.

    `code` names the refusal for programs (stable, snake_case); `field` names the input it belongs to, or is empty.
    Doors catch exactly this family: every other exception is a fault of ours and may crash.
    """

    code = "refused"
    field = ""

    def __init__(self, message: object, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field or self.field

    @property
    def message(self) -> str:
        return str(self.args[0])
