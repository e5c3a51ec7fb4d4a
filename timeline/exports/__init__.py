"""Rows → lines of files. Every file says what it holds: query, when, versions, licence, share of unreviewed rows."""

from timeline.exports.csv import csv_lines
from timeline.exports.json import json_pieces
from timeline.exports.provenance import Provenance

__all__ = ["Provenance", "csv_lines", "json_pieces"]
