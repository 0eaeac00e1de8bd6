"""One county for all who attack it: nobody writes into it."""

import pytest

from tests.attack.county import county
from tests.attack.judge import Judge


@pytest.fixture(scope="package")
def town(tmp_path_factory):
    made = county(tmp_path_factory.mktemp("county"))
    yield made
    made.close()


@pytest.fixture(scope="package")
def judge(town):
    return Judge(town)
