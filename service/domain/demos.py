"""Who can sign in to a demo: a chain of offices for every edition, the committee, an admin and an auditor."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.demo_clocks import DemoShift
from service.domain.divisions import NATION
from service.domain.offices import (
    GOVERNMENT,
    GOVERNMENT_OFFICE,
    INDUSTRY,
    STATE_COUNCIL,
    STATISTICS,
    TELECOM,
)
from service.domain.people import ADMIN, AUDITOR, EXPERT, OFFICIAL, Person

PASSWORD = "guiguan-2018"
"""Of every demo account: it is told on every start and on the sign-in page, so it protects nothing."""


OTHER_EDITIONS = (
    "试办其他办法，先在“轮次”页建立轮次：山东 2024 年度由 shandong，试点示范 2018 年度由 ministry；"
    "浙江 2020 年度由 zhejiang，此前先在“轮次—目标任务”里建立 2019 年度的目标任务，分解并备案。"
    "admin 也可以建立各个办法的轮次。"
)
"""How the editions are tried of which no round is open from the start."""


class Account(NamedTuple):
    """Somebody to sign in as; `office` is a kind and a division code, None for roles without an office.

    `also` are the codes of further divisions in whose offices of the same kind the person works.
    """

    login: str
    name: str
    role: str
    duty: str
    office: tuple[str, str] | None = None
    also: tuple[str, ...] = ()

    def offices(self) -> list[tuple[str, str]]:
        """All of them, as kinds and division codes."""
        if self.office is None:
            return []
        kind, division = self.office
        return [(kind, code) for code in (division, *self.also)]


ACCOUNTS = (
    Account("yuhang", "沈一鸣", OFFICIAL, "县级：申报单位", (INDUSTRY, "330110")),
    Account("hangzhou", "陆文博", OFFICIAL, "市级：审核；也可以申报", (INDUSTRY, "330100")),
    Account("zhejiang", "周慧敏", OFFICIAL, "省级：推荐单位；主办浙江办法", (INDUSTRY, "330000")),
    Account(
        "hangzhou-stats", "许静", OFFICIAL, "市统计局：核实统计数据（2022年办法）", (STATISTICS, "330100")
    ),
    Account(
        "zhejiang-telecom", "罗建国", OFFICIAL, "省通信管理局：会同推荐（2022年办法）", (TELECOM, "330000")
    ),
    Account("zhejiang-gov", "何建平", OFFICIAL, "省政府：同意推荐", (GOVERNMENT, "330000")),
    Account("ministry", "林国栋", OFFICIAL, "工信部：部署、受理、研究、公示", (INDUSTRY, NATION)),
    Account("bureau1", "孙立新", OFFICIAL, "评审委员：司局代表", (INDUSTRY, NATION)),
    Account("bureau2", "郑晓岚", OFFICIAL, "评审委员：司局代表", (INDUSTRY, NATION)),
    Account("bureau3", "冯志远", OFFICIAL, "评审委员：司局代表", (INDUSTRY, NATION)),
    Account("bureau4", "蒋文涛", OFFICIAL, "评审委员：司局代表（2022年办法）", (INDUSTRY, NATION)),
    Account("bureau5", "沈雨桐", OFFICIAL, "评审委员：司局代表（2022年办法）", (INDUSTRY, NATION)),
    Account("bureau6", "韩立群", OFFICIAL, "评审委员：司局代表（2022年办法）", (INDUSTRY, NATION)),
    Account("bureau7", "曹颖", OFFICIAL, "评审委员：司局代表（2022年办法）", (INDUSTRY, NATION)),
    Account("expert1", "钱学文", EXPERT, "评审委员：专家"),
    Account("expert2", "赵明华", EXPERT, "评审委员：专家"),
    Account("expert3", "吴静怡", EXPERT, "评审委员：专家"),
    Account("expert4", "王海涛", EXPERT, "评审委员：专家"),
    Account("expert5", "李思源", EXPERT, "评审委员：专家"),
    Account("expert6", "张若兰", EXPERT, "评审委员：专家"),
    Account("expert7", "彭光华", EXPERT, "评审委员：专家（2022年办法）"),
    Account("expert8", "董雪梅", EXPERT, "评审委员：专家（2022年办法）"),
    Account("expert9", "袁志刚", EXPERT, "评审委员：专家（2022年办法）"),
    Account("expert10", "邓丽华", EXPERT, "评审委员：专家（2022年办法）"),
    Account("council", "徐振邦", OFFICIAL, "国务院办公厅：批复", (STATE_COUNCIL, NATION)),
    Account("hangzhou-gov", "叶秋平", OFFICIAL, "市政府：报送实施方案（试点示范）", (GOVERNMENT, "330100")),
    Account(
        "zhejiang-cities",
        "方志清",
        OFFICIAL,
        "其余十个设区市：分解目标、核定、推荐（浙江办法）",
        (INDUSTRY, "330200"),
        tuple(f"33{number:02}00" for number in range(3, 12)),
    ),
    Account(
        "zhejiang-office",
        "金海峰",
        OFFICIAL,
        "省政府办公厅：组织评选（浙江办法）",
        (GOVERNMENT_OFFICE, "330000"),
    ),
    Account("lixia", "马晓东", OFFICIAL, "县级：申报单位（山东办法）", (INDUSTRY, "370102")),
    Account("jinan", "崔玉洁", OFFICIAL, "市级：推荐单位；也可以申报（山东办法）", (INDUSTRY, "370100")),
    Account("jinan-gov", "宋长河", OFFICIAL, "市政府：同意推荐（山东办法）", (GOVERNMENT, "370100")),
    Account("shandong", "潘云霞", OFFICIAL, "省级：主办山东办法", (INDUSTRY, "370000")),
    Account("shandong-gov", "高明远", OFFICIAL, "省委、省政府：批复（山东办法）", (GOVERNMENT, "370000")),
    Account("admin", "系统管理员", ADMIN, "管理人员、办法和演示时间"),
    Account("auditor", "审计员", AUDITOR, "只读：查看全部案卷"),
)


def accounts(session: Session) -> list[Account]:
    """The accounts of a database that `laurel init --demo` has set up; nobody of any other."""
    if session.get(DemoShift, 1) is None:
        return []
    logins = [account.login for account in ACCOUNTS]
    present = set(session.scalars(select(Person.login).where(Person.login.in_(logins), Person.active)))
    return [account for account in ACCOUNTS if account.login in present]
