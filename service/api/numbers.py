"""Whole numbers of requests, within what can be meant and what a database holds."""

from marshmallow import validate

from service.auth.numbers import LARGEST

COUNT = validate.Range(min=0, max=LARGEST, error="应为 {min} 至 {max} 的整数。")
YEAR = validate.Range(min=1000, max=9999, error="年度应为四位数。")
