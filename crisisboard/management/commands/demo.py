"""manage.py demo: plays the sample world, or takes exactly it away."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import BaseCommand, CommandParser
from redis.exceptions import RedisError

from crisisboard.demo import Step, play, remove

KEY = "demo:progress"
BAR = 30


class Command(BaseCommand):
    help = "Plays a sample world (June 2025, outlets that do not exist) through the real pipeline."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take exactly the sample world away")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            counts = remove()
            self._remember(is_removed=True)
            self.stdout.write("Removed " + ", ".join(f"{n} {name}" for name, n in counts.items()) + ".")
            return
        self._remember(is_removed=False)
        try:
            for step in play():
                _publish(step)
                if not options["quiet"]:
                    self._show(step)
        finally:
            _publish(None)
        self.stdout.write("The sample world is on the board. Take it away with: manage.py demo --remove")

    def _remember(self, *, is_removed: bool) -> None:
        """Beside its own database, so that the next start of an empty board does not bring it back."""
        if settings.IS_DATABASE_EMBEDDED and settings.DATA_DIR.is_dir():
            if is_removed:
                settings.DEMO_REMOVED.touch()
            else:
                settings.DEMO_REMOVED.unlink(missing_ok=True)

    def _show(self, step: Step) -> None:
        if self.stdout.isatty():
            filled = BAR * step.done // step.total
            bar = "#" * filled + "." * (BAR - filled)
            self.stdout.write(f"\r[{bar}] {step.done}/{step.total} {step.text:<50.50}", ending="")
            if step.done == step.total:
                self.stdout.write("")
        elif step.done % 20 == 0 or step.done == step.total:
            self.stdout.write(f"sample world: {step.done} of {step.total} ({step.text})")


def _publish(step: Step | None) -> None:
    """Pages show it; without Redis the demo goes on unseen."""
    try:
        if step is None:
            cache.delete(KEY)
        else:
            cache.set(KEY, {"done": step.done, "total": step.total, "step": step.text}, timeout=120)
    except (RedisError, OSError):
        return
