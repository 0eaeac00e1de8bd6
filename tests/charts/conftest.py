"""Specs as parameters of tests, made when a test needs them: every process collects all tests."""

import pytest


@pytest.fixture
def spec(request):
    """What the parameter, a function without arguments, makes; the modules of charts keep it."""
    return request.param()
