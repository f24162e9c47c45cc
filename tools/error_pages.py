"""Write the pages that a proxy shows by itself: deploy/nginx/pages.

Usage: python tools/error_pages.py
"""

import os
from pathlib import Path

import django

PAGES = Path(__file__).resolve().parents[1] / "deploy" / "nginx" / "pages"


def main() -> None:
    """Write them all."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
    django.setup()
    from tafahom.web.serving.plain_pages import SENTENCES, plain_page  # once Django is ready

    for status in SENTENCES:
        (PAGES / f"{status.value}.html").write_text(plain_page(status), encoding="utf-8")


if __name__ == "__main__":
    main()
