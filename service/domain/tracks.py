"""Tracks: what differs between the lists of one edition at the same step.

A group of parameters says under `tracks` what differs in a track: `quota: {minimum: 3, tracks: {…}}`.

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


def of_track(parameters: Mapping[str, Any], track: str) -> dict[str, Any]:
    """The parameters as they hold in one track: what is told of it goes before what is told of all."""
    return {name: _group(group, track) for name, group in parameters.items()}


def _group(group: Any, track: str) -> Any:
    told = group.get("tracks") if isinstance(group, Mapping) else None
    return {**group, **told.get(track, {})} if isinstance(told, Mapping) else group
