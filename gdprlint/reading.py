"""Read many files: decode, ask the cache, parse what it does not know, in processes where it
pays."""

from __future__ import annotations

import gc
import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gdprlint import languages
from gdprlint.cache import Cache
from gdprlint.facts import FileFacts, Link, Text
from gdprlint.findings import Finding
from gdprlint.languages import language_of, read_file
from gdprlint.source import Source, decode

_MOST_BROUGHT_IN = 200
_ENDINGS = ("", ".js", ".ts", ".jsx", ".tsx", ".vue", ".html", "/index.js", "/index.ts")
_WORTH_PROCESSES = 3_000_000
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """The facts of all files that could be read, and why others could not.

    `refused` are those of the others that the system did not let us open. `digests` are those of
    the texts that the facts are of.
    """

    root: Path
    facts: dict[str, FileFacts]
    not_read: tuple[tuple[str, str], ...]
    refused: frozenset[str] = frozenset()
    sources: dict[str, Source] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def files_read(self) -> int:
        """How many files were read, in whole or in part."""
        return len(self.facts)

    def source(self, path: str) -> Source:
        """The text of a file, read again where it is not at hand."""
        if path not in self.sources:
            try:
                text = decode((self.root / path).read_bytes()).text
            except OSError:
                text = ""
            self.sources[path] = Source(path, text)
        return self.sources[path]

    def is_as_read(self, source: Source) -> bool:
        """Whether a text is the one that the facts are of, and not one written since."""
        return self.digests.get(source.path) == source.digest

    def sources_of(self, *findings: Iterable[Finding]) -> dict[str, Source]:
        """The texts of all files that findings, their steps and related places point into."""
        paths: set[str] = set()
        for group in findings:
            for finding in group:
                paths.add(finding.span.path)
                paths.update(step.span.path for flow in finding.flows for step in flow.steps)
                paths.update(related.span.path for related in finding.related)
        return {path: self.source(path) for path in sorted(paths)}


def read_files(
    root: Path,
    paths: Sequence[str],
    cache: Cache,
    progress: Callable[[str, int, int], None],
    *,
    workers: int = 1,
    texts: Mapping[str, str] | None = None,
) -> Read:
    """The facts of every file in `paths`, from the cache where their text was read before.

    `texts` are read in the place of what is in the files of these paths.
    """
    given = texts or {}
    digests: dict[str, str] = {}
    facts: dict[str, FileFacts] = {}
    failed: list[tuple[str, str]] = []
    refused: set[str] = set()
    waiting: list[tuple[str, str, str]] = []
    version = languages.READER_VERSION
    for i, path in enumerate(paths):
        progress("reading", i, len(paths))
        text = given.get(path) or _text(root / path, path, failed, refused)
        if text is None:
            continue
        source = Source(path, text)
        digests[path] = source.digest
        held = cache.load(path, source.digest, language_of(path) or "", version)
        if held is not None:
            facts[path] = held
        else:
            waiting.append((path, text, source.digest))
    for done, (path, digest, found) in enumerate(_parsed(waiting, workers)):
        progress("parsing", done, len(waiting))
        facts[path] = found
        cache.store(found, digest, language_of(path) or "", version)
    return Read(
        root,
        dict(sorted(facts.items())),
        tuple(failed),
        frozenset(refused),
        {path: Source(path, text) for path, text in given.items()},
        digests,
    )


def with_brought_in(read: Read, cache: Cache, texts: Mapping[str, str] | None = None) -> Read:
    """`read`, and what its files name beside them: scripts, modules, templates, style sheets.

    For files of no project; a project's own files are found by a walk through its folders.
    """
    while len(read.facts) < _MOST_BROUGHT_IN:
        more = [
            path
            for path in _brought_in(read)
            if path not in read.facts and language_of(path) and (read.root / path).is_file()
        ]
        found = read_files(read.root, more[:_MOST_BROUGHT_IN], cache, lambda *_: None, texts=texts)
        if not found.facts:
            break
        read = replace(
            read,
            facts=dict(sorted({**read.facts, **found.facts}.items())),
            not_read=(*read.not_read, *found.not_read),
            digests={**read.digests, **found.digests},
        )
    return read


def _brought_in(read: Read) -> Iterator[str]:
    """The paths that files may mean by what they name, as far as it is beside or below them."""
    for path, facts in read.facts.items():
        for fact in facts.facts:
            target = fact.target if isinstance(fact, Link) else None
            if not isinstance(target, Text) or "//" in target.text:
                continue
            name = target.text.partition("?")[0].lstrip("/")
            base = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if name and not base.startswith(".."):
                yield from (base + ending for ending in _ENDINGS)


def _text(file: Path, path: str, failed: list[tuple[str, str]], refused: set[str]) -> str | None:
    try:
        if file.stat().st_size > _LARGEST:
            failed.append((path, "it is larger than 64 MiB"))
            return None
        decoded = decode(file.read_bytes())
    except OSError as error:
        failed.append((path, error.strerror or "it cannot be read"))
        refused.add(path)
        return None
    if decoded.binary:
        failed.append((path, "it is no text"))
        return None
    return decoded.text


def _parsed(
    waiting: Sequence[tuple[str, str, str]],
    workers: int,
) -> Iterable[tuple[str, str, FileFacts]]:
    """Facts of texts, in the order given; in two or more processes where there is much to read.

    tree-sitter and `ast` hold the interpreter's lock while they parse, so threads would not help.
    """
    size = sum(len(text) for _, text, _ in waiting)
    if size < _WORTH_PROCESSES or workers < 2 or len(waiting) < 2:
        for path, text, digest in waiting:
            yield path, digest, read_file(path, text)
        return
    # Imported only here: most runs read a few files, and start without it.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
    done = 0
    try:
        with ProcessPoolExecutor(workers, mp_context=context, initializer=gc.disable) as pool:
            arguments = ([w[0] for w in waiting], [w[1] for w in waiting])
            for (path, _, digest), found in zip(
                waiting, pool.map(read_file, *arguments, chunksize=4), strict=True
            ):
                done += 1
                yield path, digest, found
    except BrokenProcessPool:
        # A parser took its process down: the rest is read here, one by one.
        for path, text, digest in waiting[done:]:
            yield path, digest, read_file(path, text)
