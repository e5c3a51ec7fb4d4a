"""Articles as editors of interpretation see them: tags, and the way from a sentence to an event."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from articles.admin import ArticleAdmin
from articles.models import Article
from timeline import store
from timeline.admin.forms import SentenceForm, signed_in
from timeline.store.claims import document_of
from timeline.tagging import find_sentences


class ArticleTagsForm(forms.ModelForm[Article]):
    tag_words = forms.CharField(required=False, label=_("Tags"), help_text=_("Free words, separated by commas."))

    class Meta:
        model = Article
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["tag_words"] = ", ".join(self.instance.tags.values_list("name", flat=True))


@admin.register(Article)
class TaggedArticleAdmin(ArticleAdmin):
    form = ArticleTagsForm
    fields = (*ArticleAdmin.readonly_fields, "tag_words")
    change_form_template = "admin/articles/article/change_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.add_event)
        return [path("<int:article_id>/add-event/", view, name="articles_article_add_event"), *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm("timeline.change_event")  # the one thing to change here is the tags

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        store.set_tags(signed_in(request), form.cleaned_data["tag_words"].split(","), article=obj)

    def add_event(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Codes an event from one of the article's sentences."""
        if not request.user.has_perm("timeline.add_event"):
            raise PermissionDenied
        article = self.get_queryset(request).filter(pk=article_id).first()
        if article is None:
            raise Http404
        initial = {
            "occurred_on": article.published_at.date(),
            "date_precision": "day",
            "modality": "asserted",
            "sentence": request.GET.get("sentence", ""),
        }
        form = SentenceForm(request.POST or None, initial=initial, sentences=_sentences(article))
        if request.method == "POST" and form.is_valid():
            try:
                event = store.add_event(_new_event(article, form), signed_in(request), form.cleaned_data["reason"])
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The event was added, and stands accepted under your name."))
                return HttpResponseRedirect(reverse("admin:timeline_event_change", args=[event.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Add an event from a sentence"),
            "original": article,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/articles/article/add_event.html", context)


def _sentences(article: Article) -> list[tuple[str, str]]:
    text = article.document
    return [(f"{s.begin}-{s.end}", text[s.begin : s.end]) for s in find_sentences(document_of(article))]


def _new_event(article: Article, form: SentenceForm) -> store.NewEvent:
    begin, end = (int(number) for number in form.cleaned_data["sentence"].split("-"))
    coded = form.coded()
    coded["contexts"] = tuple(coded["contexts"])
    return store.NewEvent(article_id=article.pk, begin=begin, end=end, verb=form.cleaned_data["verb"], **coded)
