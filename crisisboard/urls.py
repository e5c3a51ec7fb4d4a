"""Addresses of the whole board."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from crisisboard.first_admin import first_admin
from crisisboard.health import healthz, readyz

admin.site.site_header = "Crisisboard"
admin.site.site_title = "Crisisboard"
admin.site.index_title = "Editors' desk"
handler500 = "crisisboard.outage.server_error"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("setup/<str:token>/", first_admin, name="first_admin"),
    path("account/login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("account/logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("", include("articles.urls")),
    path("", include("timeline.urls")),
]
