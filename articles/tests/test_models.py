"""The rows of evidence."""

import pytest

from articles.models import Outlet

pytestmark = pytest.mark.django_db


def test_it_stores_an_outlet() -> None:
    Outlet.objects.create(slug="sample", name="Sample")
    assert Outlet.objects.get().reliability == "F"
