"""附件2 to 附件7 of Shandong's measure of 2023 (revised 2024-02), as printed, against the definitions."""

import pytest

from service.domain.forms.kinds.row_tables import GivenTable
from tests.forms.folders import REVIEW, Folder, dense, printed

SHANDONG = Folder(
    "shandong_industry/2023",
    2024,
    {"review": REVIEW, "quota": {"minimum": 13, "maximum": 13}, "sanction": {"county_years": 3}},
    {"ready_applications": [("a", "历下区")], "city_counties": [("370102", "历下区"), ("370103", "市中区")]},
)
DOCUMENT = SHANDONG.document
RATES = """\
规模以上工业增加值增速（%）|制造业增加值占本区域{0}生产总值比重（%）|高技术制造业占工业增加值比重（%）
工业固定资产投资增速（%）|工业技术改造投资增速（%）|规模以上工业利润总额增速（%）"""
CITY_A = (
    RATES.format("")
    + """
在当年获得国家制造业重点产业链“链主”企业数量（个）|当年获评四星以上国家新型工业化产业示范基地数量（个）
当年被工业和信息化部认定为专精特新“小巨人”企业的数量（个）|当年被工业和信息化部认定为制造业单项冠军企业的数量（个）"""
)
COUNTY_A = RATES.format("国内")
BY_LEVEL = """\
当年获得省级以上特色产业集群数量|当年获得省级及以上智能（制造示范）工厂数量|当年获得省级以上制造业单项冠军数量
当年获得省级以上制造业创新中心数量|当年获得省级以上专精特新企业数量|当年获得省级以上绿色工厂数量"""
CITY_B = """\
千兆光纤网络家庭覆盖率（%）|每万人拥有5G基站数（个）|当年被工业和信息化部评为工业互联网试点示范项目数量（个）
当年通过两化融合管理体系贯标评定企业数量（个）|当年被工业和信息化部认定为跨行业跨领域工业互联网平台的数量（个）
当年被工业和信息化部认定为“数字领航”企业、两化融合贯标管理体系贯标示范、特色专业型平台等新一代信息技术与制造业融合发展示范名单数量（个）
当年规模以上工业企业数字化转型覆盖率（%）|当年被工业和信息化部、发改委、财政部、市场监管总局评为智能制造示范工厂揭榜单位的数量（个）
当年被工业和信息化部、国家标准化管理委员会评为智能制造标准应用试点项目的数量（个）
当年获得“绽放杯”5G应用征集大赛全国奖、“光华杯”千兆光网应用创新大赛全国奖数量之和（个）|当年数字经济核心产业营业收入（亿元）
当年规模以上数字经济核心产业增加值占GDP的比重（%）
当年入选工业和信息化部智慧健康养老应用试点示范、智能光伏试点示范、先进计算典型应用案例、虚拟现实先锋应用案例、智能体育典型案例、超高清视频典型应用案例数量之和（个）"""
COUNTY_B = """\
千兆光纤网络家庭覆盖率（%）|每万人拥有5G基站数（个）|当年通过两化融合管理体系贯标评定企业数量（个）
当年通过数据管理能力成熟度模型（DCMM）贯标评定企业数量（个）
当年被认定为省级新一代信息技术与制造业融合发展试点示范企业、省级工业互联网平台数量之和（个）|当年入选工业领域数据安全管理试点（个）
当年获得省级及以上数字化车间、优秀场景和系统解决方案供应商数量之和（个）
当年入选省级大数据“三优两重”项目、数字经济发展创新平台、省级CDO（总数据师）企业数量之和（个）|省级晨星工厂入库企业数量（个）
当年入选省级软件工程技术中心数量（个）|当年入选省级首版次高端软件、省软件产业高质量发展重点项目数量之和（个）
当年入选省级及以上智能光伏试点示范、虚拟现实先锋应用案例、先进计算典型应用案例数量之和（个）"""
COVERS = {
    "recommendation_city_a": ("附件4", "市名称", "推荐单位", "是否报请设区市政府同意", "市名称"),
    "recommendation_county_a": (
        "附件5",
        "县（市区）名称",
        "推荐单位",
        "是否报请设区市政府同意",
        "县（市、区）名称",
    ),
    "recommendation_city_b": ("附件6", "市名称", "申报单位", "是否报请设区市人民政府同意", "设区市名称"),
    "recommendation_county_b": (
        *("附件7", "县（市、区）名称", "推荐单位", "是否报请设区市人民政府同意", "县（市、区）名称"),
    ),
}
REPORTS = {
    "report_a": """\
一、基本情况|二、已开展的工作和取得的成效|（一）落实制造强省战略|（二）促进工业稳增长|（三）制造业转型升级
（四）主导产业、先进制造业和特色产业集群情况|三、下一步工作安排|四、其他说明事项""",
    "report_b": """\
一、基本情况|二、已开展的工作和取得的成效|（一）落实数字强省战略|（二）信息基础设施建设
（三）产业数字化转型情况|（四）数字产业化发展情况|（五）网络安全和数据安全|三、下一步工作安排|四、其他说明事项""",
}


