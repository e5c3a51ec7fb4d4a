"""Actors with their aliases and roles, places, situations. A row that an editor saves is no longer the file's."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.models import Actor, Alias, Place, Role, Situation
from timeline.registry import forget_kept
from timeline.store import renew_memberships


class AliasInline(admin.TabularInline[Alias, Actor]):
    model = Alias
    fields = ("text", "lang", "kind", "rule")
    extra = 1


class RoleInline(admin.TabularInline[Role, Actor]):
    model = Role
    fk_name = "person"
    fields = ("title", "organisation", "from_on", "to_on", "confirmed")
    autocomplete_fields = ("organisation",)
    extra = 0


@admin.register(Actor)
class ActorAdmin(admin.ModelAdmin[Actor]):
    list_display = ("name", "slug", "kind", "sector", "country", "parent", "is_from_file")
    list_filter = ("kind", "sector", "is_from_file")
    list_select_related = ("parent",)
    search_fields = ("name", "slug", "aliases__text")
    search_help_text = _("Name, slug or any alias in any language")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)
    inlines = (AliasInline, RoleInline)
    show_facets = admin.ShowFacets.ALWAYS

    def save_model(self, request: HttpRequest, obj: Actor, form: ModelForm[Actor], change: bool) -> None:
        obj.is_from_file = False
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        forget_kept()


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin[Place]):
    list_display = ("name", "slug", "kind", "country", "latitude", "longitude", "precision", "is_from_file")
    list_filter = ("kind", "precision", "country")
    search_fields = ("name", "slug", "names")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)

    def save_model(self, request: HttpRequest, obj: Place, form: ModelForm[Place], change: bool) -> None:
        obj.is_from_file = False
        super().save_model(request, obj, form, change)
        forget_kept()


@admin.register(Situation)
class SituationAdmin(admin.ModelAdmin[Situation]):
    list_display = ("name", "starts_on", "ends_on", "is_default")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("core_actors", "places")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        forget_kept()
        n_events = renew_memberships()
        self.message_user(request, _("%d events were sorted anew.") % n_events)
