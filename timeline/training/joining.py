"""Several trainings joined into one coder. Pure, numpy alone."""

from collections.abc import Mapping, Sequence

import numpy as np


def join(members: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The mean of coders that began alike and learnt in another order: it errs less often than each of them.

    Source: model soups (Wortsman et al. 2022). The mean of several products of low rank is one product of their ranks
    together, so adapters lie side by side; answers are averaged. Raises ValueError when there is nothing to join.
    """
    if not members:
        raise ValueError("no training to join")
    joined = {}
    for name in members[0]:
        arrays = [member[name].astype(np.float32) for member in members]
        if name.endswith(".down"):
            array = np.concatenate(arrays, axis=1) / len(members)
        elif name.endswith(".up"):
            array = np.concatenate(arrays, axis=0)
        else:
            array = np.mean(arrays, axis=0)
        joined[name] = array.astype(np.float16)
    return joined
