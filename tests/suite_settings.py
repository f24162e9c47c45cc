"""The settings of the suite: those of the product, but long work is done at once."""

from tafahom.config.settings import *  # noqa: F403

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
