"""The tag by which the tool knows what it made, even where its journal is lost.

Nothing without the tag is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconcile.errors import Blocked

TAG = "xacct-tui"
"""The tag's key; its value is the resource it was put on, see :func:`mark`."""


def mark(resource: str) -> str:
    """The tag's value on a resource: ``kms:key/alias/s3deploykey``. Every service takes these characters."""
    return resource[:256]


def creation_tags(resource: str, tags: Mapping[str, str]) -> dict[str, str]:
    """The tags of something that is being made: the user's, and the tool's mark."""
    return {**tags, TAG: mark(resource)}


def tag_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as most services want them: a list of pairs."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def refuse_foreign(resource: str, tags: Iterable[Mapping[str, str]], key: str = "Key", value: str = "Value") -> None:
    """Raise Blocked unless these tags (as the service lists them) say that the tool made the resource."""
    if not any(tag.get(key) == TAG and tag.get(value) == mark(resource) for tag in tags):
        raise Blocked(
            f"{resource} does not carry the tag {TAG} = {mark(resource)}: "
            "only what this tool made is deleted or written over"
        )
