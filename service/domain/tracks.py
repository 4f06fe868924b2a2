"""Tracks: what differs between the lists of one edition at the same step, by `parameters.forms`.

A drawing names a form by its part in the procedure (`recommendation`, `sign_off`); which form that is depends
on the track, and an edition that asks for nothing at a step of a shared process maps its part to null.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from service.domain.rules import rule


@rule("同一环节填写本名单的表单", "forms")
def form_keys(parameters: Mapping[str, Any], track: str, parts: Iterable[str]) -> list[str]:
    """The forms behind what a user task names; without those that the edition does not ask for."""
    found = (form_key(parameters, track, part) for part in parts)
    return [key for key in found if key is not None]


def form_key(parameters: Mapping[str, Any], track: str, part: str) -> str | None:
    """The form that plays a part in a track: itself where nothing is said of it; None where there is none."""
    key: str | None = parts(parameters, track).get(part, part)
    return key


def parts(parameters: Mapping[str, Any], track: str) -> Mapping[str, str | None]:
    """Part → form of one track, as far as they differ."""
    told: Mapping[str, str | None] = parameters.get("forms", {}).get("tracks", {}).get(track, {})
    return told
