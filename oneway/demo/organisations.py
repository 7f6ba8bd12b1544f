"""The organisations of the demo, as tables: 실·국·본부, in them 과·담당관, in them 팀."""

from __future__ import annotations

from dataclasses import dataclass

# Each with its name, and what is in it.
Division = tuple[str, tuple[str, ...]]
Bureau = tuple[str, tuple[Division, ...]]


@dataclass(frozen=True)
class Grades:
    """직급 by place: of the heads of bureaus, divisions and teams, and of those in a team from old to young."""

    bureau: str
    division: str
    team: str
    staff: tuple[str, ...]


@dataclass(frozen=True)
class Organisation:
    """One tenant of the demo. `top` are the heads of the whole as (position, rank), the first of all first.

    `team_size` is how many work in a team beside its leader, at the least and at the most. `drafting` and
    `cooperating` name the division and the team in which the demo's people work.
    """

    code: str
    name: str
    institution_code: str
    prefix: str
    exchange: str
    top: tuple[tuple[str, str], ...]
    grades: Grades
    staff_position: str
    team_size: tuple[int, int]
    bureaus: tuple[Bureau, ...]
    drafting: tuple[str, str]
    cooperating: tuple[str, str]
    administering: tuple[str, str]


CITY_BUREAUS: tuple[Bureau, ...] = (
    ("기획조정실", (
        ("기획담당관", ("기획총괄팀", "조직관리팀", "시정연구팀")),
        ("예산담당관", ("예산총괄팀", "투자심사팀", "국비협력팀")),
        ("법무담당관", ("법제팀", "송무팀")),
        ("정보화담당관", ("정보기획팀", "행정시스템팀", "정보보호팀")),
    )),
    ("감사관", (
        ("감사담당관", ("감사총괄팀", "직무감찰팀")),
        ("청렴담당관", ("청렴정책팀", "계약심사팀")),
    )),
    ("행정국", (
        ("총무과", ("총무팀", "문서팀", "의전팀")),
        ("인사과", ("인사기획팀", "임용팀", "교육훈련팀")),
        ("자치행정과", ("자치지원팀", "민간협력팀")),
        ("민원과", ("민원총괄팀", "여권팀", "정보공개팀")),
    )),
    ("재정국", (
        ("재무과", ("계약팀", "지출팀", "재산관리팀")),
        ("세정과", ("세정총괄팀", "세외수입팀")),
        ("세무과", ("취득세팀", "징수팀")),
    )),
    ("경제국", (
        ("경제정책과", ("경제총괄팀", "물가관리팀")),
        ("일자리과", ("일자리정책팀", "청년지원팀")),
        ("소상공인과", ("소상공인지원팀", "전통시장팀")),
        ("농업과", ("농정팀", "친환경급식팀")),
    )),
    ("복지국", (
        ("복지정책과", ("복지기획팀", "생활보장팀", "자활지원팀")),
        ("어르신과", ("어르신정책팀", "노인시설팀")),
        ("장애인복지과", ("장애인정책팀", "장애인시설팀")),
        ("아동청소년과", ("아동정책팀", "보육팀", "청소년팀")),
    )),
    ("문화체육국", (
        ("문화예술과", ("문화정책팀", "예술지원팀")),
        ("관광과", ("관광기획팀", "축제팀")),
        ("체육과", ("체육정책팀", "체육시설팀")),
        ("시립도서관", ("도서관운영팀", "장서팀")),
    )),
    ("환경국", (
        ("환경정책과", ("환경기획팀", "기후대응팀")),
        ("자원순환과", ("자원순환팀", "폐기물시설팀")),
        ("공원과", ("공원기획팀", "녹지팀")),
    )),
    ("도시국", (
        ("도시계획과", ("도시계획팀", "지구단위팀", "도시재생팀")),
        ("건축과", ("건축행정팀", "건축안전팀")),
        ("주택과", ("주택정책팀", "공동주택팀")),
        ("토지정보과", ("지적팀", "공간정보팀")),
    )),
    ("교통국", (
        ("교통정책과", ("교통기획팀", "교통조사팀")),
        ("대중교통과", ("버스운영팀", "버스노선팀")),
        ("도로과", ("도로계획팀", "도로시설팀", "보행환경팀")),
    )),
    ("안전본부", (
        ("안전총괄과", ("안전기획팀", "재난상황팀")),
        ("하천과", ("하천관리팀", "하수팀")),
        ("민방위과", ("민방위팀", "비상대비팀")),
    )),
    ("상수도본부", (
        ("급수과", ("급수운영팀", "누수방지팀")),
        ("요금과", ("요금팀", "검침팀")),
        ("정수과", ("정수운영팀", "수질검사팀")),
    )),
)  # fmt: skip

