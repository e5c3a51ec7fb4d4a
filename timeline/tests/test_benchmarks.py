"""What the benchmarks promise beside their figures: that all ways of tagging give the same tags."""

from timeline.benchmarks.tagging import as_bytes, own_articles, run_forked
from timeline.tagging import Tagger, load_codebook
from timeline.tagging.registry_files import load_registry

N_ARTICLES = 8


def test_one_four_and_no_worker_give_the_same_tags() -> None:
    documents = own_articles()[:N_ARTICLES]
    tagger = Tagger(load_codebook(), load_registry())
    alone = {d: as_bytes([tagger.tag(d)]) for d in documents}
    assert as_bytes(tagger.tag_many(documents)) == b"\n".join(alone.values())
    assert any(b'"verb"' in tags for tags in alone.values())
    for n in (1, 4):
        shares = [documents[i::n] for i in range(n)]
        expected = run_forked(lambda some: b"\n".join(alone[d] for d in some), shares)
        runs = run_forked(lambda some: as_bytes(tagger.tag_many(some)), shares)
        assert [run.digest for run in runs] == [run.digest for run in expected]
        assert all(run.cpu_s > 0 and run.own_mb > 0 for run in runs)
