"""Addresses of evidence pages."""

from django.urls import path, re_path

from articles import views

app_name = "articles"
urlpatterns = [
    path("outlets/", views.outlets, name="outlets"),
    path("outlets.opml", views.opml, name="opml"),
    path("outlets/turn-on/", views.turn_on_all, name="turn_on_all"),
    re_path(r"^feeds/(?P<feed_id>\d{1,9})/(?P<action>fetch|pause|resume)/$", views.change_feed, name="change_feed"),
    path("outlets/<slug:slug>/", views.outlet, name="outlet"),
]