DISTRICT_BUREAUS: tuple[Bureau, ...] = (
    ("기획재정국", (
        ("기획예산과", ("기획팀", "예산팀")),
        ("재무과", ("경리팀", "재산팀")),
        ("세무과", ("부과팀", "징수팀")),
    )),
    ("행정국", (
        ("총무과", ("총무팀", "인사팀", "전산팀")),
        ("자치행정과", ("자치팀", "동행정팀")),
        ("민원여권과", ("민원팀", "가족관계팀")),
    )),
    ("복지국", (
        ("복지정책과", ("복지기획팀", "생활보장팀")),
        ("가족과", ("보육팀", "여성정책팀")),
    )),
    ("도시환경국", (
        ("건설과", ("도로팀", "하수팀")),
        ("건축과", ("건축허가팀", "건축물관리팀")),
        ("청소과", ("청소행정팀", "재활용팀")),
        ("교통과", ("교통행정팀", "주차관리팀")),
    )),
    ("보건소", (
        ("보건행정과", ("보건기획팀", "감염병관리팀")),
        ("건강증진과", ("건강증진팀", "방문보건팀")),
    )),
)  # fmt: skip

CORPORATION_BUREAUS: tuple[Bureau, ...] = (
    ("경영본부", (
        ("기획처", ("경영기획팀", "전산정보팀")),
        ("총무처", ("총무팀", "인사노무팀")),
        ("재무처", ("회계팀", "계약팀")),
    )),
    ("시설본부", (
        ("체육시설처", ("수영장운영팀", "경기장운영팀")),
        ("문화시설처", ("공연장운영팀", "시설보수팀")),
    )),
    ("교통본부", (
        ("주차처", ("공영주차팀", "주차시설팀")),
        ("이동지원처", ("이동지원팀", "배차팀")),
    )),
)  # fmt: skip

_CITY_GRADES = Grades("부이사관", "서기관", "사무관", ("주사", "주사", "주사보", "주사보", "서기", "서기보"))
_DISTRICT_GRADES = Grades("서기관", "사무관", "주사", ("주사보", "주사보", "서기", "서기보"))
_CORPORATION_GRADES = Grades("1급", "2급", "3급", ("4급", "5급", "6급", "7급"))


def _district(code: str, name: str, institution_code: str, prefix: str, exchange: str) -> Organisation:
    return Organisation(
        code,
        name,
        institution_code,
        prefix,
        exchange,
        top=(("구청장", "정무직"), ("부구청장", "부이사관")),
        grades=_DISTRICT_GRADES,
        staff_position="주무관",
        team_size=(4, 6),
        bureaus=DISTRICT_BUREAUS,
        drafting=("복지정책과", "복지기획팀"),
        cooperating=("기획예산과", "예산팀"),
        administering=("총무과", "전산팀"),
    )


ORGANISATIONS = (
    Organisation(
        "hanbit",
        "한빛시",
        "HB00000",
        "HB",
        "099-120",
        top=(("시장", "정무직"), ("행정부시장", "관리관"), ("경제부시장", "정무직")),
        grades=_CITY_GRADES,
        staff_position="주무관",
        team_size=(5, 7),
        bureaus=CITY_BUREAUS,
        drafting=("총무과", "총무팀"),
        cooperating=("예산담당관", "예산총괄팀"),
        administering=("정보화담당관", "행정시스템팀"),
    ),
    _district("garam", "한빛시 가람구", "HG00000", "HG", "099-310"),
    _district("nuri", "한빛시 누리구", "HN00000", "HN", "099-320"),
    Organisation(
        "sisul",
        "한빛시시설공단",
        "HS00000",
        "HS",
        "099-550",
        top=(("이사장", "임원"), ("부이사장", "임원")),
        grades=_CORPORATION_GRADES,
        staff_position="대리",
        team_size=(4, 5),
        bureaus=CORPORATION_BUREAUS,
        drafting=("총무처", "총무팀"),
        cooperating=("재무처", "회계팀"),
        administering=("기획처", "전산정보팀"),
    ),
)
