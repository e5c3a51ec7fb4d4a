"""Evidence: what was published, by whom, when. Fetch → extract → store → group."""
