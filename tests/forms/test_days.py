"""Days of what has happened: not later than the day on which they are handed in."""

from datetime import date

from service.domain import forms

DEFINITION = """
title: 决定
sections:
  - title: 一
    step: [decide]
    fields:
      - {key: decided_on, title: 决定日期, kind: date, past: true}
      - {key: deadline, title: 期限, kind: date}
      - key: visits
        title: 核查
        kind: table
        rows: {minimum: 0, maximum: 5, name: 次}
        columns:
          - {key: on, title: 日期, kind: date, past: true}
          - {key: next, title: 下次, kind: date}
  - title: 二
    step: [report]
    fields:
      - {key: reported_on, title: 报告日期, kind: date, past: true}
"""
TODAY = date(2018, 4, 10)


def found(content: dict[str, object]) -> dict[str, str]:
    compiled = forms.compile(forms.parse(DEFINITION, key="decision"), year=2018, step="decide")
    return {each.pointer: each.message for each in forms.postdated(compiled, content, TODAY)}


def test_today_is_the_last_day_and_only_what_has_happened_is_asked() -> None:
    assert found({"decided_on": "2018-04-10", "deadline": "2019-01-01", "reported_on": "2018-04-11"}) == {}
    assert found({"decided_on": "2018-04-11"}) == {"/decided_on": "决定日期：不能晚于今天；请改正。"}


def test_rows_are_told_by_their_number() -> None:
    visits = [{"on": "2018-04-10", "next": "2018-05-01"}, {"on": "2018-04-11"}]
    assert found({"visits": visits}) == {"/visits/1/on": "核查第2行“日期”：不能晚于今天；请改正。"}


def test_what_is_no_day_is_for_others_to_tell() -> None:
    assert found({"decided_on": "明天", "visits": "无"}) == {}
    assert found({"decided_on": None, "visits": [None]}) == {}
