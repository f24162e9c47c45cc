"""The tables and their keys, drawn from the models: docs/development/tables.md.

Usage: python tools/entity_diagram.py
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "development" / "tables.md"
HEAD = """# Tables and their keys

Made by `python tools/entity_diagram.py` from the models; a test fails when it is out of step. One picture for each app, with keys into
apps below it, or for some of its modules where it has many; `id` of each table and arrows to `User` are left out. `||` is one, `|o` none or one,
`o{` any number.
"""
MANY = 12
Lines = Iterator[str]


def _pictures() -> Iterator[tuple[str, list[type]]]:
    """Yield titles and models of the pictures, from the ground up."""
    from django.apps import apps

    for app in apps.get_app_configs():
        pictures: dict[str, list[type]] = defaultdict(list)
        models = [m for m in app.get_models() if m.__module__.startswith("tafahom.")]
        modules = Counter(m.__module__ for m in models)
        for model in sorted(models, key=lambda m: m.__name__):
            title = app.name.removeprefix("tafahom.")
            if len(models) > MANY and 1 < modules[model.__module__] < len(models):
                title += f": {model.__module__.rpartition('.')[2]}"
            pictures[title].append(model)
        yield from sorted(pictures.items())


def _columns(model: type) -> Lines:
    """Yield the model's own columns: type, name, and PK, FK or UK."""
    for field in model._meta.local_concrete_fields:
        if field.name == "id":
            continue
        kind = "key" if field.is_relation else field.get_internal_type().removesuffix("Field")
        key = "PK" if field.primary_key else "FK" if field.is_relation else ""
        if not key and field.unique:
            key = "UK"
        yield f"        {kind} {field.name} {key}".rstrip()


def _arrows(model: type) -> Lines:
    """Yield the model's keys into other tables of ours."""
    meta = model._meta
    for field in [*meta.local_concrete_fields, *meta.local_many_to_many]:
        if not field.is_relation or not field.related_model.__module__.startswith("tafahom."):
            continue
        if field.related_model.__name__ == "User" != model.__name__:
            continue  # who did it: hardly a table has none, and the arrows hide all others
        far = "|o" if field.null else "||"
        near = "o{"
        if field.one_to_one:
            near = "o|"
        elif field.many_to_many:
            far = "}o"
        yield f"    {field.related_model.__name__} {far}--{near} {model.__name__} : {field.name}"


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for title, models in _pictures():
        parts += [f"\n## {title}\n", "```mermaid", "erDiagram"]
        for model in models:
            parts += [f"    {model.__name__} {{", *_columns(model), "    }"]
        parts += [line for model in models for line in _arrows(model)]
        parts.append("```")
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
    import django

    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
