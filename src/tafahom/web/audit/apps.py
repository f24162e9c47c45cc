from django.apps import AppConfig


class AuditPagesConfig(AppConfig):
    name = "tafahom.web.audit"
    label = "audit_pages"
