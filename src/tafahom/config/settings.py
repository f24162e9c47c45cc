"""One settings file; everything that differs between installations comes from the environment."""

import os
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from tafahom.config import addresses, places, sign_in
from tafahom.config.secret import own_secret
from tafahom.config.sign_in import *  # noqa: F403 - settings all
from tafahom.config.wings import WINGS

BASE_DIR = places.home()

# Whatever any process of ours writes is for its own account only.
os.umask(0o077)

env = environ.Env()
ENV_FILE = BASE_DIR / ".env"
if ENV_FILE.exists():
    env.read_env(ENV_FILE)

DATA_DIR = Path(env.str("TAFAHOM_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("TAFAHOM_DEBUG", default=False)
SECRET_FILE = DATA_DIR / "secret.key"
SECRET_KEY = env.str("TAFAHOM_SECRET_KEY", default="") or own_secret(SECRET_FILE)
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("TAFAHOM_ALLOWED_HOSTS", default=LOCAL_HOSTS)
# Served to others than this machine: `tafahom serve` then refuses what is unsafe.
ENVIRONMENT = env.str("TAFAHOM_ENV", default="")
PRODUCTION = ENVIRONMENT == "production" or (
    ENVIRONMENT != "development" and not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS)
)
HTTPS = env.bool("TAFAHOM_HTTPS", default=PRODUCTION)
# How many proxies of ours stand in front, each adding an address to X-Forwarded-For.
PROXIES = env.int("TAFAHOM_PROXIES", default=0)
CSRF_TRUSTED_ORIGINS = env.list("TAFAHOM_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "tafahom.parties",
    "tafahom.access",
    "tafahom.audit",
    "tafahom.jobs",
    "tafahom.periods",
    "tafahom.people",
    "tafahom.agreements",
    "tafahom.training",
    "tafahom.credentials",
    "tafahom.figures",
    "tafahom.exchange",
    "tafahom.reports",
    "tafahom.privacy",
    "tafahom.desk",
    "tafahom.operations",
    "tafahom.gate",
    *WINGS,
    "tafahom.demonstration",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    *sign_in.APPS,
]

MIDDLEWARE = [
    "tafahom.gate.permissions.begin_without_scope",
    "django.middleware.security.SecurityMiddleware",
    "tafahom.gate.headers.security_headers",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tafahom.web.shell.proxies.named_proxies_only",
    "tafahom.web.shell.faults.plain_answers",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    *sign_in.MIDDLEWARE,
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tafahom.web.shell.closed_months.ClosedMonths",
    "tafahom.web.shell.not_offered.NotOffered",
    "tafahom.web.shell.waits.Waits",
    *sign_in.LAST_MIDDLEWARE,
]

ROOT_URLCONF = "tafahom.config.urls"
WSGI_APPLICATION = "tafahom.config.wsgi.application"
AUTH_USER_MODEL = "access.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["tafahom.config.templates.Loader"])
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

FORM_RENDERER = "tafahom.config.forms.Renderer"

DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'tafahom.sqlite3'}"
# On PostgreSQL the service may log in as one who owns nothing; its tables are made by their owner.
OWNER_URL = env.str("DATABASE_OWNER_URL", default="")
# Variables that say nothing that can be used: every command names them and ends.
UNREADABLE = [
    name
    for name, url in (("DATABASE_URL", DATABASE_URL), ("DATABASE_OWNER_URL", OWNER_URL))
    if url and addresses.database(url) == addresses.NOWHERE
]
SERVICE_ROLE = addresses.database(DATABASE_URL).get("USER", "") if OWNER_URL else ""
IS_OWNER = env.bool("TAFAHOM_AS_OWNER", default=False) and bool(OWNER_URL)
DATABASES = {"default": addresses.database(OWNER_URL if IS_OWNER else DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The rollback journal: SQLite older than 3.51.3 can corrupt a WAL under concurrent checkpoints.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA synchronous=FULL; PRAGMA journal_mode=DELETE; PRAGMA cache_size=-64000"
        # Rows that INSERT OR REPLACE puts away are asked about too: see periods.guards.
        "; PRAGMA recursive_triggers=ON",
    }
elif not UNREADABLE:
    DATABASES["default"]["ENGINE"] = "tafahom.scoping.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A connection costs a fifth of a page: SQLite reads the schema with all its triggers each time.
DATABASES["default"]["CONN_MAX_AGE"] = 60

# Roles that see people come in by two proofs. Off where nobody else can reach the pages.
SECOND_FACTOR_REQUIRED = env.bool("TAFAHOM_MFA_REQUIRED", default=PRODUCTION)
IDLE_MINUTES = env.int("TAFAHOM_IDLE_MINUTES", default=30)
SESSION_COOKIE_AGE = env.int("TAFAHOM_SESSION_HOURS", default=12) * 3600
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# The organisation's own log-in (OpenID Connect); without an issuer there is none.
OIDC_ISSUER = env.str("TAFAHOM_OIDC_ISSUER", default="")
OIDC_NAME = env.str("TAFAHOM_OIDC_NAME", default="")
if OIDC_ISSUER:
    INSTALLED_APPS.append(sign_in.OIDC_APP)
    SOCIALACCOUNT_PROVIDERS = sign_in.oidc_providers(
        issuer=OIDC_ISSUER,
        client=env.str("TAFAHOM_OIDC_CLIENT_ID"),
        secret=env.str("TAFAHOM_OIDC_CLIENT_SECRET"),
    )
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:login"

# Pages follow the reader; this is what commands speak and pages fall back on.
LANGUAGE_CODE = env.str("TAFAHOM_LANGUAGE", default="fa")
LANGUAGES = [("fa", _("Persian")), ("en", _("English"))]
LOCALE_PATHS = [places.PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tehran"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# Third-party page assets, fetched by `make setup` or carried by the wheel, never committed.
PAGE_ASSETS = places.page_assets()
STATICFILES_DIRS = [PAGE_ASSETS] if PAGE_ASSETS.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "uploads"

TASKS = {
    "default": {
        "BACKEND": env.str("TAFAHOM_TASKS_BACKEND", default="django_tasks_db.DatabaseBackend")
    }
}

# A worker that has one task in hand for so long, or gives no sign without one, is started again.
TASK_MINUTES = env.int("TAFAHOM_TASK_MINUTES", default=30)
WORKER_SILENCE = env.int("TAFAHOM_WORKER_SILENCE", default=120)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        # The form of the log-in page leads on to the organisation's, where there is one.
        "form-action": ["'self'", *([sign_in.origin_of(OIDC_ISSUER)] if OIDC_ISSUER else [])],
    }
}

