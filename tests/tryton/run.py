#!/usr/bin/python3
"""From an empty machine: PostgreSQL, Tryton, deals through Tryton's own client, vigie sync; a deal a stage further, vigie sync again.

  tests/tryton/run.py [VIGIE [WORKSPACE]]       VIGIE: the program, build/bin/vigie; WORKSPACE: a folder that is made, and stays

Exit code 77 says that a package is missing: scripts/setup.sh --for test installs them.
"""
import csv
import datetime
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import server  # noqa: E402

FOLDER = "VIGIE_TRYTON_FOLDER"


class Vigie:
    """The program, in real time and without what Tryton wants of its environment."""

    def __init__(self, program, workspace):
        self.program, self.workspace = program, workspace
        self.environment = {key: value for key, value in os.environ.items() if key not in {"LD_PRELOAD", "TZ"} and not key.startswith("FAKETIME")}

    def __call__(self, *words):
        done = subprocess.run([self.program, *map(str, words)], env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"vigie {' '.join(map(str, words))}: {done.stdout}{done.stderr}")
        return done.stdout

    def sync(self):
        """What each map brought: {"tryton_deals": "1+0-0", …}; loaded + updated - deleted, none where nothing was new."""
        report = json.loads(self("sync", "-w", self.workspace, "--format", "json"))
        out = {}
        for feed in report["feeds"]:
            if feed["outcome"] not in ("brought", "nothing_new"):
                raise SystemExit(f"{feed['map']}: {feed['outcome']}")
            receipts = feed["receipts"] if feed["outcome"] == "brought" else []
            for receipt in receipts:
                if receipt["quarantined"]:
                    raise SystemExit(f"rows of {feed['map']} are in quarantine: {receipt['refusals']}")
                out[feed["map"]] = "{loaded}+{updated}-{deleted}".format(**receipt)
        return out

    def kpi(self, name, *options):
        """The rows of an answer over 2025, as the CSV has them."""
        text = self("kpi", name, "-w", self.workspace, "--from", "2025-01-01", "--to", "2026-01-01", "--grain", "total", "--format", "csv", *options)
        return list(csv.DictReader(io.StringIO(text)))

    def days_in(self, stage):
        """Stays of a stage that began in 2025: how many, of how many the deal is still there, and their median of days."""
        row = next((row for row in self.kpi("sales_cycle:time_in_stage", "--as-of", "2025-06-30") if row["stage"] == stage), None)
        if row is None:
            return None
        return int(row["n"]), int(row["measures.still"]), round(float(row["value"]), 2) if row["value"] else None

    def cycle(self):
        """Won deals of 2025, and the mean of their days."""
        row, = self.kpi("sales_cycle:mean")
        return int(row["denominator"]), round(float(row["value"]), 6)


def expect(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}\n  found  {found}\n  wanted {wanted}")
    print(f"{what}: {found}", flush=True)


def days_told_by_tryton(postgres, *deals):
    """The same mean out of Tryton's own history, without a line of the preset: from the first version to the first one that is won."""
    numbers = ", ".join(str(deal.id) for deal in deals)
    return round(float(postgres.sql(
        "SELECT avg(extract(epoch FROM won - begun)) / 86400 FROM (SELECT id, min(create_date) AS begun, "
        f"min(write_date) FILTER (WHERE state = 'won') AS won FROM sale_opportunity__history WHERE id IN ({numbers}) GROUP BY id) h")), 6)


SOURCE = """source: crm
kind: postgres
host: {folder}
database: tryton
user: vigie
preset: tryton
"""


