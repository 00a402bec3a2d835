"""The documents drawn from the code say what the code says now."""

from staff_portal import documentation


def test_documents_are_up_to_date() -> None:
    assert documentation.outdated() == [], "run manage.py write_docs"


def test_an_outdated_document_is_noticed(tmp_path) -> None:
    written = documentation.write(tmp_path)
    assert documentation.outdated(tmp_path) == []
    (tmp_path / written[0]).write_text("something else", encoding="utf-8")
    assert documentation.outdated(tmp_path) == [written[0]]
