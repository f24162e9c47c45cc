"""What the page lists."""

from typing import ClassVar

from django.db import models


class Row(models.Model):
    """A row of the page: a name and four numbers, as a row of figures has."""

    name = models.CharField(max_length=100)
    persons = models.IntegerField()
    hours = models.IntegerField()
    courses = models.IntegerField()
    certified = models.IntegerField()
    objects: ClassVar[models.Manager["Row"]] = models.Manager()

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return self.name
