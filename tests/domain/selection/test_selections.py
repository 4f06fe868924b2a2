"""Selections: the worked example of the 2022 rules, ties, conflicts, refilling, reasons, points missing."""

from dataclasses import replace
from fractions import Fraction

import pytest

from service.domain.selection import (
    Bonus,
    Candidate,
    Cap,
    Exclusion,
    Floor,
    Rules,
    RulesRefused,
    Standing,
    Waiver,
    prospect,
    select,
)

CITIES = {
    "苏州": ("96.0", "江苏", "east"),
    "深圳": ("95.5", "广东", "east"),
    "佛山": ("95.0", "广东", "east"),
    "宁波": ("94.2", "浙江", "east"),
    "青岛": ("93.8", "山东", "east"),
    "浦东": ("93.0", "上海", "east"),
    "合肥": ("92.6", "安徽", "central"),
    "宜昌": ("92.1", "湖北", "central"),
    "泉州": ("91.5", "福建", "east"),
    "洛阳": ("91.0", "河南", "central"),
    "株洲": ("90.6", "湖南", "central"),
    "宜宾": ("89.9", "四川", "west"),
    "唐山": ("89.5", "河北", "east"),
    "沈阳": ("88.0", "辽宁", "northeast"),
    "宝鸡": ("88.7", "陕西", "west"),
}
EXAMPLE = [
    Candidate(name, Fraction(score), {"province": province, "region": region})
    for name, (score, province, region) in CITIES.items()
]
RULES = Rules(
    quota=10,
    caps=[Cap("province", 1, "第11条")],
    floors=[Floor("region", ["west", "northeast"], 2, "第11条")],
    bonuses=[Bonus("沈阳", Fraction(1), "第11条")],
    labels={"west": "西部", "northeast": "东北"},
)


def plain(*scores: int, places: dict[int, int] | None = None, **group: str) -> list[Candidate]:
    """Candidates 0, 1, 2 … with these scores; `p` = the province of each, one letter a candidate."""
    return [
        Candidate(
            str(number),
            Fraction(score),
            {name: values[number] for name, values in group.items() if values[number] != "-"},
            place=(places or {}).get(number),
        )
        for number, score in enumerate(scores)
    ]


def names(text: str) -> tuple[str, ...]:
    """Every name has two characters."""
    return tuple(text[place : place + 2] for place in range(0, len(text), 2))


def reason(name: str, rules: Rules = RULES) -> str:
    return select(EXAMPLE, rules).of(name).reason


def test_worked_example_2_digit_for_digit() -> None:
    selection = select(EXAMPLE, RULES)
    assert selection.selected == names("苏州深圳宁波青岛浦东合肥宜昌泉州宜宾沈阳")
    listed = [each for each in selection.placements if each.standing == Standing.SELECTED]
    assert sum(each.score for each in listed) == Fraction("927.6")
    assert selection.of("沈阳").score == Fraction("89.0")
    assert [each.id for each in selection.placements][12:] == ["唐山", "沈阳", "宝鸡"]


def test_the_steps_of_worked_example_2() -> None:
    capped = select(EXAMPLE, replace(RULES, floors=()))
    assert capped.selected == names("苏州深圳宁波青岛浦东合肥宜昌泉州洛阳株洲")
    without = select(EXAMPLE, replace(RULES, bonuses=()))
    assert without.selected[-2:] == ("宜宾", "宝鸡")


def test_the_reasons_of_worked_example_2() -> None:
    assert reason("苏州") == "得分 96.00，第 1 名，在 10 个名额之内。"
    assert reason("佛山") == "得分 95.00，第 3 名，按第11条（广东至多 1 个），已由深圳列入。"
    floor = "按第11条（西部、东北合计至少 2 个）"
    assert reason("洛阳") == f"得分 91.00，第 10 名，{floor}，余下的名额须留给宜宾、沈阳。"
    assert reason("株洲") == f"得分 90.60，第 11 名，{floor}，余下的名额须留给宜宾、沈阳。"
    assert reason("唐山") == f"得分 89.50，第 13 名，{floor}，余下的名额须留给沈阳。"
    assert reason("沈阳") == (
        "得分 89.00（含加分 1.00），第 14 名，前面有 4 个因规则未能列入，依次列入（名额 10 个），"
        f"{floor}先于洛阳、株洲、唐山列入。"
    )
    assert reason("宝鸡") == "得分 88.70，第 15 名，名额 10 个已由排在前面的用完。"


