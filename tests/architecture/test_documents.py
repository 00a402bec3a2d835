"""The documents drawn from the code say what the code says now."""

from tests.support import documents


def test_documents_are_up_to_date() -> None:
    assert documents.outdated() == [], "run make docs"


def test_an_outdated_document_is_noticed(tmp_path) -> None:
    written = documents.write(tmp_path)
    assert documents.outdated(tmp_path) == []
    (tmp_path / written[0]).write_text("something else", encoding="utf-8")
    assert documents.outdated(tmp_path) == [written[0]]
