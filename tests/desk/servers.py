"""Servers of e-mail that do not take everything."""

import smtplib

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from tafahom.desk.actions import send_digests
from tafahom.jalali import today


class Refusing(EmailBackend):
    """A server that is there, but does not take one of the addresses."""

    error: Exception = smtplib.SMTPRecipientsRefused({})

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["officer@example.org"]:
            raise self.error
        return super().send_messages(messages)


class Vanishing(Refusing):
    error = smtplib.SMTPServerDisconnected()


class Closed(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError("refused")


class Slow(EmailBackend):
    """While the first e-mail is on its way another run of the command begins and ends."""

    is_first = True

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        if Slow.is_first:
            Slow.is_first = False
            send_digests(today=today())
        return super().send_messages(messages)
