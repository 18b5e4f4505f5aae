"""Commits rows to an SQLite database, one a transaction, as fast as it goes: commits.py FILE SECONDS prints the rate.

The settings are those that Rollcall promises: write-ahead log, each commit flushed to the disk before it is acknowledged.
"""

import sqlite3
import sys
import time

path, seconds = sys.argv[1], float(sys.argv[2])
database = sqlite3.connect(path, isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = FULL")
database.execute("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
body = ("x" * 200,)
insert = database.execute
count, began = 0, time.perf_counter()
while time.perf_counter() - began < seconds:
    # Prepared once, because sqlite3 caches its statements.
    insert("INSERT INTO rows (body) VALUES (?)", body)
    count += 1
print(count / (time.perf_counter() - began))
