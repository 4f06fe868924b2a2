"""附件1 to 附件4 of the 2022 measure, as printed, against the definitions that carry them."""

import pytest

from service.domain import forms
from service.domain.forms.kinds.row_tables import GivenTable, RepeatedTable
from tests.forms.folders import REVIEW, Folder, dense, printed

MIIT = Folder(
    "miit_industry/2022",
    2022,
    {"review": REVIEW, "quota": {"minimum": 10, "maximum": 10}, "scoring": {"maximum": 100}},
    {"accepted_applications": [("a1", "杭州市"), ("a2", "宜昌市")]},
)
DOCUMENT = MIIT.document
A = """\
规模以上工业增加值增速（%）|制造业增加值占地区国内生产总值比重（%）|高技术制造业占工业增加值比重（%）
工业固定资产投资增速（%）|工业技术改造投资增速（%）|规模以上工业利润总额增速（%）
先进制造业集群竞赛初赛胜出数量（个）|先进制造业集群竞赛决赛胜出数量（个）
当年获评国家新型工业化产业示范基地数量（个）|当年获评五星级基地数量（个）
当年被工业和信息化部认定为专精特新“小巨人”企业的数量（个）
该地区当年是否被工信部、发改委、财政部、市场监管总局评为智能制造先行区（是/否）"""
A_PRINTED = """\
规模以上工业增加值增速（%）|制造业增加值占地区国内生产总值比重（%）|高技术制造业占工业增加值比重（%）
工业固定资产投资增速（%）|工业技术改造投资增速（%）|规模以上工业利润总额增速（%）
在当年先进制造业集群竞赛中初赛胜出数量/决赛胜出数量（个）|当年获评国家新型工业化产业示范基地数量/五星级基地数量（个）
当年被工业和信息化部认定为专精特新“小巨人”企业的数量（个）
该地区当年是否被工信部、发改委、财政部、市场监管总局评为智能制造先行区（是/否）"""
PRODUCTS = (
    "主导产业（产品）名称|在全部工业增加值中占比（%）|工业增加值增速（%）|销售收入（亿元）|利润总额（亿元）"
)
B_PRINTED = """\
家庭千兆光纤网络覆盖率（%）|每万人拥有5G基站数（个）|当年被工业和信息化部评为工业互联网试点示范项目数量（个）
当年通过两化融合管理体系贯标评定企业数量（个）|当年被工业和信息化部认定为跨行业跨领域、特色型、专业型工业互联网平台数量之和（个）
当年被工业和信息化部认定的5G应用安全创新示范中心、网络安全和数据安全试点示范项目的数量之和（个）
当年通过数据安全合规评估、参加工业互联网网络安全分类分级管理试点的企业数量之和（个）
当年被工信部、发改委、财政部、市场监管总局评为智能制造示范工厂揭榜单位、能制造优秀场景的数量之和（个）
当年获得“绽放杯”5G应用征集大赛全国奖、5G+医疗健康试点项目、5G+智慧教育试点项目数量之和（个）"""
REPORTS = {
    "report_a": """\
一、基本情况|二、已开展的工作和取得的成效|（一）落实制造强国战略|（二）促进工业稳增长|（三）制造业转型升级
（四）实施产业基础再造工程|（五）主导产业和先进制造业集群情况|三、下一步工作安排|四、其他说明事项""",
    "report_b": """\
一、基本情况|二、已开展的工作和取得的成效|（一）落实网络强国战略|（二）信息基础设施建设
（三）产业数字化转型情况|（四）网络安全和数据安全|三、下一步工作安排|四、其他说明事项""",
}
# Where a page ends in 附件2, the scan prints 数 twice: 加快产业数|数字化转型.
MENDED = DOCUMENT.replace("产业数数字化", "产业数字化")


def titles(key: str) -> list[str]:
    """The rows as the document prints them: one for two figures that share a cell."""
    field, compiled = MIIT.indicators(key)
    found = [
        group[0] if group else row.label(compiled.scope)
        for row, group in zip(field.rows, field.groups, strict=True)
    ]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(("key", "rows"), [("recommendation_a", A_PRINTED), ("recommendation_b", B_PRINTED)])
