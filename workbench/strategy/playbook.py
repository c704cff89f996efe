"""Playbooks: TOML files of plays, validated on reading; an error names file, key, what was found, what is allowed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from workbench.contracts import GapKind, Play
from workbench.errors import InputError

FOLDER = Path(__file__).with_name("playbooks")
Tier = Literal["high", "middle", "low", "unknown"]
Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0)]
_STRICT = ConfigDict(extra="forbid", frozen=True)


class When(BaseModel):
    """The tiers that a segment must be in for a play; an empty tuple matches everything."""

    model_config = _STRICT
    value: tuple[Tier, ...] = ()
    risk: tuple[Tier, ...] = ()
    discount: tuple[Tier, ...] = ()
    gap: tuple[GapKind, ...] = ()
    gap_tier: tuple[Literal["wide", "middle", "narrow"], ...] = ()


class PlayEntry(BaseModel):
    """One play as the file states it."""

    model_config = _STRICT
    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    action: str
    lever: tuple[str, ...]
    channel: str
    unit_cost: Money
    redeemer_cost: Money
    uptake: tuple[Share, Share, Share]
    organic: Share = 0.0
    value_share: Share
    cap: str
    exclusions: tuple[str, ...]
    success_metric: Literal["money", "uptake"]
    priority: int = Field(ge=1, le=99)
    when: When = When()

    @model_validator(mode="after")
    def _ordered(self) -> PlayEntry:
        if list(self.uptake) != sorted(self.uptake):
            raise ValueError("uptake must be [low, likely, high] in rising order")
        return self


class Playbook(BaseModel):
    """A domain's plays with the currency and margin that their costs are in."""

    model_config = _STRICT
    version: Literal[1]
    name: str
    title: str
    currency: str
    margin: Share
    play: tuple[PlayEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> Playbook:
        ids = [entry.id for entry in self.play]
        if len(set(ids)) < len(ids):
            raise ValueError("two plays have the same id")
        return self

    def as_play(self, entry: PlayEntry) -> Play:
        """The play in the form that a strategy carries."""
        low, likely, high = entry.uptake
        return Play(
            id=entry.id,
            title=entry.title,
            action=entry.action,
            lever=entry.lever,
            channel=entry.channel,
            unit_cost=entry.unit_cost,
            redeemer_cost=entry.redeemer_cost,
            uptake_low=low,
            uptake=likely,
            uptake_high=high,
            value_share=entry.value_share,
            margin=self.margin,
            cap=entry.cap,
            exclusions=entry.exclusions,
            success_metric=entry.success_metric,
            default_test="random hold-out by keyed hash of the customer id",
            playbook=self.name,
            organic_uptake=entry.organic,
        )


def shipped_playbooks() -> list[str]:
    """Names of the playbooks that come with the program."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_playbook(name: str) -> Playbook:
    """A playbook by shipped name or by path.

    Raises:
        InputError: there is no such playbook, or a key of it is wrong; the sentence names the key.
    """
    path = playbook_path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        listed = ", ".join(shipped_playbooks())
        raise InputError(f"There is no playbook '{name}': name a file or one of {listed}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The playbook {path} can't be read: {error}.") from error
    return check_playbook(text, path)


def playbook_path(name: str) -> Path:
    """Where the playbook of a shipped name or a path is."""
    return FOLDER / f"{name}.toml" if name in shipped_playbooks() else Path(name)


def check_playbook(text: str, path: Path) -> Playbook:
    """The playbook that a text describes.

    Args:
        path: how sentences about it call it.

    Raises:
        InputError: it is no TOML, or a key of it is wrong; the sentence names the key.
    """
    try:
        return Playbook.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The playbook {path} can't be read: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(f"In the playbook {path}, {key} is {first.get('input')!r}: {first['msg']}.") from error
