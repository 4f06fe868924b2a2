"""A form with a section of nothing but conditional fields."""

from service.domain import forms

YAML = """
title: 择优推荐
sections:
  - title: 比选
    fields:
      - {key: exceeds, title: 是否超过, kind: yes_no}
  - title: 超过推荐数量的
    fields:
      - {key: reason, title: 理由, kind: text, when: {exceeds: true}}
      - {key: number, title: 文号, kind: text, required: false, when: {exceeds: true}}
"""
HIDING = forms.compile(forms.parse(YAML, key="selection"), year=2024)