def test_a_recommendation_has_the_rows_years_and_remarks_of_its_annex(key: str, rows: str) -> None:
    field, compiled = MIIT.indicators(key)
    assert titles(key) == printed(rows)
    assert [title for title in titles(key) if dense(title) not in DOCUMENT] == []
    assert field.columns(compiled.scope) == [("t2", "2020年"), ("t1", "2021年")]
    assert field.grid({}, compiled.scope).columns == ("2020年", "2021年", "备注")


def test_the_annexes_have_10_and_9_rows() -> None:
    assert (len(titles("recommendation_a")), len(titles("recommendation_b"))) == (10, 9)


def test_two_figures_that_share_a_cell_are_filled_in_one_by_one() -> None:
    field, compiled = MIIT.indicators("recommendation_a")
    assert [field.name(row, compiled.scope) for row in field.rows] == printed(A)
    assert [row.kind for row in field.rows] == ["decimal"] * 6 + ["integer"] * 5 + ["yes_no"]


def test_the_leading_products_have_the_annexs_columns() -> None:
    compiled = MIIT.compiled("recommendation_a")
    field = compiled.definition.fields["leading_products"]
    assert isinstance(field, RepeatedTable)
    assert [column.label(compiled.scope) for column in field.columns] == printed(PRODUCTS)
    assert dense(field.label(compiled.scope)) in DOCUMENT
    assert field.label(compiled.scope) == "制造业主导产业发展情况（2021年）"


def test_the_remark_that_the_annex_prints_stands_in_its_row() -> None:
    field, compiled = MIIT.indicators("recommendation_b")
    cell = (
        field.grid({"application_awards": {"remark": "其中标杆赛1项。"}}, compiled.scope).rows[-1].cells[-1]
    )
    first, second = cell.text.split("\n")
    assert dense(first) in DOCUMENT
    assert second == "其中标杆赛1项。"


@pytest.mark.parametrize("key", ["recommendation_a", "recommendation_b"])
def test_the_cover_is_as_printed(key: str) -> None:
    compiled = MIIT.compiled(key)
    cover = [field.label(compiled.scope) for field in compiled.definition.sections[0].fields]
    assert cover[:5] == ["市（州）名称", "推荐单位", "联系人", "联系电话", "填报日期"]
    assert dense(cover[5]) == dense("是否报请省（自治区、直辖市）政府（新疆生产建设兵团）同意")
    assert all(dense(label) in DOCUMENT for label in cover[:6])
    assert dense(compiled.title) in DOCUMENT
    assert "government_consent" not in compiled.editable


@pytest.mark.parametrize("key", REPORTS)
def test_a_report_has_the_chapters_and_instructions_of_its_annex(key: str) -> None:
    definition = MIIT.definition(key)
    chapters, notes = MIIT.outline(key)
    assert [note for note in notes if dense(note) not in MENDED] == []
    assert chapters == printed(REPORTS[key])
    assert all(dense(chapter) in DOCUMENT for chapter in chapters)
    assert dense(definition.title) in DOCUMENT


@pytest.mark.parametrize(("key", "article"), [("conditions_a", "6"), ("conditions_b", "7")])
def test_the_conditions_are_those_of_the_article_word_for_word(key: str, article: str) -> None:
    table = MIIT.definition(key).fields["items"]
    assert isinstance(table, GivenTable)
    assert [row.article for row in table.written] == [f"{article}({number})" for number in range(1, 7)]
    words = "".join(dense(row.title) for row in table.written)
    following = "第七条" if article == "6" else "第八条"
    assert dense(f"原则上应具备以下基本条件：{words}{following}") in DOCUMENT
    assert [row.waivable for row in table.written] == [True] * 5 + [False]


def test_the_statistics_bureau_goes_through_every_number_of_both_annexes() -> None:
    definition = MIIT.definition("statistics")
    for track in "ab":
        table = definition.fields[f"indicators_{track}"]
        assert isinstance(table, GivenTable)
        numbers = [title for title in titles(f"recommendation_{track}") if "（是/否）" not in title]
        assert [row.title for row in table.written] == numbers
    assert definition.note
    assert dense(definition.note) in DOCUMENT


@pytest.mark.parametrize("key", MIIT.keys)
def test_the_samples_of_a_form_have_no_problem(key: str) -> None:
    for seed in range(20):
        assert MIIT.judged(key, MIIT.valid(key, seed)) == []


