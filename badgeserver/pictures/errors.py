"""The one refusal of this package."""


class PictureRefused(Exception):
    """A picture that is not taken.

    ``sentence`` is fit to be shown to the person who sent it: it says what is wrong and what to do next.
    It never quotes the file.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
