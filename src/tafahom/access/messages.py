"""Why something with an account, or a request, can not be done, in the reader's language."""

from django.utils.translation import gettext_lazy

SENTENCES = {
    "account.self": gettext_lazy(
        "Nobody does this to their own account: ask another administrator."
    ),
    "account.link": gettext_lazy("This link is over: ask for a new one."),
    "account.last": gettext_lazy("One administrator must stay."),
    "request.own": gettext_lazy("Somebody else has to confirm what you asked for."),
    "request.about_you": gettext_lazy("Nobody confirms what is asked for their own account."),
    "request.right": gettext_lazy("This needs a second person who may confirm it."),
    "request.asker": gettext_lazy("Who asked for it may not manage accounts any more: refuse it."),
    "request.others": gettext_lazy(
        "Somebody who may confirm it can do so on the page “Access to confirm”."
    ),
    "request.not_yours": gettext_lazy("Only who asked may take a request back."),
    "request.state": gettext_lazy("This request is not waiting any more."),
    "request.open": gettext_lazy("The same was asked for already and waits for a second person."),
}
