"""The project file: which tables belong together, what is asked of them, and how long it may take."""

from __future__ import annotations

import datetime
import difflib
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator, model_validator

from workbench.atomic import write_text
from workbench.budget import parse_duration
from workbench.contracts import Role
from workbench.errors import InputError

VERSION = 1
"""Of the file's format; a file of a later version is refused with a sentence."""

SourcePurpose = Literal["table", "purchases", "contacts", "responses", "attributes"]


class ProjectSource(BaseModel):
    """One table of a project.

    Attributes:
        path: file, relative to the project file's folder or absolute.
        purpose: ``table`` is a customer table as it is; ``purchases``, ``contacts`` and ``responses`` are events with
            many rows per customer; ``attributes`` has one row per customer.
        name: short name; the file's name without its ending by default.
        entity: column with the customer, where it differs from the project's.
        time, value, quantity, price, basket, category, department, store, discount, coupon: columns of events.
        returns: whether negative values are cancellations or returns.
        columns: which attributes to take; empty means all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1)
    purpose: SourcePurpose = "table"
    name: str | None = None
    entity: str | None = None
    time: str | None = None
    value: str | None = None
    quantity: str | None = None
    price: str | None = None
    basket: str | None = None
    category: str | None = None
    department: str | None = None
    store: str | None = None
    discount: str | None = None
    coupon: str | None = None
    returns: bool = False
    columns: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name to show."""
        return self.name or Path(self.path).stem

    @model_validator(mode="after")
    def _complete(self) -> ProjectSource:
        if self.purpose in ("purchases", "contacts", "responses") and not self.time:
            raise ValueError(f"needs the key 'time', because '{self.label}' holds {self.purpose}")
        if self.purpose == "purchases" and not (self.value or (self.quantity and self.price)):
            raise ValueError(f"needs 'value', or 'quantity' and 'price', because '{self.label}' holds purchases")
        return self


