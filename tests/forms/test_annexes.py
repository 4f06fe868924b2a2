"""附件1 and 附件2 of the 2018 measure, as printed, against the definitions that carry them."""

import pytest

from service.domain import forms
from service.domain.forms.kinds.metric_tables import MetricTable
from service.domain.forms.kinds.row_tables import RepeatedTable
from tests.forms import shipped

THREE_YEARS = """工业增加值（亿元）|工业增加值占全省比重（%）|工业增加值增速（%）
工业固定资产投资（亿元）|工业固定资产投资额增速（%）
规模以上工业主营业务收入（亿元）|规模以上工业主营业务收入增速（%）|规模以上工业利润总额（亿元）|规模以上工业利润总额增速（%）
年末工业从业人数（人）|高技术产业占规模以上工业增加值比重（%）|工业企业技术改造投资（亿元）|R&D投入占地区GDP比重（%）
有效发明专利数（件）|规模以上单位工业增加值能耗（吨标煤/万元）|单位工业增加值二氧化碳排放量下降幅度（%）|单位工业增加值用水量下降幅度（%）
工业固体废物综合利用率（%）|规模以上工业企业清洁生产审核实施率（%）|生产性服务业增加值（亿元）"""
PRODUCTS = (
    "主导产业（产品）名称|工业增加值占比（%）|工业增加值增速（%）|产品产量占全国比重（%）|销售收入（亿元）|利润总额（亿元）|"
    "出口额（亿元）|产能利用率（%）"
)
INDICATORS = """高技术产业增加值占工业增加值比重（%）|工业增加值占全省比重（%）
技术改造投资占工业投资比重（%）|技术改造投资增速（%）
制造业创新中心国家级（个）|制造业创新中心省级（个）|智能制造工程项目国家级（个）|智能制造工程项目省级（个）
工业强基工程项目国家级（个）|工业强基工程项目省级（个）|绿色制造工程项目国家级（个）|绿色制造工程项目省级（个）
高端装备创新工程项目国家级（个）|高端装备创新工程项目省级（个）|国家新型工业化产业示范基地数量（个）
获得中国质量奖、全国质量奖、质量标杆数量（个）|获得企业品牌培育示范企业数量（个）
获得产业集群区域品牌建设试点示范单位数量（个）|制造业单项冠军数量（个）"""
REPORT = [
    ("一、基本情况", ["申报市（州）工业发展基本情况"]),
    (
        "二、已开展的工作和取得的成效",
        [
            "（一）落实《中国制造2025》",
            "承担的国家五大工程项目",
            "（二）工业稳增长",
            "（三）技术改造",
            "（四）转型升级",
            "（五）质量品牌提升及两化融合",
        ],
    ),
    ("三、下一步工作思路和目标", ["（一）总体思路", "（二）总体目标", "示范期目标（2018—2020年）"]),
    ("四、保障措施", ["保障措施"]),
    (
        "五、其他说明事项",
        [
            "（一）激励期内绩效评价目标",
            "（二）近三年本行政区域内是否发生过重大安全生产事故",
            "近三年本行政区域内是否发生过重大环境事故",
            "近三年本行政区域内是否发生过造成恶劣影响的社会稳定事件",
            "发生的时间、经过和处理情况",
            "附件（实施方案、年度工作计划、配套政策等）",
        ],
    ),
]


def printed(text: str) -> list[str]:
    return text.replace("\n", "|").split("|")


def table(key: str) -> tuple[MetricTable, forms.Compiled]:
    compiled = shipped.compiled("recommendation")
    field = compiled.definition.fields[key]
    assert isinstance(field, MetricTable)
    return field, compiled


def test_the_three_year_table_has_its_20_rows_and_the_years_before_the_round() -> None:
    field, compiled = table("overall")
    assert [row.label(compiled.scope) for row in field.rows] == printed(THREE_YEARS)
    assert field.columns(compiled.scope) == [("t3", "2015年"), ("t2", "2016年"), ("t1", "2017年")]


def test_the_19_indicators_stand_under_their_headings() -> None:
    field, compiled = table("indicators")
    assert [field.name(row, compiled.scope) for row in field.rows] == printed(INDICATORS)
    assert field.columns(compiled.scope) == [("t1", "2017年")]
    headings = [[head.text for head in heads[:-1]] for heads in field.heads(compiled.scope)]
    assert [text for heads in headings for text in heads] == [
        *("创新水平", "技术改造", "五大工程", "制造业创新中心", "智能制造工程项目", "工业强基工程项目"),
        *("绿色制造工程项目", "高端装备创新工程项目", "重点领域"),
    ]


def test_the_leading_products_have_the_annexs_columns() -> None:
    compiled = shipped.compiled("recommendation")
    field = compiled.definition.fields["leading_products"]
    assert isinstance(field, RepeatedTable)
    assert [column.label(compiled.scope) for column in field.columns] == printed(PRODUCTS)
    assert field.label(compiled.scope) == "主导产业发展情况（2017年）"


def test_the_cover_and_the_opinions_are_there() -> None:
    compiled = shipped.compiled("recommendation")
    labels = [field.label(compiled.scope) for field in compiled.definition.fields.values()]
    for label in (
        *("市（州）名称", "推荐单位", "联系人", "联系电话", "填报日期", "面积（平方公里）", "人口（万人）"),
        "所在省（区、市）政府（新疆生产建设兵团）意见",
        "市（州）现有工作基础、已开展的相关举措和成效",
        "省级工业和信息化主管部门意见",
    ):
        assert label in labels
    assert labels.count("市（州）名称") == 2, "on the cover and again in the first table"


def test_the_report_has_the_chapters_of_annex_1() -> None:
    compiled = shipped.compiled("report")
    chapters = [
        (section.title, [field.label(compiled.scope) for field in section.fields])
        for section in compiled.definition.sections
    ]
    assert chapters == REPORT


def test_years_follow_the_round() -> None:
    compiled = shipped.compiled("recommendation", year=2026)
    field = compiled.definition.fields["overall"]
    assert isinstance(field, MetricTable)
    assert [title for _, title in field.columns(compiled.scope)] == ["2023年", "2024年", "2025年"]


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_section_names_the_article_that_it_carries_out(key: str) -> None:
    for section in shipped.definition(key).sections:
        assert (
            section.article
            or all(field.article for field in section.fields)
            or shipped.definition(key).article
        )


def test_the_provinces_opinion_belongs_to_the_province_review_alone() -> None:
    definition = shipped.definition("recommendation")
    assert definition.editable("province_review") == {
        "province_opinion",
        "province_opinion_date",
        "province_seal",
    }
    assert not definition.editable("province_review") & definition.editable("fill_in")
    assert definition.editable("fill_in") == definition.editable("supplement")
    assert definition.editable("city_review") == frozenset()


def test_nobody_writes_the_governments_opinion_in_the_form() -> None:
    assert "government_opinion" not in shipped.definition("recommendation").editable(None)
