# SPDX-License-Identifier: GPL-2.0
"""
Results as tests/run.sh wants them, and whether any of them was bad.
"""

failed = False


def result(good, name, detail=""):
    """One subtest."""
    global failed
    if not good and detail:
        print("  " + str(detail).replace("\n", "\n  "))
    print("ok" if good else "not ok", name)
    failed |= not good
