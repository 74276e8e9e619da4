#!/usr/bin/env python3
"""Writes holidays.txt, the public holidays and weekends that are built into the program.

    python3 -m venv venv && venv/bin/pip install holidays==0.109
    venv/bin/python config/calendar/make.py

The file is text made to be compared: one line for each holiday of a country with its days, and for each region only what
differs. To bring it up to date: raise the version here and in docs/OPERATING.md, move the years on, run this, read the diff.
"""

import datetime
import pathlib
import re

import holidays

YEARS = range(2025, 2035)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MIDDLE = datetime.date(2027, 6, 2)

# Where the package says nothing (its default is Saturday and Sunday), is out of date, or counts only the legal day of rest
# although offices are closed on two days.
WEEKENDS = {
    "LY": "fri sat",
    "PS": "fri sat",
    "SO": "fri",
    "NP": "sat",
    # Since October 2014.
    "MR": "sat sun",
    "AI": "sat sun",
    "CD": "sat sun",
    "HK": "sat sun",
    "KN": "sat sun",
    "NE": "sat sun",
    "PY": "sat sun",
    "TK": "sat sun",
    "VE": "sat sun",
}

# What English-speaking lists call regions; the package has their own names.
NAMES = {
    "AT": {"2": "Carinthia", "3": "Lower Austria", "4": "Upper Austria", "6": "Styria", "7": "Tyrol", "9": "Vienna"},
    "CH": {"BE": "Berne", "GE": "Geneva", "GR": "Grisons", "LU": "Lucerne"},
    "DE": {
        "BY": "Bavaria",
        "HE": "Hesse",
        "MV": "Mecklenburg-Western Pomerania",
        "NI": "Lower Saxony",
        "NW": "North Rhine-Westphalia",
        "RP": "Rhineland-Palatinate",
        "SN": "Saxony",
        "ST": "Saxony-Anhalt",
        "TH": "Thuringia",
    },
    "ES": {
        "AN": "Andalusia",
        "AR": "Aragon",
        "CN": "Canary Islands",
        "CL": "Castile and Leon",
        "CM": "Castile-La Mancha",
        "CT": "Catalonia",
        "IB": "Balearic Islands",
        "NC": "Navarre",
        "PV": "Basque Country",
        "VC": "Valencian Community",
    },
}


def observed(country, region=None):
    cls = getattr(holidays, country)
    english = [tongue for tongue in cls.supported_languages or () if tongue.startswith("en")]
    language = "en_US" if "en_US" in english else (english or [None])[0]
    return cls(subdiv=region, years=YEARS, language=language)


def entries(found):
    return {(name, day) for day in found for name in found.get_list(day) if day.year in YEARS}


def weekend(country, region, found):
    if country in WEEKENDS:
        return WEEKENDS[country]
    return " ".join(DAYS[day] for day in sorted(found._get_weekend(MIDDLE)))


def dates(days):
    """0101 is that day of every year, 270328 one day."""
    by_day = {}
    for day in sorted(days):
        by_day.setdefault((day.month, day.day), []).append(day)
    every = [f"{m:02}{d:02}" for (m, d), all_days in by_day.items() if len(all_days) == len(YEARS)]
    single = [day.strftime("%y%m%d") for day in sorted(days) if len(by_day[day.month, day.day]) < len(YEARS)]
    return " ".join(every + single)


def lines(found, sign=""):
    by_name = {}
    for name, day in found:
        by_name.setdefault(name, set()).add(day)
    for name, days in sorted(by_name.items(), key=lambda item: (min(d.strftime("%m%d") for d in item[1]), item[0])):
        yield f"{sign}{dates(days)}|{name}"


def regions(country, national, week):
    """Regions under what differs there; those that differ in nothing come last."""
    cls = getattr(holidays, country)
    names = {}
    for name, code in (cls.subdivisions_aliases or {}).items():
        names.setdefault(code, []).append(name)
    here = entries(national)
    days = {day for _, day in here}
    groups = {}
    for code in cls.subdivisions:
        found = observed(country, code)
        there = entries(found)
        own = weekend(country, code, found)
        differs = [f"!{own}"] if own != week else []
        gone = days - {day for _, day in there}
        differs += [f"-{dates(gone)}"] if gone else []
        differs += lines(there - here, "+")
        # Zones of school holidays are no regions.
        if differs or re.fullmatch("[A-Z0-9]{1,3}", code):
            more = NAMES.get(country, {}).get(code)
            groups.setdefault(tuple(differs), []).append("|".join([f"> {code}", *names.get(code, []), *([more] if more else [])]))
    for differs, members in sorted(groups.items(), key=lambda group: (not group[0], group[1])):
        yield from members
        yield from differs


def main():
    out = [
        "# Public holidays and weekends by country (ISO 3166-1) and region (ISO 3166-2), made by config/calendar/make.py.",
        "#",
        "# source: PyPI holidays",
        f"# version: {holidays.__version__}",
        "# licence: MIT, Copyright (c) Vacanza Team and individual contributors",
        f"# made: {datetime.date.today()}",
        f"# years: {YEARS[0]}-{YEARS[-1]}",
        "#",
        "# = COUNTRY and its weekend; days|name of each holiday; 0101 is that day of every year, 270328 one day.",
        "# > region|its names: one or more, then what differs there: ! weekend, - no holiday, + holiday besides.",
        "# Days that an authority may still move say so: (estimated).",
    ]
    for country in sorted(holidays.list_supported_countries(include_aliases=False)):
        national = observed(country)
        week = weekend(country, None, national)
        out.append(f"= {country} {week}")
        out.extend(lines(entries(national)))
        out.extend(regions(country, national, week))
    text = "\n".join(out) + "\n"
    pathlib.Path(__file__).with_name("holidays.txt").write_text(text, encoding="utf-8")
    print(f"{len(text.encode()):,} bytes, {len(out):,} lines")


main()
