"""Where keys stand in the text of a TOML file.

The text must be TOML already; only then is so small a scanner right. Whoever edits by it checks what came of that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""
      (?P<string> \"{3} (?:\\.|[^\\])*? \"{3,5} | '{3} .*? '{3,5} | " (?:\\.|[^"\\])* " | ' [^']* ' )
    | (?P<comment> \#[^\n]* )
    | (?P<newline> \n )
    | (?P<mark> [\[\]{},=.] )
    | (?P<word> [^\s\[\]{},=."'\#]+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


class _Token(NamedTuple):
    text: str
    line: int
    start: int


def lines(text: str) -> Mapping[Path, int]:
    """Return the line, counted from 1, on which each table, key and array item first stands."""
    scanner = _Scanner(text)
    scanner.file()
    return scanner.lines


def spans(text: str) -> list[tuple[Path, slice]]:
    """Return every place in the text where a key or a part of a header stands, with the path that leads there."""
    scanner = _Scanner(text)
    scanner.file()
    return scanner.spans


def line_of(path: Path, places: Mapping[Path, int]) -> int:
    """Return the line of the key, or of the innermost table around it that is there; 0 if none is."""
    return next((places[path[:end]] for end in range(len(path), 0, -1) if path[:end] in places), 0)


def dotted(path: Path) -> str:
    """Return the path as TOML writes it; a part that is no bare key is quoted, odd characters escaped."""
    return "".join(_part(part) for part in path).removeprefix(".")


def _part(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    if re.fullmatch(r"[A-Za-z0-9_-]+", part):
        return f".{part}"
    return f".{part!a}"


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "comment":
            yield _Token(match.group(), line, match.start())
        line += match.group().count("\n")


class _Scanner:
    """Walks the tokens once and notes where each path begins."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self.spans: list[tuple[Path, slice]] = []
        self._tokens = [*_tokens(text), _Token("\n", 0, len(text))]
        self._next = 0

    def file(self) -> None:
        table: Path = ()
        while self._more():
            if self._accept("["):
                self._accept("[")
                table = self._key(())
            elif not self._accept("\n", "]"):
                self._pair(table)

    def _more(self) -> bool:
        return self._next < len(self._tokens)

    def _take(self) -> _Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _accept(self, *texts: str) -> bool:
        found = self._more() and self._tokens[self._next].text in texts
        self._next += found
        return found

    def _key(self, table: Path) -> Path:
        path = table
        while True:
            token = self._take()
            path = (*path, _unquoted(token.text))
            self.lines.setdefault(path, token.line)
            self.spans.append((path, slice(token.start, token.start + len(token.text))))
            if not self._accept("."):
                return path

    def _pair(self, table: Path) -> None:
        path = self._key(table)
        self._accept("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._accept("["):
            self._items(path)
        elif self._accept("{"):
            while not self._accept("}"):
                if not self._accept(",", "\n"):
                    self._pair(path)
        else:
            while self._tokens[self._next].text not in ("\n", ",", "]", "}"):
                self._next += 1

    def _items(self, path: Path) -> None:
        index = 0
        while not self._accept("]"):
            if not self._accept(",", "\n"):
                self.lines[(*path, index)] = self._tokens[self._next].line
                self._value((*path, index))
                index += 1


def _unquoted(key: str) -> str:
    if key.startswith("'"):
        return key[1:-1]
    return _ESCAPE.sub(_unescaped, key[1:-1]) if key.startswith('"') else key


def _unescaped(match: re.Match[str]) -> str:
    escape = match[1]
    return chr(int(escape[1:], 16)) if len(escape) > 1 else _ESCAPED.get(escape, escape)
