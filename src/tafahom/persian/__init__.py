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
        "♯": "#",
    }
)
_NOT_WORD = re.compile(r"[\W_]+")
_BETWEEN = re.compile(r"([\W_]+)")
_TELLS_APART = re.compile(r"[+#]|\d[\W_]+\d")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_ODD_DIGITS = re.compile("[²³¹¼-¾⁰⁴-⁹₀-₉⅐-⅟↉①-⒛⓪-⓿❶-➓]")
_NUMBER_SEPARATORS = re.compile(r"[\\/|\-–—_.]+")
_NOT_NUMBER = re.compile(r"[^\w/]+")

LONGEST_SORT_KEY = 240
LONGEST_SEARCH = 200
_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_ORDER = {letter: f"p{index:02d}" for index, letter in enumerate(_ALPHABET)}
_ORDER |= {"أ": _ORDER["ا"], "إ": _ORDER["ا"], "ٱ": _ORDER["ا"], "ء": _ORDER["ا"]}
_ORDER |= {"ؤ": _ORDER["و"], "ئ": _ORDER["ی"], "ة": _ORDER["ه"]}


def to_ascii_digits(text: str) -> str:
    """The text with Persian and Arabic-Indic digits as 0–9."""
    return text if text.isascii() else text.translate(_TO_ASCII)


def to_persian_digits(text: str) -> str:
    """The text with ASCII and Arabic-Indic digits as ۰–۹."""
    return text.translate(_TO_PERSIAN)


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """The text as it should be stored and shown: Persian letters, single spaces, sane joiners.

    Digits stay as they were typed. Idempotent.
    """
    if text.isascii() and text.isprintable():  # as numbers and dates are, of which all differ
        return _SPACES.sub(" ", text).strip()
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
    joiners and punctuation vanish, but not where they tell names apart: what stands between
    two digits is one slash («۱/۱۲» is not «۱۱/۲»), and + and # after a Latin letter stay (C, C++
    and C#). Empty for a text without letters or digits.
    """
    if not text.isascii():
        # A raised or circled digit is none of the number that it stands beside.
        text = _ODD_DIGITS.sub(r" \g<0> ", text)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = clean(folded).translate(_FOLD)
    if not folded.isascii():
        folded = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), folded)
    if _TELLS_APART.search(folded) is None:
        return _NOT_WORD.sub("", folded)
    # Odd pieces are what stands between two words, before the first and after the last.
    pieces = _BETWEEN.split(folded.replace(ZWNJ, ""))
    for place in range(1, len(pieces), 2):
        pieces[place] = _mark(pieces[place - 1], pieces[place], pieces[place + 1])
    return "".join(pieces)


def _mark(before: str, between: str, after: str) -> str:
    """What of the characters between two words belongs to their key: + and #, a slash, nothing."""
    signs = "".join(character for character in between if character in "+#")
    if signs and before[-1:].isalpha():
        is_attached = between[0] in "+#"
        if before[-1].isascii():
            # «Word #2» is the second, «C #» is C#.
            is_part = is_attached or not after[:1].isdigit()
        else:
            is_part = is_attached and (signs.startswith("++") or not after)
        return signs if is_part else ""
    return "/" if before[-1:].isdigit() and after[:1].isdigit() else ""


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


def search_words(text: str) -> list[str]:
    """The words that somebody searches for as they were typed, without such as are marks alone.

    Of a text too long to be a search only the beginning counts.
    """
    # Marks inside a word stay: agreements are numbered 553/96/2508.
    return [word for word in clean(text[:LONGEST_SEARCH]).split() if normal_key(word)]


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