# Attempts are counted, and codes of second steps used up, for all processes of the server together.
_SHARED = {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": DATA_DIR / "limits",
    "OPTIONS": {"MAX_ENTRIES": 5000},
}
CACHES = {
    "default": _SHARED,  # allauth's
    "limits": _SHARED,
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# Files of one upload (web.imports.forms.upload.LARGEST_TOTAL) and the form around them.
LARGEST_REQUEST = 210 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
# A register is one form: 4,000 marks (web.courses.register.MAX_CELLS) and a little more.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# The directorate this installation serves; its code is in the reference data of parties.
PROVINCE_CODE = env.str("TAFAHOM_PROVINCE", default="alborz")
# Whether a trainee who came late to a session (ت in a register) is credited the whole of it.
LATE_COUNTS_WHOLE = env.bool("TAFAHOM_LATE_COUNTS_WHOLE", default=True)
# An agreement that ends within so many days, and is not renewed, needs somebody.
ATTENTION_DAYS = env.list("TAFAHOM_ATTENTION_DAYS", cast=int, default=[30, 60, 90])
# A promise is behind pace when less than so many percent of an even pace are delivered; in the
# first months of a year a pace says nothing.
ATTENTION_PACE = env.int("TAFAHOM_ATTENTION_PACE", default=90)
ATTENTION_MONTHS = env.int("TAFAHOM_ATTENTION_MONTHS", default=3)

# Persons whose names an account may read beside what tells a status, in an hour and in a day:
# beyond the first two pages wait so many seconds, beyond the second two an alarm is raised.
READING_FREE = env.list("TAFAHOM_READING_FREE", cast=int, default=[150, 400])
READING_ALARM = env.list("TAFAHOM_READING_ALARM", cast=int, default=[300, 800])
READING_WAIT = env.list("TAFAHOM_READING_WAIT", cast=int, default=[120, 900])
# Who keeps the register of a course sees its names without asking, so many days before it
# begins and after it ends.
NAMES_DAYS = env.list("TAFAHOM_NAMES_DAYS", cast=int, default=[7, 30])

# Whoever spoke for a proposal that was declined is forgotten after so many days. A form that
# comes back in fewer seconds was filled by a programme; one of yesterday must be opened again.
INTAKE_KEEP_DAYS = env.int("TAFAHOM_INTAKE_KEEP_DAYS", default=180)
INTAKE_LEAST_SECONDS = env.int("TAFAHOM_INTAKE_LEAST_SECONDS", default=5)
INTAKE_MAX_HOURS = 24

# Where people reach the installation, for links in e-mails: https://tafahom.example.ir/
ADDRESS = env.str("TAFAHOM_ADDRESS", default="")
# smtp://, smtp+tls://user:password@host:587 or smtp+ssl://…; without one nothing is ever sent.
SENDS_MAIL = bool(env.str("EMAIL_URL", default=""))
_EMAIL = addresses.email(env.str("EMAIL_URL", default="") or "dummymail://")
if _EMAIL is None:
    UNREADABLE.append("EMAIL_URL")
globals().update(_EMAIL or {})
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("TAFAHOM_EMAIL_FROM", default="tafahom@localhost")

# Where the signed heads of the audit go by themselves: a folder that is not of this machine, or
# mailto:somebody@elsewhere.
AUDIT_HEADS = env.str("TAFAHOM_AUDIT_HEADS", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masking": {"()": "tafahom.config.logs.MaskingFormatter"}},
    "filters": {"short": {"()": "tafahom.config.logs.ShortFaults"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "masking",
            "filters": ["short"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},  # failures to come in are in the audit
}
