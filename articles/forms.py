"""What editors may say about a feed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.ingest.links import canonical_url
from articles.models import Feed
from articles.schedule import LONGEST_S, SHORTEST_S


class FeedForm(forms.ModelForm[Feed]):
    interval_s = forms.IntegerField(
        min_value=SHORTEST_S, max_value=LONGEST_S, initial=900, help_text=_("Seconds between fetches.")
    )

    class Meta:
        model = Feed
        fields = ("outlet", "url", "title", "is_paused", "interval_s", "confirmed")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        if not canonical_url(url):
            raise ValidationError(_("Enter an http:// or https:// address."))
        return url
