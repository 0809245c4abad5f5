"""Which documents are in force: for this asker, on this day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.documents import EVERYBODY, Metadata, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date


def readable(metadata: Metadata, groups: AbstractSet[str]) -> bool:
    """Say whether a member of these groups may read the document."""
    return EVERYBODY in metadata.audience or not groups.isdisjoint(metadata.audience)


def in_force(documents: Mapping[str, Metadata], groups: AbstractSet[str], today: date) -> frozenset[str]:
    """Return the paths of the documents that may be quoted to a member of these groups on this day.

    Only documents that the asker may read count, so that a closed one changes nothing. A document that took effect silences those
    that it supersedes, even when it is itself superseded later; a draft or one that is not yet effective silences nothing. A document
    marked as superseded stays in force while all that replace it are still to come.
    """
    seen = {path: metadata for path, metadata in documents.items() if readable(metadata, groups)}
    successors = _successors(seen)
    return frozenset(
        path
        for path, metadata in seen.items()
        if _started(metadata, today) and not _silenced(path, seen, successors, today)
    )


def _started(metadata: Metadata, today: date) -> bool:
    return metadata.status is not Status.DRAFT and (metadata.effective is None or metadata.effective <= today)


def _silenced(path: str, seen: Mapping[str, Metadata], successors: Mapping[str, set[str]], today: date) -> bool:
    following = successors.get(path, set())
    if not following:
        return seen[path].status is Status.SUPERSEDED
    return any(_started(seen[other], today) for other in following)


def _successors(seen: Mapping[str, Metadata]) -> dict[str, set[str]]:
    """Return, for each document, those that replace it; an older one replaces no newer one."""
    names = _names(seen)
    found: dict[str, set[str]] = {}
    for path, metadata in seen.items():
        for named in metadata.supersedes:
            for older in _resolve(named, path, names):
                found.setdefault(older, set()).add(path)
        for newer in _resolve(metadata.superseded_by, path, names):
            found.setdefault(path, set()).add(newer)
    return {older: {n for n in newer if _may_replace(n, older, seen, found)} for older, newer in found.items()}


def _may_replace(newer: str, older: str, seen: Mapping[str, Metadata], found: Mapping[str, set[str]]) -> bool:
    """Say whether a claimed order makes sense: where documents replace each other in a circle, only dates decide."""
    later, earlier = seen[newer].effective, seen[older].effective
    if later and earlier and later != earlier:
        return later > earlier
    return older not in _all_after(newer, found)


def _all_after(path: str, found: Mapping[str, set[str]]) -> set[str]:
    """Return the documents that replace one, those that replace them, and so on."""
    after: set[str] = set()
    waiting = [path]
    while waiting:
        newer = found.get(waiting.pop(), set()) - after
        after |= newer
        waiting.extend(newer)
    return after


def _names(seen: Mapping[str, Metadata]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for path, metadata in seen.items():
        file = path.rsplit("/", 1)[-1]
        for name in {path, file, file.rsplit(".", 1)[0], metadata.title}:
            names.setdefault(_plain(name), []).append(path)
    return names


def _resolve(named: str, path: str, names: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the documents of a name; of several with one name those in the same folder, if there are any."""
    if not named:
        return []
    found = [other for other in names.get(_plain(named), ()) if other != path]
    folder = path.rpartition("/")[0]
    return [other for other in found if other.rpartition("/")[0] == folder] or found


def _plain(name: str) -> str:
    return " ".join(name.replace("\\", "/").removeprefix("./").casefold().split())
