"""Addresses of texts of agreements, their templates and files."""

from django.urls import path

from tafahom.web.texts.views import edit, templates, text

urlpatterns = [
    path("agreements/<str:uid>/text/", text.agreement_text, name="agreement_text"),
    path("agreements/<str:uid>/text/start/", text.text_start, name="text_start"),
    path("agreements/<str:uid>/files/", text.file_attach, name="file_attach"),
    path(
        "agreements/<str:uid>/document/<str:ending>/",
        text.agreement_document,
        name="agreement_document",
    ),
    path("agreement-files/<str:uid>/", text.file_take, name="file_take"),
    path("agreement-files/<str:uid>/remove/", text.file_detach, name="file_detach"),
    path("agreement-templates/", templates.templates, name="templates"),
    path("agreement-templates/<str:uid>/", templates.template_detail, name="template_detail"),
    path("texts/<str:uid>/compare/", text.text_compare, name="text_compare"),
    path("texts/<str:uid>/edit/", edit.text_edit, name="text_edit"),
    path("texts/<str:uid>/keep/", edit.text_keep, name="text_keep"),
    path("texts/<str:uid>/fill/", edit.text_fill, name="text_fill"),
    path("texts/<str:uid>/back/", edit.text_back, name="text_back"),
    path("texts/<str:uid>/clauses/", edit.clause_add, name="clause_add"),
    path("texts/<str:uid>/clauses/<str:clause_uid>/", edit.clause_edit, name="clause_edit"),
    path("texts/<str:uid>/clauses/<str:clause_uid>/move/", edit.clause_move, name="clause_move"),
    path(
        "texts/<str:uid>/clauses/<str:clause_uid>/remove/", edit.clause_delete, name="clause_delete"
    ),
]
