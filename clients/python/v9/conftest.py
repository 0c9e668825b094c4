"""What every call of this client is watched for: that none of its methods goes untried."""

import courier
import pytest

from methods import watch

watch(courier.Courier(api_key="none", base_url="http://127.0.0.1:9"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks back at the whole suite comes after it."""
    items.sort(key=lambda item: "test_surface.py" in item.nodeid)
