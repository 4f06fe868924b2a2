"""What is different between two editions: told so that the next one can be made of the last."""

from pathlib import Path

from service.domain import editions
from service.domain.editions import Change, Differences, EditionFolder

ROOT = Path(__file__).parent.parent.parent.parent
NAME = "miit_industry/2018"
MAIN = f"processes/{NAME}/edition.yaml"
ROUND = "processes/shared/round.bpmn"


def changed(file: str, *spellings: tuple[str, str]) -> Differences:
    """The shipped edition compared with one in which a file says something else."""
    before = EditionFolder.read(ROOT, NAME)
    text = before.files[file].decode()
    for right, other in spellings:
        assert right in text
        text = text.replace(right, other, 1)
    return editions.compare(before, EditionFolder(NAME, before.files | {file: text.encode()}))


def test_an_edition_does_not_differ_from_itself() -> None:
    folder = EditionFolder.read(ROOT, NAME)
    assert editions.compare(folder, folder) == Differences([], [], [], [])


def test_a_parameter_is_told_by_its_path() -> None:
    found = changed(MAIN, ("    minimum: 9\n", "    minimum: 17\n"), ("    odd: true\n", "    odd: false\n"))
    assert found.parameters == [
        Change("committee.minimum", "9", "17"),
        Change("committee.odd", "true", "false"),
    ]
    assert (found.articles, found.elements, found.forms) == ([], [], [])


def test_a_parameter_that_is_new_or_gone_has_one_side() -> None:
    found = changed(MAIN, ("    cap: null\n", "    most: 1\n"))
    assert found.parameters == [
        Change("recommendation.most", "", "1"),
        Change("recommendation.cap", "null", ""),
    ]


def test_an_article_in_other_words_is_told_with_both() -> None:
    (change,) = changed(MAIN, ("每年遴选10-15个", "每年分别遴选10个")).articles
    assert change.what == "第5条"
    assert "每年遴选10-15个" in change.before
    assert "每年分别遴选10个" in change.after


def test_an_article_under_a_new_number_is_no_change_unless_its_words_are() -> None:
    moved = changed(MAIN, ('    - number: "3"\n', '    - number: "33"\n'))
    assert moved.articles == []
    words = ("遵循公平、公正、公开原则，统筹安排", "遵循公开原则，统筹安排")
    (change,) = changed(MAIN, ('    - number: "3"\n', '    - number: "33"\n'), words).articles
    assert change.what == "第3条 → 第33条"


def test_elements_are_told_by_process_and_id() -> None:
    found = changed(
        ROUND, ('name="确定年度遴选数量"', 'name="确定遴选数量"'), ('id="decide_list"', 'id="decide"')
    )
    assert Change("round: record_quota", "确定年度遴选数量", "确定遴选数量") in found.elements
    assert {change.what for change in found.elements if not change.before} == {"round: decide"}
    assert {change.what for change in found.elements if not change.after} == {"round: decide_list"}