def test_the_points_missing_in_worked_example_2() -> None:
    missing = {
        name: prospect(EXAMPLE, RULES, name).missing for name in ("佛山", "株洲", "宝鸡", "唐山", "苏州")
    }
    assert missing == {
        "佛山": Fraction("0.51"),  # 95.51 puts 深圳 behind it; 95.50 would be a tie.
        "株洲": Fraction("0.91"),  # Only eight places are open to the east and the middle: above 泉州's 91.5.
        "宝鸡": Fraction("0.31"),  # Above 沈阳's 89.00.
        "唐山": Fraction("2.01"),
        "苏州": 0,
    }
    assert prospect(EXAMPLE, RULES, "宝鸡").text == "公布得分达到 89.01 即可列入，还差 0.31 分"


def test_no_score_helps_who_is_excluded_or_has_no_place_in_any_legal_list() -> None:
    excluded = replace(RULES, exclusions=[Exclusion("佛山", "第13条", "弄虚作假")])
    told = prospect(EXAMPLE, excluded, "佛山")
    assert (told.needed, told.text) == (None, "无论多少分都不能列入：第13条（佛山不得列入（弄虚作假））")
    full = Rules(1, floors=[Floor("p", ["b"], 1, "第5条")])
    told = prospect(plain(9, 8, p="ab"), full, "0")
    assert (told.needed, [rule.key for rule in told.rules]) == (None, ["floor:第5条:p:b:1"])


def test_equals_of_whom_the_rules_leave_several_sets_wait_for_a_vote() -> None:
    """Of the two of province a one may be listed; the third of the class is, whatever the vote says."""
    rules = Rules(3, caps=[Cap("p", 1, "第11条")])
    tied = select(plain(9, 9, 9, 8, p="aabc"), rules)
    assert tied.tie is not None
    assert (tied.tie.rank, tied.tie.places, tied.tie.members) == (1, 1, ("0", "1"))
    assert [each.standing for each in tied.placements] == ["tied", "tied", "selected", "waiting"]
    assert tied.of("3").reason == "得分 8.00，第 4 名，待同分的申报（0、1）表决后确定。"
    voted = select(plain(9, 9, 9, 8, p="aabc", places={0: 2, 1: 1}), rules)
    assert voted.selected == ("2", "1", "3")
    assert voted.of("0").reason == "得分 9.00，第 1 名，同分表决第 2 位，按第11条（a至多 1 个），已由1列入。"


def test_votes_can_be_due_in_several_classes_one_after_the_other() -> None:
    rules = Rules(2, caps=[Cap("p", 1, "第11条")])
    scores, provinces = (9, 9, 8, 8), "aabb"
    first = select(plain(*scores, p=provinces), rules)
    assert first.tie is not None
    assert first.tie.members == ("0", "1")
    second = select(plain(*scores, p=provinces, places={0: 1, 1: 2}), rules)
    assert second.tie is not None
    assert (second.tie.members, second.tie.rank) == (("2", "3"), 3)
    both = select(plain(*scores, p=provinces, places={0: 1, 1: 2, 2: 2, 3: 1}), rules)
    assert both.selected == ("0", "3")


def test_rank_order_goes_before_the_total_and_the_length_before_rank_order() -> None:
    total = select(plain(10, 9, 9, p="a--", q="bbb"), Rules(2, caps=[Cap("q", 2, "第1条")]))
    assert total.tie is not None
    short = select(
        plain(9, 8, 7, p="xx-", q="y-y"), Rules(2, caps=[Cap("p", 1, "第1条"), Cap("q", 1, "第2条")])
    )
    assert short.selected == ("1", "2")
    assert short.of("0").reason == (
        "得分 9.00，第 1 名，按第1条（x至多 1 个）；第2条（y至多 1 个），列入它则名单更短。"
    )


def test_fewer_candidates_than_places_are_all_listed_as_far_as_the_rules_go() -> None:
    selection = select(plain(9, 8, 7, p="aab"), Rules(10, caps=[Cap("p", 1, "第11条")]))
    assert (selection.selected, selection.length) == (("0", "2"), 2)
    assert selection.of("1").reason == "得分 8.00，第 2 名，按第11条（a至多 1 个），已由0列入。"


