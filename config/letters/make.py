#!/usr/bin/env python3
"""Writes letters.txt: how letters that ASCII lacks stand in names, by language. It tells in which encoding a list reads as names.

    python3 -m venv venv && venv/bin/pip install faker==40.63.0
    venv/bin/python config/letters/make.py

One line for each language: its code, then each such letter between its neighbours (`^` and `$` are the ends of a word), the most
frequent first; for Chinese, Japanese and Korean the characters by themselves.
"""

import collections
import pathlib
import random

from faker import Faker

ALPHABETS = {
    "de": "de_DE de_AT de_CH", "fr": "fr_FR fr_CH fr_CA fr_BE", "es": "es_ES es_MX es_AR es_CO", "pt": "pt_PT pt_BR", "it": "it_IT",
    "nl": "nl_NL nl_BE", "da": "da_DK", "sv": "sv_SE", "no": "no_NO", "fi": "fi_FI", "is": "is_IS", "et": "et_EE", "lv": "lv_LV",
    "lt": "lt_LT", "pl": "pl_PL", "cs": "cs_CZ", "sk": "sk_SK", "hu": "hu_HU", "hr": "hr_HR", "sl": "sl_SI", "ro": "ro_RO",
    "tr": "tr_TR", "ru": "ru_RU", "uk": "uk_UA", "bg": "bg_BG", "el": "el_GR", "he": "he_IL", "ar": "ar_SA ar_AE", "vi": "vi_VN",
}
CHARACTERS = {"ja": "ja_JP", "zh": "zh_CN", "zh-tw": "zh_TW", "ko": "ko_KR"}
DRAWS, MOST = 4000, 700

# What job titles, companies and places have and names rarely show.
WORDS = {
    "de": "geschäftsführer geschäftsführerin einkäufer einkäuferin qualität für führung prüfung bürgermeister straße süd österreich "
          "zürich münchen köln düsseldorf nürnberg größe weiß strauß groß käufer händler büro gebäude",
    "fr": "président présidente délégué déléguée général générale société qualité sécurité systèmes françois hélène réseaux "
          "ingénieur trésorier responsable à été créteil où côté zoé renée béraud benoît noël loïc",
    "es": "director dirección operaciones compañía logística informática área técnico gestión electrónica peña",
    "pt": "direção operações gestão técnico logística informática são companhia inovação administração",
    "it": "qualità società responsabilità università città",
    "da": "direktør indkøb økonomi køb køber søren jørgen åse bjørn ærø",
    "no": "direktør innkjøp økonomi sjøberg bjørn åse",
    "sv": "inköp försäljning göteborg malmö ansvarig för åke åsa björn sjöström",
    "pl": "główny księgowa księgowy zakupów łódź kraków poznań wrocław gdańsk spółka dyrektor zarządzający żywiec kierownik",
    "cs": "ředitel ředitelka společnost nákup vedoucí plzeň jednatel účetní zástupce",
    "sk": "riaditeľ riaditeľka spoločnosť nákup vedúci účtovník košice žilina",
    "hu": "igazgató ügyvezető beszerzési vezető győr székesfehérvár pénzügyi",
    "ro": "achiziţii director bucurești constanța brașov timișoara societate românia",
    "tr": "müdür müdürü satın alma şirketi yönetici yönetim genel çalışan türkiye istanbul diyarbakır şişecam ışık çağrı",
    "ru": "директор генеральный закупки отдел завод компания москва россия инженер руководитель менеджер",
    "el": "διευθυντής διευθυντής αθήνα εταιρεία ελλάδα υπεύθυνος",
}


def words_of(locales):
    for locale in locales.split():
        fake = Faker(locale)
        fake.seed_instance(1)
        for make in (fake.first_name, fake.last_name, fake.city, fake.company, fake.job):
            try:
                for _ in range(DRAWS):
                    yield from make().replace("-", " ").split()
            except AttributeError:
                pass


def main():
    random.seed(1)
    lines = []
    for language, locales in ALPHABETS.items():
        seen = collections.Counter()
        every = list(words_of(locales)) + WORDS.get(language, "").split() * 20
        for word in every:
            word = "".join(c for c in word if c.isalpha() or c in "'").lower()
            word = word.replace("ș", "ş").replace("ț", "ţ") if language == "ro" else word
            framed = f"^{word}$"
            for at in range(1, len(framed) - 1):
                if not framed[at].isascii() and framed[at].isalpha() and len(framed[at]) == 1:
                    seen[framed[at - 1:at + 2]] += 1
        lines.append(" ".join([language] + [t for t, _ in seen.most_common(MOST)]))
    for language, locale in CHARACTERS.items():
        seen = collections.Counter(c for word in words_of(locale) for c in word if c.isalpha() and not c.isascii())
        lines.append(" ".join([language] + ["".join(c for c, _ in seen.most_common(1500))]))
    pathlib.Path(__file__).with_name("letters.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
