"""Opens what `export` has written, in every kind of file, as other programs do, and compares the three.

    python3 tests/stories/exports.py FOLDER

FOLDER has contacts, accounts, messages and responses as .csv, .xlsx and .jsonl. Says each difference on a line; the exit status is 1 when
there is one.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas

TABLES = ["contacts", "accounts", "messages", "responses"]
# What a spreadsheet program would run, were it not text.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def plain(value):
    """A cell of a workbook as JSON lines say it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def unquoted(text):
    """Without the mark that keeps a formula from running."""
    return text[1:] if isinstance(text, str) and text.startswith("'") and text[1:].lstrip("'").startswith(FORMULAS) else text


def main(folder):
    differences = []
    for table in TABLES:
        lines = (folder / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        names = list(rows[0])

        book = openpyxl.load_workbook(folder / f"{table}.xlsx")
        sheet, explained = book.worksheets[0], book["Columns"]
        if sheet.freeze_panes != "A2" or not sheet.auto_filter.ref:
            differences.append(f"{table}: the head does not stay, or there are no filters")
        cells = list(sheet.iter_rows())
        if [cell.value for cell in cells[0]] != names or [row[0].value for row in list(explained.iter_rows())[1:]] != names:
            differences.append(f"{table}: the columns of the workbook are not those of the JSON lines")
        if any(cell.data_type == "f" for row in cells for cell in row):
            differences.append(f"{table}: a cell is a formula")
        for number, (row, said) in enumerate(zip(cells[1:], rows, strict=True)):
            for name, cell in zip(names, row):
                wanted = said[name]
                wanted = {True: "yes", False: "no"}.get(wanted, wanted) if isinstance(wanted, bool) else wanted
                if unquoted(plain(cell.value)) != wanted:
                    differences.append(f"{table}, row {number}, {name}: {cell.value!r}, and not {wanted!r}")

        frame = pandas.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
        if list(frame.columns) != names or len(frame) != len(rows):
            differences.append(f"{table}: the columns or rows of the CSV are not those of the JSON lines")
        for number, said in enumerate(rows):
            for name in names:
                cell = frame.iloc[number][name]
                wanted = said[name]
                if isinstance(wanted, bool):
                    wanted = "yes" if wanted else "no"
                if isinstance(wanted, float):
                    cell, wanted = (float(cell), wanted) if cell else (cell, str(wanted))
                else:
                    wanted = "" if wanted is None else str(wanted)
                if unquoted(cell) != wanted:
                    differences.append(f"{table}, row {number}, {name}: {cell!r} in the CSV, and not {wanted!r}")
                if isinstance(said[name], str) and str(cell).startswith(FORMULAS):
                    differences.append(f"{table}, row {number}, {name}: {cell!r} would run")
        again = pandas.read_json(folder / f"{table}.jsonl", lines=True)
        if list(again.columns) != names or len(again) != len(rows):
            differences.append(f"{table}: pandas reads other JSON lines")
    for difference in differences:
        print(difference)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