@pytest.mark.parametrize("key", MIIT.keys)
def test_every_section_names_the_article_that_it_carries_out(key: str) -> None:
    assert all(section.article for section in MIIT.definition(key).sections)


def test_the_years_follow_the_round() -> None:
    definition = MIIT.definition("recommendation_a")
    later = forms.compile(definition, year=2026, parameters=MIIT.parameters)
    assert definition.fields["leading_products"].label(later.scope) == "制造业主导产业发展情况（2025年）"


# What a reviewer would find.


@pytest.mark.parametrize(
    ("row", "value", "message"),
    [
        ("manufacturing_share", "100.01", "不能大于 100，现在是 100.01"),
        ("high_tech_share", "-0.1", "不能小于 0"),
        ("value_added_growth", "-100.5", "不能小于 -100"),
        ("little_giants", "3.5", "请填写整数"),
        ("little_giants", "", "内容是空的，请填写整数"),
        ("profit_growth", "12.345", "最多两位小数"),
        ("smart_pioneer", "是", "请选择“是”或“否”"),
    ],
)
def test_a_wrong_cell_of_annex_3_is_told_with_its_year(row: str, value: str, message: str) -> None:
    content = MIIT.valid("recommendation_a")
    content["indicators"][row]["t1"] = value
    pointer, severity, text = MIIT.only_problem("recommendation_a", content)
    assert (pointer, severity) == (f"/indicators/{row}/t1", "error")
    assert text.startswith("2021年")
    assert message in text


def test_zero_is_a_figure_and_missing_is_not_zero() -> None:
    content = MIIT.valid("recommendation_a")
    content["indicators"]["bases"] |= {"t2": "0", "t1": "0"}
    content["indicators"]["five_star_bases"] |= {"t2": "0", "t1": "0"}
    assert MIIT.judged("recommendation_a", content) == []
    del content["indicators"]["bases"]["t1"]
    assert MIIT.only_problem("recommendation_a", content)[2].startswith(
        "2021年当年获评国家新型工业化产业示范基地数量（个）：还没有填写"
    )


def test_a_share_that_moves_too_far_in_a_year_is_a_question_which_a_remark_answers() -> None:
    content = MIIT.valid("recommendation_a")
    content["indicators"]["manufacturing_share"] = {"t2": "30.00", "t1": "35"}
    assert MIIT.judged("recommendation_a", content) == [], "5 points are not more than 5"
    content["indicators"]["manufacturing_share"]["t1"] = "24.9"
    assert MIIT.only_problem("recommendation_a", content) == (
        "/indicators/manufacturing_share/t1",
        "warning",
        "2021年制造业增加值占地区国内生产总值比重（%）：由2020年的 30 变为 24.9，减少 5.1 个百分点，"
        "变动较大；请核对；属实的，请在“备注”中说明。",
    )
    content["indicators"]["manufacturing_share"]["remark"] = "大企业外迁。"
    assert MIIT.judged("recommendation_a", content) == []


def test_more_finals_than_firsts_are_a_question() -> None:
    content = MIIT.valid("recommendation_a")
    content["indicators"]["cluster_first"]["t1"] = "1"
    content["indicators"]["cluster_final"]["t1"] = "2"
    pointer, severity, message = MIIT.only_problem("recommendation_a", content)
    assert (pointer, severity) == ("/indicators/cluster_final/t1", "warning")
    assert "现在是 2，多于“先进制造业集群竞赛初赛胜出数量（个）”的 1" in message


def product(**cells: str) -> dict[str, str]:
    fitting = {"name": "新材料", "value_added_share": "30", "value_added_growth": "9", "revenue": "90"}
    return fitting | {"profit": "9"} | cells


def test_shares_of_products_that_exceed_the_whole_are_a_question() -> None:
    products = [product(), product(name="新能源", value_added_share="40"), product(name="纺织")]
    content = MIIT.valid("recommendation_a", leading_products=products)
    assert MIIT.judged("recommendation_a", content) == [], "100 is not more than 100"
    content["leading_products"][2]["value_added_share"] = "30.01"
    pointer, severity, message = MIIT.only_problem("recommendation_a", content)
    assert (pointer, severity) == ("/leading_products", "warning")
    assert "占比合计为 100.01%，超过 100%" in message


