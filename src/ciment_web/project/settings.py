"""Django's settings, all derived from one typed configuration."""

from pathlib import Path

from csp.constants import NONE, SELF

from ciment_web.project.configuration import read_configuration

CONFIGURATION = read_configuration()
HERE = Path(__file__).parent

DEBUG = False
SECRET_KEY = CONFIGURATION.secret_key
ALLOWED_HOSTS = [CONFIGURATION.host, *(["127.0.0.1", "localhost", "testserver"] if not CONFIGURATION.secure else [])]
ROOT_URLCONF = "ciment_web.project.urls"
WSGI_APPLICATION = "ciment_web.project.wsgi.application"
DATABASES = {"default": CONFIGURATION.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "ciment_web.institutions",
    "ciment_web.register",
    "ciment_web.members",
    "ciment_web.quorum",
    "ciment_web.governance",
    "ciment_web.decisions",
    "ciment_web.inquiries",
    "ciment_web.arrivals",
    "ciment_web.desk",
    "ciment_web.mailbox",
    "ciment_web.necessity",
    "ciment_web.flows",
    "ciment_web.freezes",
    "ciment_web.journal",
    "ciment_web.access",
    "ciment_web.seizures",
    "ciment_web.pressure",
    "ciment_web.transparency",
    "ciment_web.drills",
    "ciment_web.lawbook",
    "ciment_web.founding",
    "ciment_web.project",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ciment_web.members.middleware.SignInRequired",
    "ciment_web.project.failures.CoreFailures",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["ciment_web.project.context.describe_page"]},
    }
]

# Nothing of an upload may reach the disk in clear: files are kept in memory, or sealed while they arrive.
FILE_UPLOAD_HANDLERS = ["ciment_web.blobs.uploads.SealingUpload"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 20

LANGUAGE_CODE = "fr"
LOCALE_PATHS = [HERE / "locale"]
# Each said in its own language, for whoever does not read the page's; offered once nothing is left to translate.
LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = CONFIGURATION.home / "static"
STATICFILES_DIRS = [HERE / "static"]
# Compressed and named by content, so that browsers keep them for good; tests serve the plain files.
STORAGES = {
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if CONFIGURATION.mode != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
}
WHITENOISE_USE_FINDERS = CONFIGURATION.mode == "test"

CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = CONFIGURATION.secure
CSRF_FAILURE_VIEW = "ciment_web.project.failures.show_forgery"
SECURE_SSL_REDIRECT = CONFIGURATION.secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 63072000 if CONFIGURATION.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

EMAIL_HOST = CONFIGURATION.mail_host
EMAIL_PORT = CONFIGURATION.mail_port
EMAIL_TIMEOUT = 5
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if CONFIGURATION.mail_host else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = CONFIGURATION.mail_from

CIMENT_HOST = CONFIGURATION.host
CIMENT_PEPPER = CONFIGURATION.pepper
CIMENT_KEYS = CONFIGURATION.keys
CIMENT_BLOBS = CONFIGURATION.home / "blobs"
CIMENT_PACKS = CONFIGURATION.home / "packs"
CIMENT_SIGNER_STATE = CONFIGURATION.signer
CIMENT_GATEWAY_NETWORKS = CONFIGURATION.gateway_networks
CIMENT_SECURE = CONFIGURATION.secure
CIMENT_DEMO = CONFIGURATION.mode == "demo"
# The test suite enrols hundreds of members: it alone may hash below the strength that production uses.
CIMENT_CHEAP_HASHING = CONFIGURATION.mode == "test"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "formatters": {"events": {"()": "ciment_web.project.logs.EventFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
    # Django's own loggers write addresses and tracebacks; only our allow-listed events are printed.
    "root": {"handlers": [], "level": "CRITICAL"},
    "loggers": {"ciment": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
