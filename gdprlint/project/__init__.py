"""Which files make which page, in which order?

A page is what a visitor gets in one answer: a template or HTML file with all that it extends and
includes, and the scripts and modules that these bring in. Nothing is evaluated here but names of
files that are written out.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from gdprlint.facts import (
    Assign,
    Call,
    Element,
    Expr,
    Fact,
    FileFacts,
    Invoke,
    Keyword,
    Link,
    Member,
    Name,
    Text,
)
from gdprlint.project.applications import Applications
from gdprlint.project.modules import Conventions
from gdprlint.project.page import NOT_MARKUP, Page
from gdprlint.project.routers import Routers
from gdprlint.project.routes import Route, Segment, routes_of, segments_of, view_name
from gdprlint.project.urls import Places

__all__ = ["Page", "Places", "Project", "Route", "Segment", "segments_of", "view_name"]

_DEEPEST = 20
MACRO = "macro "
"""What the name of a called macro begins with."""
_INCLUDED = re.compile(r"\{%-?\s*include\s+[\"']?([\w./-]+)")
"""An include of a template that stands in a comment."""
_MOST_FILES = 2_000
_MOST_PAGES = 40


class Project:
    """All files that were read, and what they make together.

    `routers` is what is known of applications that make their pages themselves, `conventions` of
    what frameworks make of the names of modules.
    """

    def __init__(
        self,
        files: Mapping[str, FileFacts],
        routers: Routers | None = None,
        conventions: Conventions | None = None,
    ) -> None:
        self.files = dict(sorted(files.items()))
        self.places = Places(self.files, conventions or {})
        self.routers = routers
        self._brings: dict[str, tuple[tuple[Link, str], ...]] = {}
        self._starts: dict[str, list[int]] = {}
        self._links: dict[str, tuple[Link, ...]] = {
            path: tuple(fact for fact in facts.facts if isinstance(fact, Link))
            for path, facts in self.files.items()
        }
        self._add_inclusion_tags()

    def _add_inclusion_tags(self) -> None:
        """A tag of the project's own that shows a template includes it where it stands (Django,
        "Inclusion tags")."""
        tags = {
            link.name: link.target
            for links in self._links.values()
            for link in links
            if link.kind == "render" and _is_tag(link)
        }
        for path, facts in self.files.items() if tags else ():
            if facts.language in NOT_MARKUP:
                continue
            shown = tuple(
                Link("include", tags[fact.invoke.to.name], fact.span, fact.way)
                for fact in facts.facts
                if isinstance(fact, Call)
                and isinstance(fact.invoke.to, Name)
                and fact.invoke.to.name in tags
            )
            if shown:
                both = (*self._links[path], *shown)
                self._links[path] = tuple(sorted(both, key=lambda link: link.span.start))

    def facts(self, path: str) -> tuple[Fact, ...]:
        """The facts of one file, in the order of their places."""
        return self.files[path].facts

    def within(self, path: str, start: int, end: int) -> Iterator[Fact]:
        """The facts of one file that begin in a stretch of it."""
        starts = self._starts.get(path)
        if starts is None:
            starts = self._starts[path] = [fact.span.start for fact in self.facts(path)]
        facts = self.facts(path)
        for i in range(bisect_left(starts, start), len(facts)):
            if starts[i] >= end:
                return
            yield facts[i]

    def python_assignments(self) -> Iterator[Assign]:
        """Everything that a file of Python puts into a member of something."""
        for facts in self.files.values():
            if facts.language == "python":
                yield from (fact for fact in facts.facts if isinstance(fact, Assign))

    def links(self, path: str, *kinds: str) -> Iterator[Link]:
        """The links of one file, of these kinds."""
        return (link for link in self._links[path] if link.kind in kinds)

    def target(self, link: Link) -> str | None:
        """The file that a link leads to, where it is of this project and its name is written
        out."""
        asking = link.span.path
        name = self.written(link.target)
        if name is None:
            return None
        if link.kind in ("extends", "include", "render"):
            return self.places.by_template(name, asking)
        if link.kind == "import":
            if self.files[asking].language == "css":
                return self.places.by_url(name, asking)
            return self.module(name, asking)
        return self.places.by_url(name, asking)

    def module(self, name: str, asking: str) -> str | None:
        """The file of the project that the module `name` means in the file `asking`."""
        if self.files[asking].language == "python":
            return self.places.by_python_module(name, asking)
        return self.places.by_module(name, asking)

    def written(self, target: Expr) -> str | None:
        """The name that a link's target spells, seeing through `static(...)` and
        `url_for(static)`."""
        match target:
            case Text(text):
                return text
            case Invoke(Name("static" | "asset" | "vite_asset"), (Text(text), *_)):
                return "/" + text.lstrip("/")
            case Invoke(Name("url_for") | Member(_, "url_for"), arguments):
                for argument in arguments:
                    match argument:
                        case Keyword("filename" | "path", Text(text)):
                            return "/" + text.lstrip("/")
        return None

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Every route, in the order of files."""
        return tuple(routes_of(self.files, self.places))

    @cached_property
    def rendered(self) -> Mapping[str, tuple[str, ...]]:
        """For each view's name, the templates it shows."""
        found: dict[str, list[str]] = {}
        for path in self.files:
            for link in self.links(path, "render"):
                template = self.target(link) if not _is_tag(link) else None
                view = view_name(link.view)
                if template is not None and view:
                    found.setdefault(view, []).append(template)
                    found.setdefault(view.rpartition(".")[0] or view, []).append(template)
        return {view: tuple(dict.fromkeys(paths)) for view, paths in found.items()}

    @cached_property
    def _contexts(self) -> Mapping[str, tuple[tuple[Expr, str], ...]]:
        """For each template that views show, what they give it, with the files of the views."""
        found: dict[str, dict[tuple[Expr, str], None]] = {}
        for path in self.files:
            for link in self.links(path, "render"):
                template = self.target(link)
                if template is not None and link.given is not None:
                    found.setdefault(template, {})[link.given, path] = None
        return {template: tuple(given) for template, given in found.items()}

    def macro(self, name: str, path: str) -> Link | None:
        """The macro of that name of a template, its own or one that it brings in."""
        for file in (path, *(self.target(link) for link in self.links(path, "include"))):
            for link in self.links(file, "macro") if file is not None else ():
                if isinstance(link.target, Text) and link.target.text == name:
                    return link
        return None

    def macro_around(self, path: str, start: int) -> Link | None:
        """The macro in which a place of a template lies."""
        around = [link for link in self.links(path, "macro") if link.span.start <= start < link.end]
        return around[-1] if around else None

    @cached_property
    def macro_calls(self) -> Mapping[str, tuple[Call, ...]]:
        """The calls in templates of what may be macros, by name."""
        found: dict[str, list[Call]] = {}
        for facts in self.files.values():
            for fact in facts.facts if facts.language not in NOT_MARKUP else ():
                match fact:
                    case Call(Invoke(Name(name))) if name.startswith(MACRO):
                        found.setdefault(name.removeprefix(MACRO), []).append(fact)
        return {name: tuple(calls) for name, calls in found.items()}

    def given_to(self, path: str) -> tuple[tuple[Expr, str], ...]:
        """What views give to the templates of which the template `path` is a part, itself among
        them. A layout of very many pages is given what few of them hold: nothing is told then."""
        pages = self.pages_of.get(path, ())
        if len(pages) > _MOST_PAGES:
            return self._contexts.get(path, ())
        shown = dict.fromkeys([path, *(page.path for page in pages)])
        return tuple(given for one in shown for given in self._contexts.get(one, ()))

    @cached_property
    def importers(self) -> Mapping[str, tuple[Link, ...]]:
        """For each file, the links of other files that bring it in."""
        found: dict[str, list[Link]] = {}
        for path in self.files:
            for link in self.links(path, "script", "import", "extends", "include", "stylesheet"):
                target = self.target(link)
                if target is not None and target != path:
                    found.setdefault(target, []).append(link)
        return {path: tuple(links) for path, links in found.items()}

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page of the project: of documents, in the order of their files, then of routes."""
        rendered = {path for paths in self.rendered.values() for path in paths}
        found = [self._page(path) for path in self.files if self._is_page(path, rendered)]
        routed: list[Page] = []
        if self.routers is not None:
            applications = Applications(self.files, self.places, self.routers, self.brings)
            routed = applications.pages(found)
            within = {file for page in routed for file in page.files}
            # What a visitor gets is the document with a route's component, never without any.
            found = [page for page in found if page.path not in within or page.routes]
        found.extend(routed)
        found.extend(self._apps({file for page in found for file in page.files}, routed))
        return tuple(found)

    def brings(self, path: str) -> tuple[tuple[Link, str], ...]:
        """The files that a file brings in by scripts, imports and style sheets, with the links."""
        held = self._brings.get(path)
        if held is None:
            links = self.links(path, "script", "import", "stylesheet")
            both = ((link, self.target(link)) for link in links)
            held = tuple((link, target) for link, target in both if target is not None)
            self._brings[path] = held
        return held

    @cached_property
    def pages_of(self) -> Mapping[str, tuple[Page, ...]]:
        """For each file, the pages that it is part of."""
        found: dict[str, list[Page]] = {}
        for page in self.pages:
            for path in page.files:
                found.setdefault(path, []).append(page)
        return {path: tuple(pages) for path, pages in found.items()}

    def pages_with(self, path: str, start: int) -> tuple[Page, ...]:
        """The pages on which what stands at that place is shown."""
        return tuple(page for page in self.pages_of.get(path, ()) if page.shows(path, start))

    @cached_property
    def switched_off(self) -> frozenset[str]:
        """Templates that a comment includes and nothing else brings in: nobody gets to see them."""
        named = {
            target
            for path, facts in self.files.items()
            if facts.language not in NOT_MARKUP
            for comment in facts.comments
            for name in _INCLUDED.findall(comment.text)
            if (target := self.places.by_template(name, path)) is not None and target != path
        }
        rendered = {path for paths in self.rendered.values() for path in paths}
        return frozenset(path for path in named - rendered if path not in self.importers)

    def _is_page(self, path: str, rendered: set[str]) -> bool:
        facts = self.files[path]
        if facts.language in NOT_MARKUP or path.endswith((".vue", ".svelte")):
            return False
        if path in rendered:
            return True
        kinds = {link.kind for link in self.importers.get(path, ())}
        return not kinds & {"extends", "include"}

    def _page(self, path: str) -> Page:
        chain, is_open = self._chain(path)
        hidden, overridden = {}, set[str]()
        for file in chain:
            blocks = [link for link in self.links(file, "block") if isinstance(link.target, Text)]
            if file != path:
                hidden[file] = tuple(
                    (link.span.start, link.end) for link in blocks if _text(link) in overridden
                )
            overridden |= {_text(link) for link in blocks if not self._keeps_parent(file, link)}
        shown = None
        if len(chain) > 1 or is_open:
            shown = tuple((link.span.start, link.end) for link in self.links(path, "block"))
        page = Page(path, path, chain, (), (), is_open, hidden, shown)
        files = self._all_files(page)
        return Page(path, path, chain, files, self._routes_to(path), is_open, hidden, shown)

    def _keeps_parent(self, path: str, block: Link) -> bool:
        """Whether the block shows the parent's as well: `{{ super() }}`, `{{ block.super }}`."""
        return any(
            isinstance(fact, Call)
            and isinstance(fact.invoke.to, Name)
            and fact.invoke.to.name == "super"
            and block.span.start <= fact.span.start < block.end
            for fact in self.files[path].facts
        )

    def _chain(self, path: str) -> tuple[tuple[str, ...], bool]:
        chain = [path]
        while len(chain) < _DEEPEST:
            links = list(self.links(chain[-1], "extends"))
            if not links:
                return tuple(chain), False
            parents = dict.fromkeys(self.target(link) for link in links)
            # Of several that it may be, the one that is most of a page: a bare one is for parts.
            known = [parent for parent in parents if parent is not None and parent not in chain]
            parent = max(known, key=lambda one: self.files[one].length, default=None)
            if parent is None:
                return tuple(chain), True
            chain.append(parent)
        return tuple(chain), True

    def _all_files(self, page: Page) -> tuple[str, ...]:
        documents = list(dict.fromkeys(reversed(page.chain)))
        for path in documents:
            for link in self.links(path, "include"):
                target = self.target(link)
                if target is not None and target not in documents and len(documents) < _MOST_FILES:
                    documents.append(target)
        files = dict.fromkeys(documents)
        queue = list(documents)
        while queue and len(files) < _MOST_FILES:
            path = queue.pop(0)
            for link, target in self.brings(path):
                if target in files or not page.shows(path, link.span.start):
                    continue
                files[target] = None
                queue.append(target)
        return tuple(files)

    def _routes_to(self, path: str) -> tuple[Route, ...]:
        return tuple(route for route in self.routes if path in self.rendered.get(route.view, ()))

    def _apps(self, on_pages: set[str], routed: Sequence[Page]) -> Iterator[Page]:
        """Modules that no page brings in, together by folder: what a bundler would make of them.

        Beside pages of routes they belong to none of these: each that nothing brings in is one by
        itself.
        """
        applications = {_top_folder(path) for page in routed for path in (page.path, *page.around)}
        groups: dict[str, list[str]] = {}
        for path, facts in self.files.items():
            language = facts.language
            if path in on_pages or language in ("python", "css") or not _may_show(path, facts):
                continue
            groups.setdefault(_top_folder(path), []).append(path)
        for folder, paths in sorted(groups.items()):
            if folder in applications:
                yield from self._alone(paths)
                continue
            name = folder or "."
            yield Page(name, paths[0], (paths[0],), tuple(paths))

    def _alone(self, paths: Sequence[str]) -> Iterator[Page]:
        """Each of the files that no other brings in, with what it brings in."""
        left = dict.fromkeys(paths)
        below = {target for path in paths for _, target in self.brings(path) if target != path}
        for path in [*(one for one in paths if one not in below), *paths]:
            if path in left:
                page = Page(path, path, (path,), (path,))
                files = self._all_files(page)
                for file in files:
                    left.pop(file, None)
                yield Page(path, path, (path,), files)


def _may_show(path: str, facts: FileFacts) -> bool:
    if facts.language not in NOT_MARKUP:
        return path.endswith((".vue", ".svelte"))
    stem = posixpath.basename(path)
    if ".config." in stem or stem.startswith(".") or "/bin/" in path or path.startswith("bin/"):
        return False
    return any(isinstance(fact, Element | Call) for fact in facts.facts)


def _top_folder(path: str) -> str:
    """The folder above `src`, `app`, `pages` or `components`, else the file's own."""
    parts = path.split("/")[:-1]
    for i, part in enumerate(parts):
        if part in ("src", "app", "pages", "components", "lib", "routes"):
            return "/".join(parts[:i])
    return "/".join(parts)


def _is_tag(link: Link) -> bool:
    """Whether a template is shown by a tag of templates, and not by a view."""
    return link.name.startswith("tag ")


def _text(link: Link) -> str:
    return link.target.text if isinstance(link.target, Text) else ""


def documents(project: Project, page: Page) -> Iterable[str]:
    """The files of a page that hold markup."""
    return (path for path in page.files if project.files[path].language not in NOT_MARKUP)
