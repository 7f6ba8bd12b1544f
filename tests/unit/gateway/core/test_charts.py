"""Charts are tables as well: what they show stands in them as text, and no style is in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string

from tests.unit.gateway.fake import FakeClient, application

IMPORT = '{% import "macros/chart.html" as chart %}'


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return application(FakeClient(), tmp_path)


def drawn(app: Flask, call: str, **values: Any) -> str:
    with app.test_request_context("/"):
        return render_template_string(IMPORT + call, **values)


def test_bars_are_as_long_as_their_values_and_say_them(app: Flask) -> None:
    bars = [{"label": "찬성", "value": 4, "href": "/list?is=yes"}, {"label": "<b>", "value": 1, "words": "1명"}]
    page = drawn(app, '{{ chart.bars(bars, "결과", "응답 수") }}', bars=bars)
    assert re.findall(r'<rect width="([\d.]+)"', page) == ["100.0", "25.0"]
    assert '<a href="/list?is=yes">찬성</a>' in page
    assert ">1명<" in page
    assert "<b>" not in page
    assert "style" not in page


def test_nothing_to_show_is_drawn_without_a_fault(app: Flask) -> None:
    assert "<tbody>" in drawn(app, '{{ chart.bars([], "결과") }}')
    assert "<svg" in drawn(app, '{{ chart.line([], "결과") }}')
    assert 'rect width="0"' in drawn(app, '{{ chart.bars([{"label": "가", "value": 0}], "결과") }}')


def test_a_line_has_its_values_as_a_table(app: Flask) -> None:
    points = [{"label": f"{month}월", "value": month} for month in range(1, 13)]
    page = drawn(app, '{{ chart.line(points, "달마다", "건") }}', points=points)
    assert page.count("<circle") == page.count('<th scope="row">') == 12
    assert "style" not in page
