#!/usr/bin/env python3
"""Writes zones.txt: the time zones of each country, from `zone.tab` of the IANA time zone database.

    python3 -m venv venv && venv/bin/pip install tzdata==2026.6
    venv/bin/python config/calendar/make_zones.py

Which of them show the same time is not written here: the program asks its own rules.
"""

import importlib.resources
import pathlib

# Not official, and hardly meant by anybody who leaves the zone of a contact in China empty.
LEFT_OUT = {"Asia/Urumqi"}

lines = {}
for line in importlib.resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text().splitlines():
    if line and not line.startswith("#"):
        country, _, zone = line.split("\t")[:3]
        if zone not in LEFT_OUT:
            lines.setdefault(country, []).append(zone)
# Where the first of the table is not the one that most people live in.
lines["UA"].sort(key=lambda zone: zone != "Europe/Kyiv")
text = "".join(f"{country} {' '.join(zones)}\n" for country, zones in sorted(lines.items()))
pathlib.Path(__file__).with_name("zones.txt").write_text(text)
