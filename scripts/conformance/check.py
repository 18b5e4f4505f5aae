"""Runs every check of scim2-tester against the server at the address given as the first argument.

Prints one line for each check that does not pass, and a closing line in the form of libtest's. The checks below are
expected not to pass, each for its reason; one that passes all the same fails the run, so that the list stays true.
"""

import os
import sys
import time
from collections import Counter

from httpx2 import Client, RequestError
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import CheckResult, Status, check_server

PASSING = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}

# (check, resource type, attribute): the reason why the server is right and the check is wrong.
EXCEPTIONS: dict[tuple[str, str | None, str | None], str] = {}


def key_of(result: CheckResult) -> tuple[str, str | None, str | None]:
    attribute = result.data.get("urn") if isinstance(result.data, dict) else None
    return result.title or "?", result.resource_type, attribute


def one_line(text: object, longest: int = 600) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= longest else line[:longest] + " …"


def describe(result: CheckResult) -> str:
    name = " ".join(part for part in key_of(result) if part)
    data = "" if result.data is None else f" | {one_line(result.data)}"
    return f"{name} [{result.status.name}]: {one_line(result.reason)}{data}"


def wait_until_ready(address: str) -> None:
    for _ in range(400):
        try:
            with Client(base_url=address) as client:
                if client.get("/readyz").status_code == 200:
                    return
        except RequestError:
            pass
        time.sleep(0.025)
    sys.exit("rollcall: the server did not become ready within 10 s")


def main(address: str, key: str) -> int:
    wait_until_ready(address)
    with Client(base_url=f"{address}/scim/v2", headers={"authorization": f"Bearer {key}"}, timeout=30) as client:
        results = check_server(SyncSCIMClient(client))

    counts: Counter[str] = Counter()
    excused = set()
    for result in results:
        reason = EXCEPTIONS.get(key_of(result))
        if result.status is Status.SKIPPED:
            counts["skipped"] += 1
            print(f"skipped   {describe(result)}")
        elif reason and result.status not in PASSING:
            excused.add(key_of(result))
            counts["passed"] += 1
            print(f"expected  {' '.join(key_of(result))}: {reason}")
        elif result.status in PASSING and not reason:
            counts["passed"] += 1
        elif reason:
            counts["failed"] += 1
            print(f"FAILED    {' '.join(key_of(result))} passes now: take it off the list of exceptions")
            excused.add(key_of(result))
        else:
            counts["failed"] += 1
            print(f"FAILED    {describe(result)}")
    for missing in EXCEPTIONS.keys() - excused:
        counts["failed"] += 1
        print(f"FAILED    {' '.join(missing)} did not run: take it off the list of exceptions")
    # A server whose discovery fails gets few checks, so those of Users and Groups have to be among them.
    for kind in {"User", "Group"} - {result.resource_type for result in results}:
        counts["failed"] += 1
        print(f"FAILED    nothing was checked of {kind}")

    outcome = "FAILED" if counts["failed"] else "ok"
    print(f"test result: {outcome}. {counts['passed']} passed; {counts['failed']} failed; {counts['skipped']} ignored")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ["ROLLCALL_CONFORMANCE_KEY"]))
