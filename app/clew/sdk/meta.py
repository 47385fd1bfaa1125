"""How a link and its block are shown, said by the program that records them."""

from dataclasses import dataclass
from typing import Any


@dataclass
class WorkflowSettings:
    """Title, icon, link and description of a block or of the link to it; all are optional."""

    title: str | None = None
    icon: str | None = None
    icon_color: str | None = None
    icon_bg_color: str | None = None
    url: str | None = None
    url_title: str | None = None
    description: str | None = None

    @property
    def as_dict(self) -> dict[str, Any]:
        """The settings as they are kept: only what was given."""
        kept: dict[str, Any] = {}
        if self.title is not None:
            kept["title"] = self.title
        if self.description is not None:
            kept["description"] = self.description
        if self.icon is not None:
            colours = {"color": self.icon_color, "backgroundColor": self.icon_bg_color}
            kept["icon"] = {"icon": self.icon, **{k: v for k, v in colours.items() if v is not None}}
        if self.url is not None:
            kept["mainLink"] = {"url": self.url, "title": self.url_title or self.url}
        return kept


@dataclass
class WorkflowMeta:
    """Settings of the link (`relation_settings`) and of the block (`node_settings`)."""

    relation_settings: WorkflowSettings | None = None
    node_settings: WorkflowSettings | None = None

    def __post_init__(self) -> None:
        if self.relation_settings is None and self.node_settings is None:
            raise ValueError("WorkflowMeta needs relation_settings or node_settings")

    @property
    def as_dict(self) -> dict[str, Any]:
        """Both settings under the names that programs written for Supervisely use."""
        parts = {
            "customRelationSettings": self.relation_settings,
            "customNodeSettings": self.node_settings,
        }
        return {name: settings.as_dict for name, settings in parts.items() if settings is not None}

    @classmethod
    def create(cls, **kwargs: Any) -> "WorkflowMeta":
        """`WorkflowMeta(**kwargs)`."""
        return cls(**kwargs)

    @classmethod
    def create_as_dict(cls, **kwargs: Any) -> dict[str, Any]:
        """`WorkflowMeta(**kwargs).as_dict`."""
        return cls(**kwargs).as_dict


def link_meta(meta: "WorkflowMeta | dict[str, Any] | None") -> tuple[str, dict[str, Any]]:
    """What a link keeps of `meta`: its title, and the whole as a dict."""
    kept = meta.as_dict if isinstance(meta, WorkflowMeta) else dict(meta or {})
    for part in ("customRelationSettings", "customNodeSettings"):
        settings = kept.get(part)
        if isinstance(settings, dict) and settings.get("title"):
            return str(settings["title"]), kept
    return "", kept
