"""The tree of departments, the form of CSV files, and what they mean."""

from __future__ import annotations

import itertools
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain import csvfile, exports, tree
from services.directory.domain.csvfile import Column
from services.directory.domain.imports import (
    DEPARTMENT_COLUMNS,
    PEOPLE_COLUMNS,
    Known,
    plan_departments,
    plan_people,
)
from services.directory.domain.person import Person, Post, ordered_roles
from services.directory.domain.tree import Node, Tree
from shared import text
from shared.contracts.directory import ROLES

COLUMNS = (Column("a", "가", ("알파",), required=True), Column("b", "나"))
ROOT = Node("root", "한빛시", "0000000", None)


def node(id_: str, parent: str = "root", **changes: object) -> Node:
    return replace(Node(id_, id_, f"{zlib.crc32(id_.encode()) % 10**7:07}", parent), **changes)  # type: ignore[arg-type]


def nodes(*given: Node) -> dict[str, Node]:
    return {n.id: n for n in (ROOT, *given)}


# Trees of up to 12 departments: each stands under the root or an earlier one.
_PARENTS = st.lists(st.integers(0, 11), max_size=12)


def grown(parents: list[int]) -> dict[str, Node]:
    known = [ROOT]
    for n, parent in enumerate(parents):
        known.append(Node(f"d{n}", f"부서{n}", f"{n + 1:07}", known[parent % len(known)].id, order=parent))
    return {n.id: n for n in known}


class TestTree:
    @given(_PARENTS)
    def test_everything_is_read_once_and_under_its_parent(self, parents: list[int]) -> None:
        known = grown(parents)
        ordered, depths = tree.in_order(known), tree.depths(known)
        assert sorted(n.id for n in ordered) == sorted(known)
        path: list[str] = []
        for n in ordered:
            del path[depths[n.id] :]
            assert (path[-1] if path else None) == n.parent
            path.append(n.id)

    @given(_PARENTS, st.integers(0, 12), st.integers(0, 12))
    def test_a_department_moves_anywhere_but_under_itself(self, parents: list[int], moved: int, to: int) -> None:
        known = grown(parents)
        ids = list(known)
        department, parent = known[ids[moved % len(ids)]], ids[to % len(ids)]
        if department.id == "root":
            return
        below = {department.id}
        for n in tree.in_order(known):
            if n.parent in below:
                below.add(n.id)
        after = replace(department, parent=parent)
        found = Tree({**known, department.id: after}, "root").problems(after, ())
        if parent in below:
            assert found == {"parent": "circle"}
        else:
            depths = tree.depths({**known, department.id: after})
            deep = max(depths[id_] for id_ in below) > tree.DEEPEST
            assert found == ({"parent": "too_deep"} if deep else {})

    def test_what_hangs_below_counts_for_the_depth(self) -> None:
        chain = [node("d0"), *(node(f"d{n}", f"d{n - 1}") for n in range(1, 9))]
        known = nodes(*chain, node("x"), node("y", "x"))
        for parent, found in (("d7", {}), ("d8", {"parent": "too_deep"})):
            after = replace(known["x"], parent=parent)
            assert Tree({**known, "x": after}, "root").problems(after, ()) == found

    def test_siblings_stand_by_order_then_name(self) -> None:
        known = nodes(node("a", order=2), node("b", order=1), node("c", order=1))
        assert [n.id for n in tree.in_order(known)] == ["root", "b", "c", "a"]

    def test_nobody_and_nothing_alive_is_in_what_is_abolished(self) -> None:
        known = nodes(node("a"), node("b", "a"), node("c", "b", abolished=True))
        for id_, peopled, found in (
            ("a", (), {"abolished": "department_has_departments"}),
            ("b", ("b",), {"abolished": "department_has_people"}),
            ("b", (), {}),
        ):
            after = replace(known[id_], abolished=True)
            assert Tree({**known, id_: after}, "root").problems(after, peopled) == found

    def test_codes_are_seven_characters_and_nobodys_else(self) -> None:
        known = nodes(node("a", code="AAAAAA1"), node("b", code="AAAAAA1"), node("c", code="aaaaaa1"))
        whole = Tree(known, "root")
        assert [whole.problems(known[id_], ()) for id_ in "abc"] == [
            {"code": "taken"},
            {"code": "taken"},
            {"code": "bad_code"},
        ]


# What stands in a cell of ours: what people wrote, as it is kept.
_CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"])
    | st.sampled_from("=+-@'\",; 가\r\n"),
    max_size=12,
).map(text.line)


