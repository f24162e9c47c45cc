"""Text: one key for many spellings, the order of the alphabet, digits and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom import persian

texts = st.text(
    alphabet=st.sampled_from(
        list("ابپتچژکگیكيىآئؤأةهء۰۱٢٣45² \u200c\u0640\u064e\u064b/-.+#،aB\u00a0\u200f")
    )
)


@pytest.mark.parametrize(
    "texts",
    [
        ("شهرک‌های صنعتی", "شهرک های صنعتی", "شهرکهای  صنعتی", "شهرك‌هاي صنعتي", "شـهرک‌های صنعتی"),
        ("کریمی", "كريمي", "کَریمی", " کریمی\u200f"),
        ("تأسیسات", "تاسیسات"),
        ("آیت‌الله", "ایت الله"),
        ("شماره ۱۲", "شماره ١٢", "شماره12"),
        ("عنوان دوره:", "عنوان دوره"),
        ("مرکز ۱ - کرج", "مرکز ۱ کرج", "مركز 1، كرج", "مرکز(۱)کرج"),
        ("طبقه ۱.۲", "طبقه 1-2", "طبقه ۱/۲", "طبقه ۱ ۲", "طبقه ١_٢"),
        ("برنامه‌نویسی C++", "برنامه نویسی c ++", "برنامه‌نویسی (C++)", "برنامه‌نویسی C＋＋"),
        ("برنامه‌نویسی C#", "برنامه‌نویسی c #", "برنامه‌نویسی «C♯»"),
        ("Word #2", "Word 2", "Word، ۲"),
        ("ASP.NET", "ASP NET", "asp-net"),
        ("واحد १२", "واحد ۱۲", "واحد ۱\u200c۲", "واحد ۱\u200f۲"),
    ],
)
def test_one_key_for_many_spellings(texts: tuple[str, ...]) -> None:
    assert len({persian.normal_key(t) for t in texts}) == 1


@pytest.mark.parametrize(
    "texts",
    [
        ("پدر", "بدر"),
        ("ساری", "سارا"),
        ("۱۲", "۲۱", "۱.۲", "۲/۱", "۱/۱۲", "۱۱/۲", "۱۱۲"),
        ("مرکز ۱ ۲", "مرکز ۱۲"),
        ("برنامه‌نویسی C", "برنامه‌نویسی C++", "برنامه‌نویسی C#"),
        ("سی", "سی++", "سی#"),
        ("C17", "C++17"),
        ("10²", "102"),
        ("1½", "11/2"),
    ],
)
def test_different_words_have_different_keys(texts: tuple[str, ...]) -> None:
    assert len({persian.normal_key(text) for text in texts}) == len(texts)


@given(
    st.lists(st.integers(0, 999), min_size=1, max_size=4),
    st.lists(st.integers(0, 999), min_size=1, max_size=4),
    st.data(),
)
def test_groups_of_digits_stay_what_they_are(
    one: list[int], other: list[int], data: st.DataObject
) -> None:
    def name(groups: list[int]) -> str:
        written = f"مرکز {groups[0]}"
        for group in groups[1:]:
            written += data.draw(st.sampled_from(["/", " ", " - ", ".", "،", "_", "–"])) + str(
                group
            )
        to_digits = data.draw(st.sampled_from([persian.to_persian_digits, persian.to_ascii_digits]))
        return to_digits(written)

    assert (persian.normal_key(name(one)) == persian.normal_key(name(other))) == (one == other)


def test_parts_of_a_number_stay_apart() -> None:
    assert persian.number_key("٥٥٣/۹۶/2508") == "553/96/2508"
    assert persian.number_key(" 553-96-2508 ") == "553/96/2508"
    assert persian.number_key("55/396/2508") != persian.number_key("553/96/2508")


@given(texts)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert persian.clean(persian.clean(text)) == persian.clean(text)


@given(texts)
def test_what_is_stored_compares_as_what_was_typed(text: str) -> None:
    assert persian.normal_key(persian.clean(text)) == persian.normal_key(text)


@given(texts)
def test_a_key_is_its_own_key(text: str) -> None:
    assert persian.normal_key(persian.normal_key(text)) == persian.normal_key(text)


@given(texts)
def test_sort_keys_are_ascii(text: str) -> None:
    assert persian.sort_key(text).isascii()


def test_the_alphabet_orders_names() -> None:
    names = [
        "یاسر",
        "هادی",
        "وحید",
        "گلی",
        "کریم",
        "ژاله",
        "زهرا",
        "چنگیز",
        "جعفر",
        "پری",
        "اکبر",
        "آذر",
    ]
    assert sorted(names, key=persian.sort_key) == names[::-1]


def test_a_shorter_word_comes_first_and_joiners_do_not_count() -> None:
    assert persian.sort_key("علی") < persian.sort_key("علی اکبر") < persian.sort_key("علیا")
    assert persian.sort_key("تفاهم‌نامه") == persian.sort_key("تفاهمنامه")


@given(st.text(alphabet="0123456789", max_size=20))
def test_digits_there_and_back(digits: str) -> None:
    assert persian.to_ascii_digits(persian.to_persian_digits(digits)) == digits


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_are_read_back(number: int) -> None:
    text = persian.to_ascii_digits(persian.format_number(number))
    assert int(text.replace("٬", "").replace("−", "-")) == number


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (5583, None, "۵٬۵۸۳"),
        (0, None, "۰"),
        (12.5, None, "۱۲٫۵"),
        (106.166, None, "۱۰۶٫۱۷"),
        (112.0, 1, "۱۱۲٫۰"),
        (-1234.5, 1, "−۱٬۲۳۴٫۵"),
    ],
)
def test_numbers_as_officials_write_them(number: float, decimals: int | None, text: str) -> None:
    assert persian.format_number(number, decimals) == text


def test_words_to_look_for() -> None:
    assert persian.words("علی‌اصغر  كريمي") == ["علی", "اصغر", "کریمی"]
