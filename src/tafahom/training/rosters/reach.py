"""What of a roster may be recorded by somebody who serves a part of the installation."""

from tafahom.agreements.models import Agreement
from tafahom.parties.models import Centre
from tafahom.parties.queries import home_province
from tafahom.persian import normal_key
from tafahom.scoping import Scope, everything
from tafahom.training.models import Course


class Reach:
    """A scope in the words of rosters, which name centres, agreements and courses.

    A course that is not recorded yet lies where ``Course.scope_paths`` will find it. A centre
    that is new will be one of the home province.
    """

    def __init__(self, scope: Scope) -> None:
        self._is_everything = scope.is_everything
        if self._is_everything:
            return
        with everything("what a scope holds is found among all"):
            provinces = Centre.objects.filter(province__in=scope.provinces)
            centres = provinces | Centre.objects.filter(pk__in=scope.centres)
            self._centres = set(centres.values_list("key", flat=True))
            self._all_centres = set(Centre.objects.values_list("key", flat=True))
            self._holds_new = home_province().pk in scope.provinces
            of_partners = Agreement.objects.filter(partner__in=scope.partners)
            agreements = of_partners | Agreement.objects.filter(uid__in=scope.agreements)
            self._agreements = set(agreements.values_list("pk", flat=True))
            courses = Course.objects.filter(uid__in=scope.courses)
            self._courses = set(courses.values_list("key", flat=True))

    def holds(self, *, course: str, centre: str, agreement_id: int) -> bool:
        """Whether a course, by its key, at a centre, by its name, is within reach."""
        if self._is_everything or agreement_id in self._agreements or course in self._courses:
            return True
        key = normal_key(centre)
        return key in self._centres or (self._holds_new and key not in self._all_centres)
