"""Which methods of the published client a suite has called, out of all there are."""

import functools
from collections.abc import Iterator
from typing import Any

# What this server does not have yet; everything else the client can do must be tried.
ABSENT = ("automations.", "journeys.", "previews.", "notifications.previews.")

_called: set[str] = set()


def _parts(resource: Any) -> Iterator[tuple[str, Any]]:
    """The resources of a client, or those within a resource."""
    for name in dir(type(resource)):
        if name.startswith("_") or name.startswith("with_"):
            continue
        kind = getattr(type(resource), name)
        if isinstance(kind, functools.cached_property) or type(kind).__name__ == "cached_property":
            part = getattr(resource, name)
            if type(part).__name__.endswith("Resource"):
                yield name, part


def _methods(resource: Any, path: str) -> Iterator[tuple[type, str, str]]:
    """Every method within, with the class that has it and its whole name, such as `lists.subscriptions.add`."""
    for name, part in _parts(resource):
        for method, function in vars(type(part)).items():
            if callable(function) and not method.startswith(("_", "with_")):
                yield type(part), method, f"{path}{name}.{method}"
        yield from _methods(part, f"{path}{name}.")


def watch(client: Any) -> None:
    """Notes every method that is called from now on, on whichever client of this kind."""
    for kind, method, name in list(_methods(client, "")):
        function = getattr(kind, method)
        if hasattr(function, "watched"):
            continue

        @functools.wraps(function)
        def noted(*args: Any, _function: Any = function, _name: str = name, **kwargs: Any) -> Any:
            _called.add(_name)
            return _function(*args, **kwargs)

        noted.watched = True  # type: ignore[attr-defined]
        setattr(kind, method, noted)


def never_called(client: Any) -> list[str]:
    """The methods that nothing has called, without those of [`ABSENT`]."""
    names = {name for _, _, name in _methods(client, "")}
    assert len(names) > 100, "the client is looked through"
    return sorted(name for name in names - _called if not name.startswith(ABSENT))
