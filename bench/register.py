"""The register of agreements: its list, the page of one, and the work list, for one user."""

from bench.installation import TAFAHOM, Installation
from bench.load import Page, ask
from bench.result import Result

AGREEMENTS = 2_000
LIMIT, LONGEST = 0.2, 0.3
PAGES = (
    ("agreements, the list", "/agreements/", LIMIT),
    ("agreements, by realisation", "/agreements/?sort=-realised", LIMIT),
    ("agreements, the page of one", "/agreements/{uid}/", LIMIT),
    ("agreements, what needs you", "/attention/", LONGEST),  # all 4,700 needs are sorted
)


def measure(*, quick: bool) -> list[Result]:
    """Measure in an installation with 2,000 agreements and 20,000 obligations."""
    with Installation() as place:
        place.tafahom("init")
        count = AGREEMENTS // 40 if quick else AGREEMENTS
        session, uid = place.inside("register_fill", str(count)).split()
        with place.serving(TAFAHOM, "serve") as port:
            return [
                result
                for what, path, limit in PAGES
                for result in _page(
                    what, Page(port, path.format(uid=uid), session), limit, quick=quick
                )
            ]


def _page(what: str, page: Page, limit: float, *, quick: bool) -> list[Result]:
    ask(page, users=1, requests=2)
    load = ask(page, users=1, requests=5 if quick else 60)
    note = f"one user; {load.size:,} bytes"
    return [
        Result(f"{what}, p50", load.median, limit, note=note),
        Result(f"{what}, p95", load.percentile(95), limit),
    ]