class TestCsv:
    @given(st.lists(st.fixed_dictionaries({"a": _CELL.filter(bool), "b": _CELL}), max_size=6))
    def test_what_is_written_is_read_again(self, records: list[dict[str, str]]) -> None:
        table = csvfile.read(csvfile.write(COLUMNS, records, "utf-8"), COLUMNS)
        assert ([dict(line.cells) for line in table.lines], table.bad) == (records, [])

    @given(st.lists(st.text("가힣똠a,\"'=", min_size=1, max_size=8), min_size=1, max_size=6))
    def test_the_code_page_is_told_and_read(self, names: list[str]) -> None:
        records = [{"a": name, "b": ""} for name in names]
        table = csvfile.read(csvfile.write(COLUMNS, records, "cp949"), COLUMNS)
        assert [line.cells["a"] for line in table.lines] == names
        assert table.encoding == "cp949"

    @given(st.binary(max_size=200))
    def test_no_file_breaks_the_reading(self, content: bytes) -> None:
        table = csvfile.read(content, COLUMNS)
        assert table.bad or table.fields

    def test_a_character_the_code_page_lacks_is_not_lost(self) -> None:
        with pytest.raises(UnicodeEncodeError):
            csvfile.write(COLUMNS, [{"a": "😀", "b": ""}], "cp949")

    @pytest.mark.parametrize("cell", ["=1+1", "+82", "-1", "@x", "'=x", "''+"])
    def test_no_cell_is_one_a_spreadsheet_runs(self, cell: str) -> None:
        written = csvfile.write(COLUMNS, [{"a": cell, "b": ""}], "utf-8").decode("utf-8-sig").splitlines()[1]
        assert written.startswith("'")

    def test_a_cell_is_kept_as_text_is_and_a_verbatim_one_as_it_stands(self) -> None:
        columns = (*COLUMNS, Column("c", "다", verbatim=True))
        table = csvfile.read('가,나,다\n"x\ry\u200b", \u1112\u1161\u11ab,"\'=\xa0비밀 "\n'.encode(), columns)
        assert dict(table.lines[0].cells) == {"a": "x y", "b": "한", "c": "'=\xa0비밀 "}

    def test_a_record_is_named_by_its_first_line(self) -> None:
        table = csvfile.read('\n가,나\n1,"x\ny"\n\n2,z\n'.encode(), COLUMNS)
        assert [(line.number, line.cells["a"]) for line in table.lines] == [(3, "1"), (6, "2")]

    @pytest.mark.parametrize("header", ["가,나", "알파,B", " 알 파 ,b", "A,나"])
    def test_headers_are_known_by_field_name_and_alias(self, header: str) -> None:
        assert csvfile.read(f"{header}\n1,2\n".encode(), COLUMNS).fields == ("a", "b")

    def test_a_short_record_has_the_cells_it_has(self) -> None:
        assert dict(csvfile.read("가,나\n1\n".encode(), COLUMNS).lines[0].cells) == {"a": "1"}

    def test_a_file_of_too_many_lines_is_cut_off_and_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(csvfile, "MOST_LINES", 2)
        table = csvfile.read("가\n1\n2\n3\n4\n".encode(), COLUMNS)
        assert (len(table.lines), [(b.line, b.code) for b in table.bad]) == (2, [(4, "too_many_lines")])


# -- meaning ----------------------------------------------------------------------------------------

_WORD = st.text("가나다라김이박=+-'", min_size=1, max_size=8)
_PEOPLE = st.lists(
    st.builds(
        Person,
        login=st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True),
        name=_WORD,
        posts=st.permutations(["root", "d0", "d1"]).flatmap(
            lambda ids: st.lists(st.tuples(_WORD, st.just("") | _WORD), min_size=1, max_size=3).map(
                lambda posts: tuple(Post(id_, *post) for id_, post in zip(ids, posts, strict=False))
            )
        ),
        email=st.sampled_from(["", "a@b.kr"]),
        phone=st.sampled_from(["", "02-120", "+82-2-120"]),
        roles=st.lists(st.sampled_from(ROLES[:7])).map(ordered_roles),
        clearance=st.integers(0, 3),
        active=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda p: p.login,
)
_NODES = grown([0, 0])


class TestMeaning:
    @given(_PARENTS)
    def test_departments_written_and_read_are_the_same(self, parents: list[int]) -> None:
        known = grown(parents)
        content = csvfile.write(DEPARTMENT_COLUMNS, exports.department_records(known), "utf-8")
        table = csvfile.read(content, DEPARTMENT_COLUMNS)
        again = plan_departments(table, known, "root", set(), lambda: "never")
        assert (again.bad, again.created, again.changed, again.unchanged) == ([], [], [], len(known))
        ids = map(str, itertools.count())
        elsewhere = plan_departments(table, {"root": ROOT}, "root", set(), lambda: next(ids))
        assert (elsewhere.bad, len(elsewhere.created)) == ([], len(known) - 1)
        assert exports.department_records(elsewhere.nodes) == exports.department_records(known)

    @given(_PEOPLE)
    def test_people_written_and_read_are_the_same(self, persons: list[Person]) -> None:
        content = csvfile.write(PEOPLE_COLUMNS, exports.people_records(persons, _NODES), "utf-8")
        table = csvfile.read(content, PEOPLE_COLUMNS)
        known = {p.login: Known(p.login, p, True) for p in persons}
        again = plan_people(table, known, _NODES, ())
        assert (again.bad, again.created, again.changed, again.unchanged) == ([], [], {}, len(persons))
        fresh = plan_people(table, {}, _NODES, ())
        assert fresh.bad == []
        assert sorted(fresh.created, key=lambda p: p.login) == sorted(persons, key=lambda p: p.login)

    def test_a_parent_may_stand_below_and_none_is_the_organisation(self) -> None:
        table = csvfile.read(
            "부서코드,부서명,상위부서코드\nBBBBBB2,과,AAAAAA1\naaaaaa1,국,\n".encode(), DEPARTMENT_COLUMNS
        )
        ids = iter(["과", "국"])
        plan = plan_departments(table, {"root": ROOT}, "root", set(), lambda: next(ids))
        assert plan.bad == []
        assert {n.name: plan.nodes[n.parent or ""].name for n in plan.created} == {"과": "국", "국": "한빛시"}

    def test_moving_a_person_away_and_abolishing_the_department_are_two_files(self) -> None:
        known = nodes(node("a", code="AAAAAA1"))
        table = csvfile.read("부서코드,부서명,폐지\nAAAAAA1,a,Y\n".encode(), DEPARTMENT_COLUMNS)
        plan = plan_departments(table, known, "root", {"a"}, lambda: "never")
        assert [(b.line, b.field, b.code) for b in plan.bad] == [(2, "abolished", "department_has_people")]
        assert plan_departments(table, known, "root", set(), lambda: "never").bad == []
