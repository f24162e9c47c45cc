"""The settings of the suite: those of the product, but long work is done at once."""

from tafahom.config.settings import *  # noqa: F403

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Tests log in more often than any person; those about limits count in memory.
    "limits": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}
# Tests of the organisation's log-in say which; for all others there is none.
INSTALLED_APPS = [*INSTALLED_APPS, OIDC_APP]  # noqa: F405
# Hundreds of tests make an account with a password; test_passwords looks at the product's own way.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