class Project(BaseModel):
    """What ``workbench run project.toml`` does.

    Attributes:
        sources: one ``table``, or events (at least one with purchases) and attributes.
        entity: column with the customer.
        cut_off: features see rows before it, targets come from it on; ``None`` takes the latest that is possible.
        horizon_days: length of the window that targets come from.
        target: ``spend``, ``active`` or ``redeems`` in the horizon, or a column; ``None`` for segments only.
        cost: what mistakes cost, such as ``false positive=1, false negative=5``.
        budget: a time such as ``60s`` or ``10m``.
        families: kinds of pipeline to search; empty means those that are searched without being named.
        time, group: columns that order rows, and that keep rows together, in validation.
        roles: roles by column. ``ignore`` is short for the role ``ignore``.
        playbook: name of a shipped playbook or path of a playbook file.
        currency: of all money, such as ``EUR``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = VERSION
    name: str = Field(default="project", min_length=1)
    sources: tuple[ProjectSource, ...] = Field(min_length=1)
    entity: str | None = None
    cut_off: datetime.date | datetime.datetime | None = None
    horizon_days: int = Field(default=63, ge=1, le=3660)
    target: str | None = None
    task: Literal["auto", "binary", "multiclass", "regression", "segments"] = "auto"
    metric: str | None = None
    cost: str | None = None
    budget: str = "120s"
    families: tuple[str, ...] = ()
    time: str | None = None
    group: str | None = None
    seed: int = Field(default=0, ge=0, le=2**32 - 1)
    ignore: tuple[str, ...] = ()
    playbook: str = "ecommerce"
    currency: str = ""
    roles: dict[str, Role] = Field(default_factory=dict)

    _folder: Path = PrivateAttr(default_factory=Path.cwd)

    @field_validator("budget")
    @classmethod
    def _is_time(cls, text: str) -> str:
        try:
            parse_duration(text)
        except InputError as error:
            raise ValueError("a time such as 60s, 10m or 1h is needed") from error
        return text

    @model_validator(mode="after")
    def _consistent(self) -> Project:
        if self.version != VERSION:
            raise ValueError(f"this program reads version {VERSION}, the file has {self.version}")
        purposes = [source.purpose for source in self.sources]
        if "table" in purposes and len(purposes) > 1:
            raise ValueError("a source with purpose 'table' stands alone; give each of several a purpose of its own")
        if "table" not in purposes and "purchases" not in purposes:
            raise ValueError("one of the sources must have the purpose 'purchases', or be the only one, a 'table'")
        if "table" not in purposes and any(not (source.entity or self.entity) for source in self.sources):
            raise ValueError("the key 'entity' must name the column with the customer")
        return self

    @property
    def folder(self) -> Path:
        """Where relative paths begin: the file's folder."""
        return self._folder

    @property
    def named_playbook(self) -> str:
        """``playbook``, where it is a file by its whole path: a relative one begins in the project file's folder."""
        return str(self._folder / Path(self.playbook).expanduser()) if Path(self.playbook).suffix else self.playbook

    @property
    def all_roles(self) -> dict[str, Role]:
        """``roles`` together with those that ``ignore`` means."""
        return {**dict.fromkeys(self.ignore, Role.IGNORE), **self.roles}

    @property
    def single(self) -> ProjectSource | None:
        """The one customer table, where the project is just that."""
        return self.sources[0] if self.sources[0].purpose == "table" else None

    def locate(self, source: ProjectSource) -> Path:
        """Where a source's file is."""
        return self._folder / Path(source.path).expanduser()

    @classmethod
    def read(cls, path: Path) -> Project:
        """Read a project file.

        Raises:
            InputError: the file is missing, is not TOML, or a key or value is not allowed; the sentence names the
                file, the key, what was found and what is allowed.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError as error:
            raise InputError(f"There is no project file {path}; make one with  workbench init TABLES -o {path}") from (
                error
            )
        except OSError as error:
            raise InputError(f"Can't read {path}: {error.strerror or error}.") from error
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is not a project file in TOML: {error}; correct that place.") from error
        return cls.parse(text, path)

    @classmethod
    def parse(cls, text: str, path: Path) -> Project:
        """The project that a text describes.

        Args:
            path: where the text is, or will be: relative paths begin in its folder.

        Raises:
            InputError: as ``read``.
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"{path} is not a project file in TOML: {error}; correct that place.") from error
        try:
            project = cls.model_validate(data)
        except ValidationError as error:
            raise InputError(_sentence(path, error)) from error
        project._folder = path.resolve().parent
        return project

    def write(self, path: Path) -> None:
        """Write the file with a comment for every key; paths below its folder become relative to it.

        Raises:
            StoreError: the file can't be written.
        """
        from workbench.project_text import project_text

        folder = path.resolve().parent
        sources = tuple(
            source.model_copy(update={"path": _shortened((self._folder / source.path).resolve(), folder)})
            for source in self.sources
        )
        write_text(path, project_text(self.model_copy(update={"sources": sources})))


def _shortened(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _sentence(path: Path, error: ValidationError) -> str:
    """The first fault as one sentence, with the number of further ones."""
    faults = error.errors(include_url=False)
    fault = faults[0]
    key, found = _key(fault["loc"]), fault.get("input")
    more = f" ({len(faults) - 1} more after that)" if len(faults) > 1 else ""
    match fault["type"]:
        case "extra_forbidden":
            model = ProjectSource if fault["loc"][0] == "sources" else Project
            return f"{path}: the key '{key}' is not known{_meant(str(fault['loc'][-1]), model)}{more}."
        case "missing":
            return f"{path}: the key '{key}' is missing; add it{more}."
        case "literal_error" | "enum":
            return f"{path}: '{key}' is {found!r}; allowed are {fault['ctx']['expected']}{more}."
        case "value_error":
            reason = str(fault["ctx"]["error"])
            shown = f" is {found!r}:" if isinstance(found, (str, int, float)) else ":" if key else ""
            return f"{path}: {f'{key!r}{shown} ' if key else ''}{reason}{more}."
        case _:
            told = fault["msg"][:1].lower() + fault["msg"][1:]
            return f"{path}: '{key}' is {_brief(found)}; {told}{more}."


def _brief(found: object) -> str:
    text = repr(found)
    return text if len(text) <= 80 else text[:77] + "…"


def _key(location: tuple[int | str, ...]) -> str:
    """``sources[2].purpose``: places in lists count from 1; pydantic's names of union members are left out."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif part not in ("date", "datetime"):
            text += f".{part}" if text else part
    return text


def _meant(key: str, model: type[BaseModel]) -> str:
    allowed: list[Any] = list(model.model_fields)
    close = difflib.get_close_matches(key, allowed, n=1)
    return f"; '{close[0]}' was meant" if close else f"; allowed are {', '.join(allowed)}"
