"""A private PostgreSQL with a Tryton in it, whose clock the test sets.

The clock is that of libfaketime: a file holds how many seconds it is off, and PostgreSQL and Tryton both look there. So a deal is
moved "ten days later" through Tryton's own client, and Tryton's history says so by itself.
"""
import datetime
import os
import pathlib
import shutil
import subprocess

MODULES = ["sale_opportunity", "sale_subscription"]


def faketime():
    return next(iter(sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)


def programs():
    return max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=pathlib.Path()).parent


def missing():
    """What of this machine is not there, in words; empty where the test can run."""
    out = []
    if not programs().is_dir() or not (programs() / "initdb").exists():
        out.append("postgresql")
    if not faketime():
        out.append("faketime")
    try:
        import proteus  # noqa: F401
        import psycopg2  # noqa: F401
        import trytond.modules.sale_opportunity  # noqa: F401
        import trytond.modules.sale_subscription  # noqa: F401
    except ImportError as error:
        out.append(f"tryton-proteus, tryton-modules-sale-opportunity, tryton-modules-sale-subscription, python3-psycopg2 ({error})")
    return out


class Clock:
    def __init__(self, file):
        self.file = file
        self.environment = {"LD_PRELOAD": str(faketime()), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}

    def set(self, moment):
        """`moment` in UTC, '2025-01-06 09:00'."""
        wanted = datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.timezone.utc).timestamp()
        outside = {"PATH": os.environ["PATH"]}  # where time is what it is
        real = float(subprocess.run(["date", "+%s.%N"], env=outside, capture_output=True, text=True, check=True).stdout)
        draft = self.file.with_suffix(".new")
        draft.write_text(f"{wanted - real:+.3f}\n")
        draft.chmod(0o644)
        draft.rename(self.file)


class Postgres:
    def __init__(self, folder, clock):
        self.folder, self.data, self.clock = folder, folder / "data", clock
        self.as_postgres = []
        if os.geteuid() == 0:
            self.as_postgres = ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, user="postgres")

    def run(self, *words, environment=None):
        done = subprocess.run([*self.as_postgres, *(["env", *(f"{k}={v}" for k, v in environment.items())] if environment else []), *map(str, words)],
                              cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, words))}: {done.stdout}")

    def make(self):
        self.run(programs() / "initdb", "-D", self.data, "-U", "admin", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def start(self, with_clock):
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c TimeZone=Europe/Paris"
        self.run("bash", "-c", f'"{programs()}/pg_ctl" -D "{self.data}" -w -l "{self.folder}/server.log" -o "{options}" start >/dev/null 2>&1',
                 environment=self.clock.environment if with_clock else None)

    def stop(self):
        self.run(programs() / "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def sql(self, statement, database="tryton"):
        return subprocess.run([programs() / "psql", "-h", self.folder, "-U", "admin", "-d", database, "-At", "-v", "ON_ERROR_STOP=1", "-c", statement],
                              capture_output=True, text=True, check=True).stdout.strip()

    def uri(self):
        return f"postgresql://admin@/?host={self.folder}"


def make_tryton(postgres, folder):
    """An empty database → Tryton with the modules that a sales team has."""
    postgres.sql("CREATE DATABASE tryton", "postgres")
    config = folder / "trytond.conf"
    config.write_text(f"[database]\nuri = {postgres.uri()}\n")
    password = folder / "password"
    password.write_text("of the admin\n")
    subprocess.run(["trytond-admin", "-c", config, "-d", "tryton", "-u", *MODULES, "--activate-dependencies", "--email", "admin@example.org"],
                   env={**os.environ, "TRYTONPASSFILE": str(password)}, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return config
