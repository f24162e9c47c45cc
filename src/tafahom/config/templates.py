"""Templates as they are sent: without the indentation that is for who writes them."""

import re
from typing import Final

from django.template import Origin
from django.template.loaders import app_directories

INDENTATION: Final = re.compile(r"\n[ \t]+")


class Loader(app_directories.Loader):
    """Finds templates with their apps; a third of a page would be spaces at beginnings of lines.

    White space that counts comes from values, which are left as they are.
    """

    def get_contents(self, origin: Origin) -> str:
        """Return the source of a template."""
        source = super().get_contents(origin)
        return INDENTATION.sub("\n", source) if origin.name.endswith(".html") else source
