"""Persian text: cleaning, comparing, ordering, digits. No framework here.

Text arrives with Arabic ي and ك, three kinds of digits, zero-width non-joiners or spaces in
any number, tatweel and diacritics. ``clean`` makes what is shown and stored; ``normal_key``
makes what is compared; ``sort_key`` makes what is ordered by.
"""

import re
import unicodedata
from functools import lru_cache

ZWNJ = "\u200c"
_ASCII = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC_INDIC = "٠١٢٣٤٥٦٧٨٩"
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC_INDIC, _ASCII * 2)
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC_INDIC, _PERSIAN * 2)

_DIACRITICS = "".join(map(chr, [*range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670]))
_INVISIBLE = "\u00ad\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u0640"
_LETTERS = {"ي": "ی", "ى": "ی", "ې": "ی", "ك": "ک", "ڪ": "ک", "ہ": "ه", "ۀ": "هٔ", "ە": "ه"}
_CLEAN = str.maketrans(
    dict.fromkeys(_DIACRITICS.replace("ٔ", "") + _INVISIBLE)
    | _LETTERS
    | {"\u00ac": ZWNJ, "\u00a0": " ", "\u2009": " ", "\u202f": " "}
)
_SPACES = re.compile(r"\s+")
_ZWNJ_RUN = re.compile(f"{ZWNJ}+")
_ZWNJ_LOOSE = re.compile(f" ?{ZWNJ}(?= |$)|(?:^|(?<= )){ZWNJ}")
_FOLD = str.maketrans(
    {
        "آ": "ا",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ئ": "ی",
        "ة": "ه",
        "ء": None,
        "\u0654": None,
    }
)
_NOT_WORD = re.compile(r"[\W_]+")
_NUMBER_SEPARATORS = re.compile(r"[\\/|\-–—_.]+")
_NOT_NUMBER = re.compile(r"[^\w/]+")

LONGEST_SORT_KEY = 240
_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_ORDER = {letter: f"p{index:02d}" for index, letter in enumerate(_ALPHABET)}
_ORDER |= {"أ": _ORDER["ا"], "إ": _ORDER["ا"], "ٱ": _ORDER["ا"], "ء": _ORDER["ا"]}
_ORDER |= {"ؤ": _ORDER["و"], "ئ": _ORDER["ی"], "ة": _ORDER["ه"]}


def to_ascii_digits(text: str) -> str:
    """The text with Persian and Arabic-Indic digits as 0–9."""
    return text.translate(_TO_ASCII)


def to_persian_digits(text: str) -> str:
    """The text with ASCII and Arabic-Indic digits as ۰–۹."""
    return text.translate(_TO_PERSIAN)


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """The text as it should be stored and shown: Persian letters, single spaces, sane joiners.

    Digits stay as they were typed. Idempotent.
    """
    text = unicodedata.normalize("NFC", text).translate(_CLEAN)
    if not text.isprintable():
        text = "".join(
            c if c.isprintable() or c == ZWNJ else " "
            for c in text
            if unicodedata.category(c) != "Cc" or c.isspace()
        )
    text = _SPACES.sub(" ", text).strip()
    while (tidy := _ZWNJ_LOOSE.sub("", _ZWNJ_RUN.sub(ZWNJ, text)).strip()) != text:
        text = tidy
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=65536)
def normal_key(text: str) -> str:
    """What is compared: «شهرک‌های», «شهرک های» and «شهرکهای» have one key.

    Letters are folded (آ to ا, ئ to ی …), digits are ASCII, case is dropped, and spaces,
    joiners and punctuation vanish. Empty for a text without letters or digits.
    """
    folded = clean(unicodedata.normalize("NFKC", text)).translate(_FOLD).translate(_TO_ASCII)
    return _NOT_WORD.sub("", folded).casefold()


@lru_cache(maxsize=65536)
def number_key(text: str) -> str:
    """The key of a written number such as 553/96/2508: parts stay apart, digits are ASCII.

    Any of / - . _ between parts counts as one slash.
    """
    folded = clean(text).translate(_FOLD).translate(_TO_ASCII)
    return _NOT_NUMBER.sub("", _NUMBER_SEPARATORS.sub("/", folded)).strip("/").casefold()


@lru_cache(maxsize=65536)
def sort_key(text: str) -> str:
    """An ASCII text that any database orders as the Persian alphabet does.

    Spaces come before letters, joiners do not count, digits come before letters and other
    letters after Persian ones. At most ``LONGEST_SORT_KEY`` characters, as databases keep them:
    what comes after some eighty letters no longer counts.
    """
    pieces = []
    for character in clean(text).replace(ZWNJ, "").translate(_TO_ASCII).casefold():
        if character == "\u0654":
            continue
        if character.isspace():
            pieces.append("00")
        elif character in _ORDER:
            pieces.append(_ORDER[character])
        elif character in _ASCII:
            pieces.append(f"d{character}")
        elif character.isalpha():
            pieces.append(f"z{ord(character):06x}")
    return "".join(pieces)[:LONGEST_SORT_KEY]


def words(text: str) -> list[str]:
    """Keys of the words of a text, for looking a name up; joiners split as spaces do."""
    parts = clean(text).replace(ZWNJ, " ").split()
    return [key for part in parts if (key := normal_key(part))]


def format_number(number: float, decimals: int | None = None) -> str:
    """A number in Persian digits: ۵٬۵۸۳ and ۱۲٫۵, with ٬ between thousands.

    ``decimals`` fixes the places; without it a whole number has none and others as many as
    they need, at most two. A minus sign stands before the number.
    """
    if decimals is None:
        text = (
            f"{number:,.2f}".rstrip("0").rstrip(".") if number != int(number) else f"{number:,.0f}"
        )
    else:
        text = f"{number:,.{decimals}f}"
    text = text.replace(",", "٬").replace(".", "٫").replace("-", "−")
    return to_persian_digits(text)