def story(folder, program, workspace, clock, postgres, config_file):
    from sales_team import SalesTeam

    clock.set("2025-01-02 08:00")
    team = SalesTeam(f"postgresql://admin@/tryton?host={folder}", config_file)
    clock.set("2025-01-06 09:00")
    team.lead("Desks for Dupont", "Dupont", "Ann", "1000", 4)
    team.lead("Desks for Martin", "Martin", "Bob", "3000", 12)
    clock.set("2025-01-10 09:00")
    team.move("Desks for Dupont", "opportunity")
    clock.set("2025-01-16 09:00")
    team.move("Desks for Martin", "opportunity")
    clock.set("2025-01-20 09:00")
    team.move("Desks for Dupont", "convert")
    clock.set("2025-01-26 09:00")
    team.sell("Desks for Dupont", "240")
    team.move("Desks for Martin", "lost")
    clock.set("2025-02-03 09:00")
    team.lead("Desks for Durand", "Durand", "Ann", "500", 2)
    team.subscribe("Dupont", datetime.date(2025, 2, 1), "40", 3)
    team.subscribe("Martin", datetime.date(2025, 2, 1), "600", 1, ("yearly", 1))
    clock.set("2025-02-10 09:00")
    team.move("Desks for Durand", "opportunity")

    vigie = Vigie(program, workspace)
    vigie("init", workspace, "--currency", "EUR", "--time-zone", "UTC")
    (workspace / "sources").mkdir(exist_ok=True)
    (workspace / "sources" / "crm.yaml").write_text(SOURCE.format(folder=folder))

    # Ann's desks: four days a lead, ten an opportunity, six a quotation; Bob's are lost after twenty; Durand's wait.
    expect("the first sync", vigie.sync(), {
        "tryton_products": "2+0-0", "tryton_employees": "2+0-0", "tryton_customers": "3+0-0", "tryton_stages": "6+0-0", "tryton_deals": "3+0-0",
        "tryton_stage_changes": "9+0-0", "tryton_orders": "1+0-0", "tryton_order_lines": "1+0-0", "tryton_subscriptions": "2+0-0"})
    dupont, durand = team.deals["Desks for Dupont"], team.deals["Desks for Durand"]
    won, mean = vigie.cycle()
    expect("deals won, and their days", (won, round(mean, 2)), (1, 20.0))
    expect("the same by Tryton's history", mean, days_told_by_tryton(postgres, dupont))
    expect("stays as a lead: 4, 10 and 7 days", vigie.days_in("Lead"), (3, 0, 7.0))
    expect("stays as an opportunity: 10 and 10 days, and one still there", vigie.days_in("Opportunity"), (3, 1, 10.0))
    expect("revenue: 4 desks at 240", vigie.kpi("revenue")[0]["value_exact"], "960")
    expect("won of closed", [vigie.kpi("conversion_rate:win_rate_closed")[0][key] for key in ("numerator", "denominator")], ["1", "2"])
    expect("a month: 3 at 40, and 600 a year", vigie.kpi("mrr", "--as-of", "2025-06-30")[0]["value_exact"], "170")
    expect("who sold", [(row["owner"], row["value_exact"]) for row in vigie.kpi("revenue", "--by", "owner")], [("Ann", "960")])
    expect("where", [(row["customer.country"], row["value_exact"]) for row in vigie.kpi("revenue", "--by", "customer.country")], [("FR", "960")])
    expect("nothing new", vigie.sync(), {})

    # One deal a stage further: fourteen days an opportunity.
    clock.set("2025-02-24 09:00")
    team.move("Desks for Durand", "convert")
    expect("the stage, the deal, the quotation that Tryton makes", vigie.sync(),
           {"tryton_deals": "0+1-0", "tryton_stage_changes": "1+0-0", "tryton_orders": "1+0-0", "tryton_order_lines": "1+0-0"})
    expect("stays as an opportunity: 10, 10 and 14 days", vigie.days_in("Opportunity"), (3, 0, 10.0))
    expect("stays as a quotation: 6 days, and one still there", vigie.days_in("Converted")[:2], (2, 1))
    expect("the cycle stays", vigie.cycle(), (1, mean))

    # And won, thirty days old: (20 + 30) / 2.
    clock.set("2025-03-05 09:00")
    team.sell("Desks for Durand", "245")
    expect("the deal is won", vigie.sync(), {"tryton_deals": "0+1-0", "tryton_stage_changes": "1+0-0", "tryton_orders": "0+1-0", "tryton_order_lines": "0+1-0"})
    won, mean = vigie.cycle()
    expect("deals won, and their days", (won, round(mean, 2)), (2, 25.0))
    expect("the same by Tryton's history", mean, days_told_by_tryton(postgres, dupont, durand))
    expect("stays as a quotation: 6 and 9 days", vigie.days_in("Converted")[:2], (2, 0))
    expect("revenue: and 2 desks at 245", vigie.kpi("revenue")[0]["value_exact"], "1450")
    expect("nothing new", vigie.sync(), {})


def in_tryton(folder, program, workspace):
    """Once more as a process that looks at the test's clock: Python, and all that it starts but vigie."""
    clock = server.Clock(folder / "clock")
    story(folder, program, workspace, clock, server.Postgres(folder, clock), folder / "trytond.conf")


def main():
    program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parents[1] / "build/bin/vigie").resolve()
    if FOLDER in os.environ:
        folder = pathlib.Path(os.environ[FOLDER])
        return in_tryton(folder, program, pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else folder / "company")
    lacks = server.missing()
    if lacks:
        print(f"left out, for this machine lacks {', '.join(lacks)}: scripts/setup.sh --for test installs them")
        return 77
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vigie-tryton-"))
    clock = server.Clock(folder / "clock")
    postgres = server.Postgres(folder, clock)
    try:
        postgres.make()
        postgres.start(with_clock=False)
        server.make_tryton(postgres, folder)
        postgres.sql("CREATE ROLE vigie LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO vigie")
        postgres.stop()
        clock.set("2025-01-01 08:00")
        postgres.start(with_clock=True)
        told = subprocess.run(["/usr/bin/python3", str(HERE / "run.py"), str(program), *sys.argv[2:]], env={**os.environ, **clock.environment, FOLDER: str(folder)})
        return told.returncode
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            postgres.stop()
        shutil.rmtree(folder)


sys.exit(main())
