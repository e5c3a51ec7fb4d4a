"""manage.py load_registry: actors, places, situations, outlets and their feeds, from the files into the database."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from articles import store as articles_store
from articles.registry import load_outlets
from articles.registry.files import MalformedFile
from timeline.registry import forget_kept
from timeline.store import save_registry
from timeline.tagging.registry_files import load_registry


class Command(BaseCommand):
    help = "Loads the registry's files. Repeating it changes nothing; feeds that are new stay paused."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            registry, outlets = load_registry(), load_outlets()
        except MalformedFile as error:
            raise CommandError(str(error)) from error
        counts = save_registry(registry)
        forget_kept()
        self.stdout.write(
            f"{counts.n_actors} actors with {counts.n_aliases} aliases and {counts.n_roles} roles, "
            f"{counts.n_places} places, {counts.n_situations} situations"
        )
        n_outlets, n_new_feeds = articles_store.save_outlets(outlets, timezone.now())
        self.stdout.write(f"{n_outlets} outlets, {n_new_feeds} new feeds, paused")
