"""A sample world that runs with the network unplugged: feeds of our own writing, played through the real pipeline."""

from crisisboard.demo.play import Step, play, remove

__all__ = ["Step", "play", "remove"]
