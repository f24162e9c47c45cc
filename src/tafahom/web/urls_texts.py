"""Addresses of texts: of agreements, their templates and files."""

from django.urls import path

from tafahom.web.views import agreement_templates, agreement_text, text_edit

urlpatterns = [
    path("agreements/<str:uid>/text/", agreement_text.agreement_text, name="agreement_text"),
    path("agreements/<str:uid>/text/start/", agreement_text.text_start, name="text_start"),
    path("agreements/<str:uid>/files/", agreement_text.file_attach, name="file_attach"),
    path(
        "agreements/<str:uid>/document/<str:ending>/",
        agreement_text.agreement_document,
        name="agreement_document",
    ),
    path("agreement-files/<str:uid>/", agreement_text.file_take, name="file_take"),
    path("agreement-files/<str:uid>/remove/", agreement_text.file_detach, name="file_detach"),
    path("agreement-templates/", agreement_templates.templates, name="templates"),
    path(
        "agreement-templates/<str:uid>/",
        agreement_templates.template_detail,
        name="template_detail",
    ),
    path("texts/<str:uid>/compare/", agreement_text.text_compare, name="text_compare"),
    path("texts/<str:uid>/edit/", text_edit.text_edit, name="text_edit"),
    path("texts/<str:uid>/keep/", text_edit.text_keep, name="text_keep"),
    path("texts/<str:uid>/fill/", text_edit.text_fill, name="text_fill"),
    path("texts/<str:uid>/back/", text_edit.text_back, name="text_back"),
    path("texts/<str:uid>/clauses/", text_edit.clause_add, name="clause_add"),
    path("texts/<str:uid>/clauses/<str:clause_uid>/", text_edit.clause_edit, name="clause_edit"),
    path(
        "texts/<str:uid>/clauses/<str:clause_uid>/move/", text_edit.clause_move, name="clause_move"
    ),
    path(
        "texts/<str:uid>/clauses/<str:clause_uid>/remove/",
        text_edit.clause_delete,
        name="clause_delete",
    ),
]
