"""The first admin: while the board has no superuser, its log shows a link with which one is made.

The link is signed and lives for a day. It also carries how many accounts were ever made, so that any account that comes
into being, even one deleted since, ends every link that was shown before.
"""

import logging

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.core import signing
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

LIFETIME_S = 24 * 60 * 60
SALT = "crisisboard.first_admin"
LOCK = 0x43B0A7D1  # one number for this lock alone, the same in every process

log = logging.getLogger(__name__)


class FirstAdminForm(UserCreationForm[User]):
    class Meta:
        model = User
        fields = ("username",)


def make_token() -> str:
    return signing.dumps(_accounts_ever_made(), salt=SALT)


def is_valid(token: str) -> bool:
    try:
        n_accounts = signing.loads(token, salt=SALT, max_age=LIFETIME_S)
    except signing.BadSignature:
        return False
    return n_accounts == _accounts_ever_made() and not has_admin()


def has_admin() -> bool:
    return get_user_model().objects.filter(is_superuser=True, is_active=True).exists()


def announce_link() -> None:
    """Writes the link into the log, unless there is an admin already."""
    try:
        if not has_admin():
            link = settings.SITE_URL + reverse("first_admin", args=[make_token()])
            log.warning("No admin yet. Make the first one here, within a day: %s", link)
    except DatabaseError as error:
        log.warning("Whether there is an admin is not known: %s", str(error).strip().splitlines()[0])


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    if not is_valid(token):
        return render(request, "registration/first_admin.html", {"is_dead": True}, status=410)
    form = FirstAdminForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = save_first_admin(form, token)
        if user is None:
            return render(request, "registration/first_admin.html", {"is_dead": True}, status=410)
        login(request, user)
        return redirect("/")
    return render(request, "registration/first_admin.html", {"form": form}, status=400 if form.errors else 200)


def save_first_admin(form: FirstAdminForm, token: str) -> User | None:
    """None when somebody else was faster."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if not is_valid(token):
            return None
        user: User = form.save(commit=False)
        user.is_staff = user.is_superuser = True
        user.save()
        return user


def _accounts_ever_made() -> int:
    """The last number given to an account; unlike a count it never goes back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_value FROM pg_sequences"
            " WHERE format('%%I.%%I', schemaname, sequencename) = pg_get_serial_sequence(%s, 'id')",
            [User._meta.db_table],
        )
        return cursor.fetchone()[0] or 0
