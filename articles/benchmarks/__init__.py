"""How fast the reading of feeds is, each part beside a peer in the same run. Pure."""
