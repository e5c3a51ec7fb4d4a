"""What an exported file says about itself."""

from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Provenance:
    query: str
    generated_at: datetime
    n_rows: int
    codebook: str = ""
    unreviewed_share: float | None = None
    ontology: str = "PLOVER 2.0"
    licence: str = "Events: facts coded by this board. Headlines and quotes belong to their outlets."

    def as_dict(self) -> dict[str, object]:
        return asdict(self) | {"generated_at": self.generated_at.isoformat(timespec="seconds")}
