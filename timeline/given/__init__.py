"""What the coder reaches when a field set's own training part is added to what it learnt. Pure; nothing of it ships.

A set's sentences become examples (`lessons`), are dealt into folds (`folds`), and each fold is answered by a coder that
went on learning from the others (`crossing`). How it goes on learning comes from outside, so that nothing here needs
PyTorch.
"""

from timeline.given.crossing import Crossing, cross, taught_by
from timeline.given.folds import deal
from timeline.given.lessons import Lesson, letters, load_lessons, load_side_lessons

__all__ = ["Crossing", "Lesson", "cross", "deal", "letters", "load_lessons", "load_side_lessons", "taught_by"]
