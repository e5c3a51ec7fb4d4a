"""Addresses of everything that shows events, spans or actors."""

from django.urls import path

from timeline.views import actors, articles, event, methods, situations, timeline, trying

app_name = "timeline"
urlpatterns = [
    path("", timeline.home, name="home"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("timeline/figure.json", timeline.figure, name="timeline_figure"),
    path("timeline.csv", timeline.export_events, {"kind": "csv"}, name="events_csv"),
    path("timeline.json", timeline.export_events, {"kind": "json"}, name="events_json"),
    path("events/<slug:event_id>/", event.event, name="event"),
    path("events/<slug:event_id>.json", event.event_json, name="event_json"),
    path("actors/", actors.actors, name="actors"),
    path("actors/figure.json", actors.figure, name="actors_figure"),
    path("actors.csv", actors.export_dyads, {"kind": "csv"}, name="actors_csv"),
    path("actors.json", actors.export_dyads, {"kind": "json"}, name="actors_json"),
    path("actors/<slug:slug>/", actors.actor, name="actor"),
    path("situations/", situations.situations, name="situations"),
    path("situations/<slug:slug>/", situations.situation, name="situation"),
    path("articles/", articles.articles, name="articles"),
    path("articles.csv", articles.export_articles, {"kind": "csv"}, name="articles_csv"),
    path("articles.json", articles.export_articles, {"kind": "json"}, name="articles_json"),
    path("articles/<int:article_id>/", articles.reader, name="reader"),
    path("methods/", methods.methods, name="methods"),
    path("methods/try/", trying.try_text, name="try"),
    path("methods/try/<slug:token>/", trying.tried, name="tried"),
    path("theme/", methods.theme, name="theme"),
    path("language/", methods.language, name="language"),
]
