"""How the board codes, in which versions, and what it cannot do; and the switches of theme and language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from timeline import analytics
from timeline.evaluation.recorded import load_recorded
from timeline.registry import codebook_version
from timeline.tagging import load_codebook
from timeline.views.context import THEMES

A_YEAR = 365 * 86_400


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    codebook = load_codebook()
    context = {
        "kinds": codebook.kinds.values(),
        "version": codebook_version(),
        "counts": analytics.registry_counts(),
        "figures": load_recorded(),
    }
    return render(request, "timeline/methods.html", context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps the theme in a cookie, so that the next page comes in it without a flash."""
    response = _back(request)
    wanted = request.POST.get("theme", "")
    if wanted in THEMES:
        response.set_cookie("theme", wanted, max_age=A_YEAR, samesite="Lax", httponly=True)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the language of the interface in the cookie that Django reads."""
    response = _back(request)
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=A_YEAR, samesite="Lax", httponly=True)
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that the form stood on; never off this board."""
    back = request.POST.get("next", "/")
    return HttpResponseRedirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/")
