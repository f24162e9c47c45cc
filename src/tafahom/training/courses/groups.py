"""The lists that trainees and courses are grouped by, and what words of rosters mean in them."""

from collections.abc import Mapping
from pathlib import Path

from tafahom.parties.queries import (
    audience_words,
    centre_type_words,
    coded,
    county_words,
    home_province,
    words_of,
)
from tafahom.people.models import Gender
from tafahom.persian import normal_key
from tafahom.registries.words import ListWords, synonyms_of, word_file
from tafahom.training.models import Cluster, EducationLevel

GROUP_FIELDS = ("gender", "audience", "cluster", "centre_type", "county", "education")
WORDS = Path(__file__).with_name("words.toml")


class GroupWords:
    """What the words of rosters for groups mean: names of the registered lists.

    ``answers`` are what somebody said of words of a roster that no list knows, by field and
    ``persian.normal_key`` of the word: a registered name, or "" to leave the cell empty. An answer
    that is no name of its list any more does not count. Making one reads the lists and their words
    in a dozen queries; after that none is made, however many rows there are.
    """

    def __init__(self, answers: Mapping[tuple[str, str], str] | None = None) -> None:
        self._lists = {
            "gender": ListWords(Gender.values, _gender_words()),
            "audience": audience_words(),
            "cluster": cluster_words(),
            "centre_type": centre_type_words(),
            "county": county_words(home_province()),
            "education": education_words(),
        }
        self._answers = dict(answers or {})
        self._known: dict[tuple[str, str], str | None] = {}

    def name_of(self, field: str, word: str) -> str | None:
        """Return the registered name a word means; female or male where the field is gender.

        "" for a blank word or one that is to be left empty; None for a word in no list, which
        nobody may guess at.
        """
        try:
            return self._known[field, word]
        except KeyError:
            found = self._known[field, word] = self._find(field, word)
            return found

    def _find(self, field: str, word: str) -> str | None:
        words = self._lists[field]
        answer = self._answers.get((field, normal_key(word)))
        if answer is not None and (answer == "" or answer in words.names):
            return answer
        return words.name_of(word)

    def choices(self, field: str) -> list[tuple[str, str]]:
        """Return the names of a list, each with its label, in the order they are offered in."""
        if field == "gender":
            return [(gender.value, str(gender.label)) for gender in Gender]
        return [(name, name) for name in self._lists[field].names]


def cluster_words() -> ListWords:
    """Return what words mean in the list of clusters."""
    return words_of(coded(Cluster.objects), "cluster", word_file(WORDS)["clusters"])


def education_words() -> ListWords:
    """Return what words mean in the list of levels of education."""
    words = word_file(WORDS)["education_levels"]
    return words_of(coded(EducationLevel.objects), "education", words)


def _gender_words() -> list[tuple[str, str]]:
    return synonyms_of(word_file(WORDS)["gender"], {gender: gender for gender in Gender.values})
