"""Parts of a zipped workbook, whatever slashes and letters its writer named them with."""

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from tafahom.sheets.files import FileRefusedError, part_name

LARGEST_INDEX = 4 << 20
_CHUNK = 1 << 16


class Package:
    """A zip archive that is read by normal names of its parts."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._parts = {part_name(info.filename): info for info in self._archive.infolist()}

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *error: object) -> None:
        self._archive.close()

    def __contains__(self, name: str) -> bool:
        return part_name(name) in self._parts

    def open(self, name: str) -> IO[bytes]:
        """Open a part for reading. Raises KeyError when there is none of this name."""
        return self._archive.open(self._parts[part_name(name)])

    def read(self, name: str) -> bytes:
        """Return a part that is an index of others. Raises FileRefusedError when it is huge."""
        info = self._parts[part_name(name)]
        if info.file_size > LARGEST_INDEX:
            raise FileRefusedError("file.too_large")
        return self._archive.read(info)

    def tree(self, name: str) -> ElementTree.Element:
        """Return the XML of such a part. Raises FileRefusedError when it is damaged."""
        text = self.read(name)
        # In a child with little memory and time: entities that grow end it; nothing is fetched.
        try:
            return ElementTree.fromstring(text)  # nosec B314
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise FileRefusedError("file.damaged") from error


def relations(package: Package, name: str) -> dict[str, str]:
    """Names of parts by the identifiers that the part ``name`` (in ``xl``) knows them by."""
    root = package.tree(f"xl/_rels/{name}.rels")
    targets = {node.get("Id", ""): node.get("Target", "") for node in root}
    return {
        key: target[1:] if target[:1] in ("/", "\\") else str(PurePosixPath("xl") / target)
        for key, target in targets.items()
    }


def start_tags(stream: IO[bytes]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Give each element's local name and attributes as it begins, at little cost of memory."""
    begun: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: begun.append((name, attributes))
    while piece := stream.read(_CHUNK):
        try:
            parser.Parse(piece)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise FileRefusedError("file.damaged") from error
        for name, attributes in begun:
            yield name.rpartition(":")[2], attributes
        begun.clear()