@pytest.mark.parametrize(
    ("key", "rows", "count"),
    [
        ("recommendation_city_a", CITY_A, 10),
        ("recommendation_city_b", CITY_B, 13),
        ("recommendation_county_b", COUNTY_B, 12),
    ],
)
def test_a_recommendation_has_the_rows_of_its_annex(key: str, rows: str, count: int) -> None:
    assert SHANDONG.titles(key) == printed(rows)
    assert len(SHANDONG.titles(key)) == count
    assert [title for title in SHANDONG.titles(key) if dense(title) not in DOCUMENT] == []


def test_annex_5_has_6_rates_and_6_counts_at_two_levels() -> None:
    field, compiled = SHANDONG.indicators("recommendation_county_a")
    assert SHANDONG.titles("recommendation_county_a") == printed(COUNTY_A) + ["国家级", "省级"] * 6
    groups = [group[0] for group in field.groups if group]
    assert groups == [title for title in printed(BY_LEVEL) for _ in range(2)]
    assert all(f"{dense(title)}国家级省级" in DOCUMENT for title in groups)
    assert field.name(field.rows[6], compiled.scope) == "当年获得省级以上特色产业集群数量（国家级）"


@pytest.mark.parametrize("key", COVERS)
def test_cover_years_and_remarks_are_as_printed(key: str) -> None:
    field, compiled = SHANDONG.indicators(key)
    annex, division, recommender, consent, heading = COVERS[key]
    cover = [each.label(compiled.scope) for each in compiled.definition.sections[0].fields]
    assert cover[:6] == [division, recommender, "联系人", "联系电话", "填报日期", consent]
    assert compiled.definition.fields["general_division"].label(compiled.scope) == heading
    assert compiled.definition.article == annex
    assert f"{annex}{dense(compiled.title)}" in DOCUMENT
    assert all(dense(label) in DOCUMENT for label in [*cover[:6], heading])
    assert field.grid({}, compiled.scope).columns == ("2022年", "2023年", "备注")
    assert "government_consent" not in compiled.editable


@pytest.mark.parametrize("key", REPORTS)
def test_a_report_has_the_chapters_and_instructions_of_its_annex(key: str) -> None:
    definition = SHANDONG.definition(key)
    chapters, notes = SHANDONG.outline(key)
    assert [note for note in notes if dense(note) not in DOCUMENT] == []
    assert chapters == printed(REPORTS[key])
    # The document numbers some chapters by 1、 and （1）, which the forms write like the rest.
    words = [chapter.split("、", 1)[1] if chapter[1] == "、" else chapter[3:] for chapter in chapters]
    assert all(dense(word) in DOCUMENT for word in words)
    assert dense(definition.title) in DOCUMENT


