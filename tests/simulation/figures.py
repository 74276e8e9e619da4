"""Works out the figures of docs/FIGURES.md from the rows of a round's database, and compares them with what soundings says.

    python3 tests/simulation/figures.py DATABASE SAID

SAID is JSON: `status`, `days` and `directors`, as the program gives them. Uses nothing of the program but the names of columns. Says each
difference on a line; the exit status is 1 when there is one.
"""

import json
import math
import sqlite3
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo


def rate(part, base):
    """Rounded to four places, half away from zero; 0 and 1 only where nobody or everybody is meant."""
    if base == 0:
        return 0.0
    rounded = math.floor(Fraction(part * 10_000, base) + Fraction(1, 2)) / 10_000
    return min(max(rounded, 0.0001), 0.9999) if 0 < part < base else rounded


def main(database, said):
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    said = json.load(open(said, encoding="utf-8"))
    status = said["status"]
    round_id, spec = db.execute("SELECT id, spec FROM round WHERE slug = ?", [status["round"]]).fetchone()
    spec = json.loads(spec)
    people = db.execute("SELECT * FROM contact WHERE round_id = ? AND loading IS NULL", [round_id]).fetchall()
    accounts = {a["id"]: a for a in db.execute("SELECT * FROM account WHERE round_id = ?", [round_id])}
    differences = []

    def same(what, ours, theirs):
        if ours != theirs:
            differences.append(f"{what}: {theirs} is said, {ours} is counted")

    listed = [p for p in people if p["removed_at"] is None]
    invited = [p for p in people if p["invited_at"] is not None]
    completed = [p for p in people if p["completed_at"] is not None]
    reached = [
        p
        for p in people
        if p["completed_at"] is not None
        or (p["invited_at"] is not None and p["removed_at"] is None and p["undeliverable_at"] is None)
    ]
    individual = {
        "listed": len(listed),
        "signed": sum(p["standing"] == "signed" for p in listed),
        "invited": len(invited),
        "reachable": len(reached),
        "started": sum(p["started_at"] is not None for p in people),
        "completed": len(completed),
        "opted_out": sum(p["opted_out_at"] is not None for p in people),
        "undeliverable": sum(p["undeliverable_at"] is not None for p in people),
        "rate": rate(len(completed), len(reached)),
    }
    same("individual", individual, status["individual"])

    def of(some):
        return {p["account_id"] for p in some}

    of_accounts = {
        "listed": len(of(listed)),
        "signed": sum(a["standing"] == "signed" for a in accounts.values()),
        "invited": len(of(invited)),
        "completed": len(of(completed)),
        "rate": rate(len(of(completed)), len(of(invited))),
    }
    same("accounts", of_accounts, status["accounts"])

    roles = {}
    for role in {p["role"] for p in people}:
        reach, done = (sum(p["role"] == role for p in some) for some in (reached, completed))
        roles[role] = {"reachable": reach, "completed": done, "rate": rate(done, reach)}
    same("roles", roles, {role: of for role, of in status["roles"].items() if role in roles})

    def worth(some):
        return sum(accounts[a]["annual_revenue"] or 0 for a in some)

    revenue = {
        "invited": worth(of(invited)),
        "answered": worth(of(completed)),
        "rate": rate(worth(of(completed)), worth(of(invited))),
        "accounts_without": sum(accounts[a]["annual_revenue"] is None for a in of(invited)),
    }
    same("revenue", revenue, status["revenue"])

    for target in status["targets"]:
        individually = target["level"] == "individual"
        part, base = (
            (len(completed), len(reached)) if individually else (len(of(completed)), len(of(invited)))
        )
        missing = max(0, math.ceil(Fraction(str(target["target"])) * base) - part)
        same(f"target {target['target']} of {target['level']}", (missing, base > 0 and missing == 0), (target["missing"], target["met"]))

    zone = ZoneInfo(spec["schedule"]["time_zone"])

    def day(at):
        return datetime.fromtimestamp(at / 1000, zone).date()

    answers, firsts, worths, letters = Counter(), Counter(), Counter(), defaultdict(Counter)
    first_of = {}
    for p in completed:
        answers[day(p["completed_at"])] += 1
        first_of[p["account_id"]] = min(p["completed_at"], first_of.get(p["account_id"], p["completed_at"]))
    for account, at in first_of.items():
        firsts[day(at)] += 1
        worths[day(at)] += accounts[account]["annual_revenue"] or 0
    for m in db.execute(
        "SELECT kind, number, COALESCE(marked_at, settled_at) AS at FROM message"
        " WHERE lane = ? AND state = 'sent' AND kind IN ('warm_up', 'invitation', 'reminder')",
        [round_id],
    ):
        letters[day(m["at"])][f"{m['kind']} {m['number']}"] += 1
    sums = [0, 0, 0]
    said_days = {date.fromisoformat(d["date"]): d for d in said["days"]}
    every = set(answers) | set(letters)
    if every:
        at, last = min(every), max(said_days, default=min(every))
        same("days", (last - at).days + 1, len(said_days))
        while at <= last:
            sums = [sums[0] + answers[at], sums[1] + firsts[at], sums[2] + worths[at]]
            theirs = said_days.get(at)
            ours = {"date": at.isoformat(), "answers": sums[0], "accounts": sums[1], "revenue": sums[2], "letters": dict(letters[at])}
            same(f"day {at}", ours, theirs)
            at += timedelta(days=1)
        same("answers after the last day", sums[0], len(completed))

    directors = {}
    for account in accounts.values():
        row = directors.setdefault(account["director_email"], {"invited": 0, "answered": 0, "reachable": 0, "completed": 0})
        row["invited"] += account["id"] in of(invited)
        row["answered"] += account["id"] in of(completed)
        row["reachable"] += sum(p["account_id"] == account["id"] for p in reached)
        row["completed"] += sum(p["account_id"] == account["id"] for p in completed)
    same("directors", {email: row for email, row in directors.items() if row["invited"]}, said["directors"])

    # AAPOR, Standard Definitions, for named persons asked over the Internet; docs/decisions/0068 says which state is which code.
    questionnaire = json.loads(db.execute("SELECT questionnaire FROM round WHERE id = ?", [round_id]).fetchone()[0])
    items = sum(len(group["item"]) for group in questionnaire["group"])
    given = Counter(
        row["contact_id"]
        for row in db.execute(
            "SELECT r.contact_id FROM response r JOIN answer a ON a.response_id = r.id WHERE r.round_id = ? AND r.set_aside_at IS NULL",
            [round_id],
        )
    )

    def disposition(p):
        if p["completed_at"] is not None:
            return "1.1"
        if p["opted_out_at"] is not None:
            return "2.11"
        if p["left_at"] is not None:
            return "4.10"
        if p["removed_at"] is not None or p["undeliverable_at"] is not None:
            return "4.90"
        if p["started_at"] is not None:
            return "1.2" if 2 * given[p["id"]] >= items else "2.12"
        return "2.26" if p["waiting_for"] == "absent" else "3.19"

    codes = Counter(disposition(p) for p in people if p["invited_at"] is not None or p["completed_at"] is not None)
    every_code = ["1.1", "1.2", "2.11", "2.12", "2.26", "3.19", "4.10", "4.90"]
    same("dispositions", {code: codes[code] for code in every_code}, said["outcome"]["dispositions"])
    interviews = codes["1.1"] + codes["1.2"]
    refusals = codes["2.11"] + codes["2.12"]
    eligible = interviews + refusals + codes["2.26"]
    may_be = eligible + codes["3.19"]
    shares = {
        "RR1": (codes["1.1"], may_be),
        "RR2": (interviews, may_be),
        "RR5": (codes["1.1"], eligible),
        "RR6": (interviews, eligible),
        "REF1": (refusals, may_be),
        "CON1": (interviews + refusals, may_be),
    }
    same("outcome rates", {name: part / base if base else None for name, (part, base) in shares.items()}, said["outcome"]["rates"])

    for difference in differences:
        print(difference)
    print(f"{len(people)} contacts, {len(accounts)} accounts, {len(said_days)} days: {len(differences)} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
