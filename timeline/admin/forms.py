"""What an editor fills in about an event."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.models import Actor, DatePrecision, Event, EventType, Modality, Place
from timeline.tagging import load_codebook

KEEP = ("type", "mode", "modality", "occurred_on", "occurred_until", "date_precision", "place", "contexts")


def signed_in(request: HttpRequest) -> User:
    """The editor; the admin site lets nobody else in."""
    if not isinstance(request.user, User):
        raise TypeError("the admin site was entered without a user")
    return request.user


def _modes() -> list[tuple[str, str]]:
    """Every mode once, with the types it goes with."""
    types: dict[str, list[str]] = {}
    for name, kind in load_codebook().kinds.items():
        for mode in kind.modes:
            types.setdefault(mode, []).append(name)
    return [("", "–"), *((mode, f"{mode} ({', '.join(names)})") for mode, names in sorted(types.items()))]


def _contexts() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(load_codebook().contexts)]


def _many_actors() -> AutocompleteSelectMultiple:
    return AutocompleteSelectMultiple(Event._meta.get_field("actors"), admin.site)


class CodedForm(forms.Form):
    """The coded fields of an event."""

    actors = forms.ModelMultipleChoiceField(Actor.objects.all(), label=_("Who (actors)"))
    type = forms.ChoiceField(choices=EventType.choices, label=_("Did what (type)"))
    mode = forms.ChoiceField(choices=_modes, required=False, label=_("How (mode)"))
    recipients = forms.ModelMultipleChoiceField(
        Actor.objects.all(), required=False, label=_("To whom (recipients)"),
        help_text=_("Empty for what several actors do together, such as a meeting."),
    )  # fmt: skip
    occurred_on = forms.DateField(widget=AdminDateWidget, label=_("When (first day)"))
    occurred_until = forms.DateField(widget=AdminDateWidget, required=False, label=_("Last day of a span"))
    date_precision = forms.ChoiceField(choices=DatePrecision.choices, label=_("How exact the day is"))
    place = forms.ModelChoiceField(Place.objects.all(), required=False, label=_("Where"))
    modality = forms.ChoiceField(choices=Modality.choices, label=_("Modality"))
    contexts = forms.MultipleChoiceField(
        choices=_contexts, required=False, widget=forms.CheckboxSelectMultiple, label=_("About what (contexts)")
    )
    reason = forms.CharField(required=False, max_length=2000, label=_("Why (kept with the ruling)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("actors", "recipients"):
            self.fields[name].widget = _many_actors()
            self.fields[name].widget.choices = self.fields[name].choices  # type: ignore[attr-defined]
        self.fields["place"].widget = AutocompleteSelect(Event._meta.get_field("place"), admin.site)
        self.fields["place"].widget.choices = self.fields["place"].choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = load_codebook().kinds.get(cleaned.get("type", ""))
        if kind and cleaned.get("mode") and cleaned["mode"] not in kind.modes:
            self.add_error("mode", _("%s has no such mode.") % cleaned["type"])
        first, last = cleaned.get("occurred_on"), cleaned.get("occurred_until")
        if first and last and last < first:
            self.add_error("occurred_until", _("The last day lies before the first."))
        return cleaned

    def coded(self) -> dict[str, Any]:
        """The values as `timeline.store` takes them: slugs instead of rows."""
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in KEEP if name != "place"},
            "place": cleaned["place"].slug if cleaned["place"] else "",
            "actors": tuple(actor.slug for actor in cleaned["actors"]),
            "recipients": tuple(actor.slug for actor in cleaned["recipients"]),
        }


class EventForm(CodedForm):
    """The coded fields of an event that is there, with its tags and the version that the editor saw."""

    tags = forms.CharField(required=False, label=_("Tags"), help_text=_("Free words, separated by commas."))
    version = forms.IntegerField(widget=forms.HiddenInput)


class SentenceForm(CodedForm):
    """An event from a sentence of an article. `sentence` holds "begin-end" in the article's document."""

    sentence = forms.ChoiceField(widget=forms.RadioSelect, label=_("Sentence"))
    verb = forms.CharField(max_length=120, required=False, label=_("The words for what was done"))

    field_order = ("sentence", "actors", "type", "mode", "verb", "recipients")

    def __init__(self, *args: Any, sentences: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sentence"].choices = sentences  # type: ignore[attr-defined]
