"""The words of figures in the language of the page."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from timeline.charts import Words
from timeline.models import Quad


def chart_words() -> Words:
    one, two, three, four = (str(quad.label) for quad in Quad)
    return Words(
        classes=(one, two, three, four),
        cooperation=_("cooperation"),
        conflict=_("conflict"),
        articles=_("articles"),
        towards=_("towards"),
        together=_("and"),
        not_drawn=_("neighbours not drawn"),
        day_format="" if get_language() == "en" else "%Y-%m-%d",
    )
