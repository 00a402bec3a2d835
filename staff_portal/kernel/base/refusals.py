"""How the application says no: always with a sentence (house rule 4)."""


class Refusal(Exception):
    """Something was refused; ``sentences`` are Persian, one for each thing missing."""

    status = 409

    def __init__(self, *sentences: str) -> None:
        self.sentences = [sentence for sentence in sentences if sentence]
        super().__init__(" ".join(self.sentences))

    @property
    def sentence(self) -> str:
        return " ".join(self.sentences)


class TransitionRefused(Refusal):
    """The step cannot be taken now."""


class NotPermitted(Refusal):
    """The person may not do this (403)."""

    status = 403
