"""How fast Crisisboard's parts are and what memory they take, each beside a peer in the same run. Pure."""
