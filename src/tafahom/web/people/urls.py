"""Addresses of people and who they are."""

from django.urls import path

from tafahom.web.people.views import people, personal

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/search/", people.people_search, name="people_search"),
    path("people/<str:uid>/", people.person_detail, name="person_detail"),
    path("people/<str:uid>/show/", personal.person_show, name="person_show"),
    path("people/<str:uid>/forget/", personal.person_forget, name="person_forget"),
    path("people/<str:uid>/readings/", personal.person_readings, name="person_readings"),
]