def test_a_product_that_earns_more_than_it_sells_is_told_in_its_row() -> None:
    content = MIIT.valid(
        "recommendation_a", leading_products=[product(), product(name="纺织", profit="90.5")]
    )
    assert MIIT.only_problem("recommendation_a", content) == (
        "/leading_products/1/profit",
        "error",
        "“制造业主导产业发展情况”第2行：利润总额（90.5 亿元）大于销售收入（90 亿元）；请核对。",
    )


def test_checks_wait_where_there_are_more_faults_than_are_listed() -> None:
    content = MIIT.valid("recommendation_a", leading_products=[product(revenue="约一百")])
    content["indicators"] |= {f"unknown_{number}": {} for number in range(1500)}
    assert len(MIIT.judged("recommendation_a", content)) == 1000


def test_coverage_of_annex_4_is_at_most_100_per_cent() -> None:
    content = MIIT.valid("recommendation_b")
    content["indicators"]["gigabit_coverage"] |= {"t2": "99", "t1": "100.5"}
    assert MIIT.only_problem("recommendation_b", content)[:2] == ("/indicators/gigabit_coverage/t1", "error")


def test_few_more_of_something_rare_are_no_jump() -> None:
    content = MIIT.valid("recommendation_b")
    content["indicators"]["platforms"] |= {"t2": "1", "t1": "11"}
    assert MIIT.judged("recommendation_b", content) == [], "10 more are not more than 10"
    content["indicators"]["platforms"]["t1"] = "12"
    assert "增加 11 个，变动较大" in MIIT.only_problem("recommendation_b", content)[2]
    content["indicators"]["platforms"] |= {"t2": "20", "t1": "40"}
    assert MIIT.judged("recommendation_b", content) == [], "nor is a doubling more than 100 per cent"


def test_a_condition_that_holds_in_principle_can_be_waived_with_a_reason_and_an_approver() -> None:
    content = MIIT.valid("conditions_a")
    row = content["items"]["growth"]
    row["met"] = "unmet"
    assert MIIT.only_problem("conditions_a", content)[0] == "/items/growth/waived"
    row["waived"] = False
    assert MIIT.judged("conditions_a", content) == []
    row["waived"] = True
    missing = [problem.pointer for problem in MIIT.judged("conditions_a", content)]
    told = ["waiver_reason", "waiver_approver", "waiver_number", "waiver_date"]
    assert missing == [f"/items/growth/{column}" for column in told]
    row |= {"waiver_reason": "受疫情影响，全年增速低于上年。", "waiver_approver": "厅党组会"}
    row |= {"waiver_number": "〔2022〕2号", "waiver_date": "2022-01-20"}
    assert MIIT.judged("conditions_a", content) == []


@pytest.mark.parametrize("key", ["conditions_a", "conditions_b"])
def test_accidents_are_never_waived(key: str) -> None:
    content = MIIT.valid(key)
    content["items"]["safety"]["met"] = "unmet"
    assert MIIT.judged(key, content) == [], "不符合 is an answer; what follows is for the decision"
    content["items"]["safety"] |= {"waived": True, "waiver_reason": "已整改。", "waiver_approver": "厅长"}
    found = {problem.pointer: problem.message for problem in MIIT.judged(key, content)}
    assert list(found) == [f"/items/safety/{cell}" for cell in ("waived", "waiver_reason", "waiver_approver")]
    article = {"conditions_a": "第六条第（六）项", "conditions_b": "第七条第（六）项"}[key]
    assert found["/items/safety/waived"] == f"{article}必须具备，没有“原则上”，不能放宽；请删去。"


def test_a_figure_that_differs_from_the_statistics_stops_the_verification_at_its_cell() -> None:
    content = MIIT.valid("statistics", track="b")
    assert "indicators_a" not in content
    content["indicators_b"]["base_stations"] = {"t2": "agrees", "t1": "differs", "basis": "统计年鉴"}
    assert MIIT.only_problem("statistics", content) == (
        "/indicators_b/base_stations/t1",
        "error",
        "“每万人拥有5G基站数（个）”2021年：与统计数据不一致，不能核实通过；请退回申报单位更正。",
    )