def test_a_conflict_names_the_least_rules_and_a_recorded_waiver_resolves_it() -> None:
    candidates = plain(9, 8, 7, 6, p="aabc", region="wwee")
    rules = Rules(
        3,
        caps=[Cap("p", 1, "第11条")],
        floors=[Floor("region", ["w"], 2, "第12条"), Floor("region", ["e"], 1, "第12条")],
        exclusions=[Exclusion("3", "第13条", "弄虚作假")],
    )
    stuck = select(candidates, rules)
    assert stuck.conflict is not None
    assert {rule.text for rule in stuck.conflict.rules} == {"a至多 1 个", "w合计至少 2 个"}
    assert stuck.selected == ()
    assert stuck.of("0").reason == (
        "得分 9.00，第 1 名，没有符合全部规则的名单，须决定哪一项不适用："
        "第11条（a至多 1 个）；第12条（w合计至少 2 个）。"
    )
    cap = next(rule for rule in stuck.conflict.rules if rule.key.startswith("cap:"))
    waiver = Waiver(cap.key, "西部只有一省申报", "部务会", "工信〔2022〕1号")
    decided = select(candidates, replace(rules, waivers=[waiver]))
    assert decided.selected == ("0", "1", "2")
    assert decided.of("1").reason == (
        "得分 8.00，第 2 名，在 3 个名额之内"
        "（第11条（a至多 1 个）已由部务会决定不适用，工信〔2022〕1号：西部只有一省申报）。"
    )


@pytest.mark.parametrize(
    ("hard", "waiver", "refused"),
    [
        (True, Waiver("exclusion:第13条:0", "理由", "部长", "1号"), "不能豁免：0不得列入（事故）。"),
        (
            False,
            Waiver("exclusion:第13条:9", "理由", "部长", "1号"),
            "没有规则“exclusion:第13条:9”，不能豁免。",
        ),
        (False, Waiver("quota", "理由", "部长", "1号"), "不能豁免：名额 1 个。"),
        (False, Waiver("exclusion:第13条:0", "", "部长", "1号"), "豁免应写明理由、决定人和文号。"),
    ],
)
def test_only_what_is_not_hard_can_be_waived_and_only_with_a_record(
    hard: bool, waiver: Waiver, refused: str
) -> None:
    rules = Rules(1, exclusions=[Exclusion("0", "第13条", "事故", hard)], waivers=[waiver])
    with pytest.raises(RulesRefused, match=refused):
        select(plain(9), rules)


def test_a_published_list_is_refilled_by_the_next_legal_candidate_alone() -> None:
    """深圳 is taken off: 佛山 of the same province is the next, and nobody who stands on the list moves."""
    rules = replace(RULES, exclusions=[Exclusion("深圳", "释义2", "异议成立。")])
    listed = set(select(EXAMPLE, RULES).selected) - {"深圳"}
    refilled = select(EXAMPLE, rules, listed)
    assert set(refilled.selected) - listed == {"佛山"}
    assert refilled.of("佛山").reason == "得分 95.00，第 3 名，名单不足 10 个，依次递补。"
    assert refilled.of("深圳").reason == "得分 95.50，第 2 名，按释义2不能列入：异议成立。"


def test_a_floor_holds_for_who_comes_in() -> None:
    rules = replace(RULES, exclusions=[Exclusion("宜宾", "释义2", "异议成立。")])
    listed = set(select(EXAMPLE, RULES).selected) - {"宜宾"}
    assert set(select(EXAMPLE, rules, listed).selected) - listed == {"宝鸡"}


def test_four_hundred_candidates_under_many_rules_come_to_a_list() -> None:
    candidates = [
        Candidate(
            f"{number:03}",
            Fraction(9800 - number * 7 % 1999, 100),
            {"province": f"{number * 13 % 31:02}", "region": "wcen"[number % 4], "kind": "abc"[number % 3]},
        )
        for number in range(400)
    ]
    rules = Rules(
        40,
        caps=[Cap("province", 2, "第11条")],
        floors=[Floor("region", ["w", "n"], 22, "第11条"), Floor("kind", ["a"], 15, "第12条")],
    )
    selection = select(candidates, rules)
    by_id = {each.id: each.groups for each in candidates}
    assert len(selection.selected) == 40
    assert sum(by_id[each]["region"] in "wn" for each in selection.selected) >= 22
    assert sum(by_id[each]["kind"] == "a" for each in selection.selected) >= 15
    assert (
        max(sum(by_id[each]["province"] == str(p).zfill(2) for each in selection.selected) for p in range(31))
        <= 2
    )
