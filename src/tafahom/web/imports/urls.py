"""Addresses of rosters and registries on their way in."""

from django.urls import path

from tafahom.web.imports.views import answers, imports, loads

urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/registries/", loads.loads, name="loads"),
    path("imports/registries/<str:uid>/undo/", loads.load_undo, name="load_undo"),
    path("imports/remembered/", answers.roster_answers, name="roster_answers"),
    path(
        "imports/remembered/<int:answer>/confirm/",
        answers.roster_answer_confirm,
        name="roster_answer_confirm",
    ),
    path(
        "imports/remembered/<int:answer>/forget/",
        answers.roster_answer_forget,
        name="roster_answer_forget",
    ),
    path("imports/<str:uid>/", imports.import_detail, name="import_detail"),
    path("imports/<str:uid>/commit/", imports.import_commit, name="import_commit"),
    path("imports/<str:uid>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<str:uid>/again/", imports.import_again, name="import_again"),
    path("imports/<str:uid>/answers/", imports.import_answers, name="import_answers"),
    path("imports/<str:uid>/ask-again/", imports.import_ask_again, name="import_ask_again"),
    path("imports/<str:uid>/rejects/<int:file>/", imports.import_rejects, name="import_rejects"),
    path("imports/<str:uid>/undo/", imports.import_undo, name="import_undo"),
]
