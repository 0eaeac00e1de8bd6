"""kill -9 at random moments: what was committed stays, and nothing stands half-written."""

import multiprocessing
import random
import sys
import time
from types import ModuleType

from improve.store import check_store, open_store
from tests.factory import make_organisation, make_store
from tests.store.importing import CLOCKS, CODES, keep_writing, prepared

KILLS = 26
LONGEST = 0.12
"""Seconds after the start of a write; most writes here take about half of that."""


def whole(store):
    """Every row of every table, as Arrow tables."""
    with store._cursor() as cursor:
        names = [name for (name,) in cursor.execute("show tables").fetchall()]
        return {
            name: cursor.execute(f'select * from "{name}" order by all').to_arrow_table() for name in names
        }


def same(one, other):
    return one.keys() == other.keys() and all(one[name].equals(other[name]) for name in one)


def killed_while_writing(context, path, number, chance):
    """Lets a process write from a step on, and kills it. Returns the last step begun, and done."""
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=keep_writing, args=(path, number, sender), daemon=True)
    process.start()
    sender.close()
    begun, done = number - 1, number - 1
    until = number + chance.randrange(4)

    def hear():
        nonlocal begun, done
        what, step = receiver.recv()
        if what == "start":
            begun = step
        else:
            done = step

    while begun < until:
        hear()
    time.sleep(chance.uniform(0, LONGEST))
    process.kill()
    process.join()
    try:
        while True:
            hear()
    except EOFError:
        receiver.close()
    return begun, done


def test_killed_again_and_again(tmp_path, monkeypatch):
    for module in CLOCKS:
        monkeypatch.setattr(module, "now", module.now)  # the steps set it; it is put back in the end
    towns = tuple(make_organisation(code) for code in CODES)
    store = make_store(tmp_path, organisations=towns)
    store.close()
    model = make_store(tmp_path, organisations=towns, name="model.duckdb")
    # The processes begin by loading the main module again, and a page test leaves a page in its place.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.importing"])
    chance = random.Random(20260504)
    number, inside, survived = 0, 0, 0
    for _ in range(KILLS):
        begun, done = killed_while_writing(context, store.path, number, chance)
        again = open_store(store.path)
        found = whole(again)
        assert check_store(again) == []
        for step in range(number, done + 1):
            prepared(step)(model)
        number = done + 1
        if begun > done:
            inside += 1
            # The last write was begun and not acknowledged: it is there as a whole, or not at all.
            if not same(found, whole(model)):
                prepared(begun)(model)
                number = begun + 1
                survived += 1
        assert same(found, whole(model)), f"killed between {begun} and {done}"
        assert {topic: again.revision(topic) for topic in model._revisions} == model._revisions
        again.close()
    model.close()
    assert inside >= KILLS // 4, "too few were killed in the middle of a write to prove anything"
    assert inside - survived >= KILLS // 8, "too few were killed before their commit"
    assert number > KILLS
