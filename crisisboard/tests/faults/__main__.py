"""`make faults`: every fault against a real board on loopback, one table, and no success while an article is lost."""

import argparse
import random
import sys
import time

from crisisboard.tests.faults.runs import RUNS, Result

HEAD = ("fault", "runs", "lost", "doubled", "slowest resume", "took", "verdict")


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=sorted(RUNS), default=list(RUNS))
    parser.add_argument("--share", type=float, default=1.0, help="of the full number of runs, such as 0.1")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    results = []
    for name in asked.only:
        began = time.monotonic()
        result = RUNS[name](random.Random(f"{asked.seed} {name}"), asked.share)
        result.took_s = time.monotonic() - began
        results.append(result)
        print(f"... {name}: {result.verdict}", file=sys.stderr, flush=True)
    print(table(results))
    return 0 if all(result.is_good for result in results) else 1


def table(results: list[Result]) -> str:
    rows = [HEAD, *(row(result) for result in results)]
    widths = [max(len(line[n]) for line in rows) for n in range(len(HEAD))]
    lines = ["  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in rows]
    return "\n".join(lines)


def row(result: Result) -> tuple[str, ...]:
    slowest = f"{result.slowest_s:.1f} s" if result.slowest_s is not None else "–"
    took = f"{result.took_s:.0f} s"
    return result.fault, str(result.n_runs), str(result.lost), str(result.doubled), slowest, took, result.verdict


if __name__ == "__main__":
    sys.exit(main())