def test_annex_3_asks_for_both_grades_of_accidents() -> None:
    asked = [field.title for field in SHANDONG.definition("report_b").sections[-1].fields]
    assert asked[0] == "近三年本行政区域内是否发生过特别重大、重大生产安全事故"
    assert asked[1] == "近三年本行政区域内是否发生过特别重大、重大突发环境事件"


@pytest.mark.parametrize(
    ("key", "count", "following"), [("conditions_a", 6, "第七条"), ("conditions_b", 7, "第八条")]
)
def test_the_conditions_are_those_of_the_article_word_for_word(key: str, count: int, following: str) -> None:
    table = SHANDONG.definition(key).fields["items"]
    assert isinstance(table, GivenTable)
    words = "".join(dense(row.title) for row in table.written)
    assert dense(f"原则上应具备以下基本条件：{words}{following}") in DOCUMENT
    assert [row.waivable for row in table.written] == [True] * (count - 1) + [False]


def test_the_document_ends_within_the_last_row_and_the_form_says_so() -> None:
    field, _ = SHANDONG.indicators("recommendation_county_b")
    assert DOCUMENT.endswith(dense(SHANDONG.titles("recommendation_county_b")[-1]))
    assert "原文缺失" in (field.rows[-1].note or "")


@pytest.mark.parametrize("key", SHANDONG.keys)
def test_the_samples_of_a_form_have_no_problem(key: str) -> None:
    for seed in range(20):
        assert SHANDONG.judged(key, SHANDONG.valid(key, seed)) == []


@pytest.mark.parametrize("key", SHANDONG.keys)
def test_every_section_names_the_article_that_it_carries_out(key: str) -> None:
    assert all(section.article for section in SHANDONG.definition(key).sections)


# What a reviewer would find.


def test_more_of_the_national_than_of_the_provincial_level_is_a_question() -> None:
    content = SHANDONG.valid("recommendation_county_a")
    content["indicators"]["specialised_national"]["t2"] = "5"
    content["indicators"]["specialised_provincial"]["t2"] = "4"
    (problem,) = SHANDONG.judged("recommendation_county_a", content)
    assert (problem.pointer, problem.severity) == ("/indicators/specialised_national/t2", "warning")
    assert problem.message == (
        "2022年当年获得省级以上专精特新企业数量（国家级）："
        "现在是 5，多于“当年获得省级以上专精特新企业数量（省级）”的 4，"
        "可能填反或者漏计；请核对；属实的，请在“备注”中说明。"
    )
    content["indicators"]["specialised_national"]["remark"] = "均由省级直接推荐认定。"
    assert SHANDONG.judged("recommendation_county_a", content) == []


@pytest.mark.parametrize(
    ("key", "row"),
    [
        (key, row.key)
        for key in COVERS
        for row in SHANDONG.indicators(key)[0].rows
        if row.label(SHANDONG.compiled(key).scope).endswith(("比重（%）", "覆盖率（%）"))
    ],
)
def test_no_share_exceeds_the_whole(key: str, row: str) -> None:
    content = SHANDONG.valid(key)
    content["indicators"][row]["t2"] = "100.01"
    (problem,) = SHANDONG.judged(key, content)
    assert (problem.pointer, problem.severity) == (f"/indicators/{row}/t2", "error")
    assert "2022年" in problem.message
    assert "不能大于 100" in problem.message


def test_revenue_that_grows_by_more_than_the_parameter_is_a_question() -> None:
    content = SHANDONG.valid("recommendation_city_b")
    content["indicators"]["core_revenue"] = {"t2": "1000", "t1": "1300"}
    assert SHANDONG.judged("recommendation_city_b", content) == [], "30 per cent are not more than 30"
    content["indicators"]["core_revenue"]["t1"] = "1300.01"
    (problem,) = SHANDONG.judged("recommendation_city_b", content)
    assert "由2022年的 1000 变为 1300.01，增加 300.01 亿元" in problem.message
