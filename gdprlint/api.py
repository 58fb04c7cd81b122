"""Do it all, once: from paths to a report. The pipeline in one screen is `check`."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TypeAlias

from gdprlint.cache import Cache
from gdprlint.cache import folder as cache_folder
from gdprlint.discovery import Discovery, alone, discover
from gdprlint.effects.scene import Scene
from gdprlint.errors import InputError, SettingsError, likely_word, nearest
from gdprlint.findings import (
    Confidence,
    Finding,
    LawInfo,
    Level,
    Properties,
    Report,
    RuleInfo,
    Taxonomy,
    UnreadStretch,
)
from gdprlint.findings import baseline as baselines
from gdprlint.findings.ignores import (
    Problem,
    Silenced,
    StandingIgnore,
    silence,
    silence_by_settings,
)
from gdprlint.fixes import with_edits
from gdprlint.fixes.files import write as write_text
from gdprlint.fixes.rounds import Mended, mend
from gdprlint.inventory import Inventory, inventory_of
from gdprlint.knowledge import (
    ConsentPlatform,
    Knowledge,
    Sign,
    read_shelf,
    shipped,
    without_examples,
)
from gdprlint.knowledge.consent import ConsentExamples
from gdprlint.languages import language_of
from gdprlint.project import Project
from gdprlint.reading import Read, read_files, with_brought_in
from gdprlint.rules import DEFAULT_PROFILE, Enabled, Ruleset, check_references
from gdprlint.settings import Settings, find
from gdprlint.yamldoc import typed

__all__ = ["Fixed", "Inventory", "Options", "check", "fix", "rules", "show"]

_log = logging.getLogger(__name__)

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, and how much of how much is."""

_OWN_PURPOSES: Mapping[str, tuple[str, ...]] = {
    "functional": ("functional",),
    "preferences": ("functional",),
    "analytics": ("analytics", "session-replay"),
    "statistics": ("analytics", "session-replay"),
    "marketing": ("advertising", "social"),
    "advertising": ("advertising", "social"),
    "ads": ("advertising", "social"),
    "social": ("social",),
    "all": ("functional", "analytics", "session-replay", "advertising", "social"),
}
_CONTEXTS = ("health", "children", "finance", "religion", "union")
_ABOUT_IGNORES = {
    "missing-reason": (
        "ignore-without-reason",
        "An ignore comment gives no reason",
        "this comment ignores nothing, because it gives no reason",
        "write the reason after a colon: gdprlint: ignore[rule-id]: why",
    ),
    "unknown-rule": (
        "ignore-of-unknown-rule",
        "An ignore comment names no known rule",
        "this comment ignores {text!r}, which is no rule",
        "name a rule by its id; gdprlint rules lists them",
    ),
    "unused": (
        "unused-ignore",
        "An ignore comment ignores nothing",
        "this comment ignores {text!r}, which finds nothing here",
        "delete the comment",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run was asked for, beside what the settings say.

    Without `pages` the report's rules come without the text of their pages, which only some
    formats show. More than one of `workers` reads much text in processes of its own, which is for
    programs whose main module can be imported again. Without `edits` it is told which findings can
    be fixed, but for files of Python not how.
    """

    profile: tuple[str, ...] = ()
    min_confidence: Confidence = Confidence.CERTAIN
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    rulesets: tuple[Path, ...] = ()
    baseline: Path | None = None
    write_baseline: Path | None = None
    config: Path | None = None
    root: Path | None = None
    cache: bool = True
    pages: bool = True
    workers: int = 1
    edits: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """What a run works on."""

    settings: Settings
    knowledge: Knowledge
    ruleset: Ruleset
    discovery: Discovery
    read: Read
    scene: Scene


def check(paths: Sequence[Path], *, options: Options, progress: Progress | None = None) -> Report:
    """Read the project around `paths` and tell what its pages do in them.

    Paths say where findings are wanted; a finding also counts as theirs where one of its steps lies
    in them. What is wrong with the scanned code is never an error.
    """
    report = _checked(paths, options, progress or _silent, {})
    if options.write_baseline is not None:
        _write_baseline(options.write_baseline, report.kept)
    return report


def _checked(
    paths: Sequence[Path], options: Options, progress: Progress, texts: Mapping[str, str]
) -> Report:
    work = _prepare(paths, options, progress, texts)
    enabled = _enabled(work, options)
    progress("rules", 0, 1)
    found = work.ruleset.run(work.scene, enabled, processors=work.settings.processors)
    wanted = frozenset(work.discovery.reported)
    found = [finding for finding in found if _concerns(finding, wanted)]
    found.sort(key=lambda f: (f.span.path, f.span.start, f.rule, f.identity, f.message))
    silenced = _silenced(found, work, enabled)
    kept, ignored = _by_settings(silenced, work.settings)
    problems = [_about_ignore(p) for p in silenced.problems if p.span.path in wanted]
    kept = sorted([*kept, *problems], key=lambda f: (f.span.path, f.span.start, f.rule, f.identity))
    every = tuple(kept)
    known: tuple[Finding, ...] = ()
    if options.baseline is not None:
        compared = baselines.compare(kept, baselines.load(options.baseline))
        kept, known = list(compared.new), compared.known
    shown = [f for f in kept if _is_shown(f, options)]
    unread = _unread(work)
    sources = work.read.sources_of(shown, [finding for finding, _ in ignored])
    sources |= {u.path: work.read.source(u.path) for u in unread if u.span is not None}
    as_read = {path: source for path, source in sources.items() if work.read.is_as_read(source)}
    shown = list(with_edits(shown, as_read, python=options.edits))
    told = work.ruleset.info if options.pages else work.ruleset.brief
    infos = [told(one) for one in enabled]
    infos.extend(_builtin_infos())
    return Report(
        findings=tuple(shown),
        rules=tuple(sorted(infos, key=lambda info: info.id)),
        laws=_laws(work.knowledge),
        acts=_acts(work.knowledge),
        files_read=work.read.files_read - len(work.scene.mishaps),
        files_not_read=len(work.read.not_read) + len(work.scene.mishaps),
        unread=unread,
        ignored=tuple(ignored),
        known=known,
        kept=every,
        possible_hidden=len(kept) - len(shown),
        sources=sources,
        warnings=tuple(_warnings(paths, work)),
    )


@dataclass(frozen=True, slots=True)
class Fixed:
    """What fixes left: the report, with what they removed in `fixed`, the texts that they changed,
    and what they are now, by path."""

    report: Report
    before: Mapping[str, str]
    after: Mapping[str, str]


def fix(
    paths: Sequence[Path],
    *,
    options: Options,
    unsafe: bool = False,
    notes: bool = False,
    write: bool = True,
    progress: Progress | None = None,
) -> Fixed:
    """Make the fixes of what `check` finds, and tell what remains.

    Without `unsafe` only safe fixes are made, without `notes` none of notes, and without `write`
    no file is changed. A fix that would not remove its finding, or bring another, is not made.
    """
    run = partial(_checked, paths, replace(options, edits=True), progress or _silent)

    def is_wanted(finding: Finding) -> bool:
        told = finding.fix is not None and (finding.fix.safe or unsafe)
        return told and (finding.level is not Level.NOTE or notes)

    mended = mend(run, is_wanted)
    failed = _written(mended, paths, options) if write else {}
    report, fixed = mended.report, mended.fixed
    if failed:
        report = run({})
        fixed = tuple(f for f in fixed if not failed.keys() & _files_of(f))
    if write and options.write_baseline is not None:
        _write_baseline(options.write_baseline, report.kept)
    told = [f"{path}: its fixes are not made, for {why}" for path, why in sorted(failed.items())]
    told += [
        f"{finding.span.path}: {finding.rule}: the fix is not made, for it would not be enough here"
        for finding in mended.withdrawn
    ]
    report = replace(
        report,
        findings=_without_fixes(report.findings, mended.withdrawn),
        fixed=fixed,
        warnings=(*report.warnings, *told),
    )
    return Fixed(report, mended.before, mended.after)


def _written(mended: Mended, paths: Sequence[Path], options: Options) -> dict[str, str]:
    """Put the new texts into their files; why not, for each file in which that was not possible."""
    root = find(_start(paths), config=options.config, root=options.root).root
    tried = {
        path: write_text(root / path, mended.before[path], text)
        for path, text in mended.after.items()
    }
    return {path: why for path, why in tried.items() if why}


def _files_of(finding: Finding) -> set[str]:
    return {edit.span.path for edit in finding.fix.edits} if finding.fix is not None else set()


def _without_fixes(
    findings: Sequence[Finding], withdrawn: Sequence[Finding]
) -> tuple[Finding, ...]:
    """The findings, of which these are not said to be fixable any more."""
    gone = {(f.rule, f.span.path, f.identity) for f in withdrawn}
    return tuple(
        replace(f, fix=None) if (f.rule, f.span.path, f.identity) in gone else f for f in findings
    )


def rules(options: Options) -> tuple[RuleInfo, ...]:
    """Every rule that there is, with the level that the profiles give it."""
    settings = find(Path.cwd(), config=options.config, root=options.root)
    ruleset = Ruleset.shipped(_rulesets(settings, options))
    names = options.profile or settings.profile or (DEFAULT_PROFILE,)
    on = {one.placed.rule.id: one for one in ruleset.enabled(names)}
    found = [
        ruleset.info(on.get(rule, Enabled(placed, "as-rule")))
        for rule, placed in sorted(ruleset.rules.items())
    ]
    return tuple(sorted([*found, *_builtin_infos()], key=lambda info: info.id))


def show(paths: Sequence[Path], *, options: Options) -> Inventory:
    """Every fact and effect in `paths`, with way, consent and answers."""
    work = _prepare(paths, options, _silent, {})
    return inventory_of(work.scene, work.read.source, work.discovery.reported)


# ---------------------------------------------------------------- the parts of a run


def _prepare(
    paths: Sequence[Path], options: Options, progress: Progress, texts: Mapping[str, str]
) -> _Work:
    started = monotonic()
    settings = find(_start(paths), config=options.config, root=options.root)
    if options.exclude:
        settings = replace(settings, exclude=(*settings.exclude, *options.exclude))
    more = _rulesets(settings, options)
    shelves = [(shipped(), read_shelf()), *((folder, read_shelf(folder)) for folder in more)]
    knowledge = Knowledge([(folder, without_examples(shelf)) for folder, shelf in shelves])
    ruleset = Ruleset(shelves)
    check_references(ruleset, knowledge)
    _check_settings(settings, ruleset)
    ruleset.enabled(
        options.profile or settings.profile, select=options.select, ignore=options.ignore
    )
    own = _own_signs(settings)
    discovery = _discovered(paths, settings, options)
    cache = Cache.open(cache_folder(os.environ) if options.cache else None)
    try:
        read = read_files(
            settings.root,
            discovery.files,
            cache,
            progress,
            workers=options.workers,
            texts=texts,
        )
        if discovery.alone:
            read = with_brought_in(read, cache, texts)
    finally:
        cache.close()
    for path in paths:
        named = os.path.relpath(os.path.realpath(path), os.path.realpath(settings.root))
        if named.replace(os.sep, "/") in read.refused:
            raise InputError(f"{path}: this file cannot be read; check its permissions")
    _log.info("read %d files in %.2f s", read.files_read, monotonic() - started)
    progress("flow", 0, 1)
    scene = Scene(
        Project(read.facts, knowledge.routers, knowledge.aliases),
        knowledge,
        context=(*settings.context, *(("search",) if settings.search.sensitive else ())),
        sensitive_pages=settings.sensitive_pages,
        first_party=settings.first_party,
        essential=settings.cookies.essential,
        own_signs=own,
        asks_elsewhere=bool(settings.consent.external),
    )
    _log.info("found the effects after %.2f s", monotonic() - started)
    return _Work(settings, knowledge, ruleset, discovery, read, scene)


def _discovered(paths: Sequence[Path], settings: Settings, options: Options) -> Discovery:
    def is_read(path: str) -> bool:
        return language_of(path) is not None

    if _is_lone(paths, settings, options):
        return alone(settings.root, named=paths, readable=is_read)
    return discover(
        settings.root,
        settings,
        named=list(paths),
        readable=is_read,
        force_exclude=options.force_exclude,
    )


def _is_lone(paths: Sequence[Path], settings: Settings, options: Options) -> bool:
    """Whether single files are named that belong to no project: what lies around them may be
    anything."""
    if not paths or any(path.is_dir() for path in paths):
        return False
    if options.root is not None or settings.file is not None:
        return False
    return not (settings.root / ".git").exists()


def _check_settings(settings: Settings, ruleset: Ruleset) -> None:
    """Raise for a word of the settings that no table knows: it would silently do nothing."""
    builtin = {rule for rule, *_ in _ABOUT_IGNORES.values()}
    named = (
        ("profile", settings.profile, set(ruleset.profiles)),
        ("context", settings.context, set(_CONTEXTS)),
        ("ignore", [entry.rule for entry in settings.ignore], {*ruleset.rules, *builtin}),
    )
    for key, words, known in named:
        for word in words:
            if word not in known:
                near = likely_word(word, known) if len(known) < 60 else nearest(word, known)
                raise SettingsError(f"{settings.file}: {key}: there is no {word!r}; {near}")
    for sign in settings.consent.signs:
        for word in str(sign.get("says", "purpose")).replace(",", " ").split():
            if word not in _OWN_PURPOSES and word not in ("unclear", "purpose", "session-replay"):
                raise SettingsError(
                    f"{settings.file}: consent.signs: a sign cannot say {word!r}; "
                    + likely_word(word, [*_OWN_PURPOSES, "unclear", "session-replay"])
                )


def _start(paths: Sequence[Path]) -> Path:
    """Where settings are looked for: the folder that holds all named paths, else the current
    one."""
    if not paths:
        return Path.cwd()
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: there is no such file or folder")
    folders = [str(p if p.is_dir() else p.parent) for p in (path.resolve() for path in paths)]
    return Path(os.path.commonpath(folders))


def _rulesets(settings: Settings, options: Options) -> list[Path]:
    found = [*options.rulesets, *(settings.root / name for name in settings.rulesets)]
    for directory in found:
        if not directory.is_dir():
            raise InputError(f"{directory}: there is no ruleset in this folder")
    return found


def _own_signs(settings: Settings) -> list[ConsentPlatform]:
    """The site's own checks, in the form of a platform's entry."""
    if not settings.consent.signs:
        return []
    place = str(settings.file or "settings")
    signs = tuple(
        typed(sign, Sign, place=f"{place}: consent.signs", error=SettingsError)
        for sign in settings.consent.signs
    )
    return [
        ConsentPlatform(
            id="settings",
            name="the project's settings",
            purposes=_OWN_PURPOSES,
            signs=signs,
            sources=(),
            examples=ConsentExamples(is_=(), is_not=()),
        )
    ]


def _enabled(work: _Work, options: Options) -> tuple[Enabled, ...]:
    names = options.profile or work.settings.profile or (DEFAULT_PROFILE,)
    return work.ruleset.enabled(names, select=options.select, ignore=options.ignore)


def _concerns(finding: Finding, wanted: frozenset[str]) -> bool:
    """Whether a finding lies in the wanted files, or one of its steps does."""
    if finding.span.path in wanted:
        return True
    return any(step.span.path in wanted for flow in finding.flows for step in flow.steps)


def _silenced(found: Sequence[Finding], work: _Work, enabled: Sequence[Enabled]) -> Silenced:
    remarks = {
        path: [(comment.text, comment.span) for comment in facts.comments]
        for path, facts in work.read.facts.items()
        if any("gdprlint" in comment.text for comment in facts.comments)
    }
    builtin = {rule for rule, *_ in _ABOUT_IGNORES.values()}
    return silence(
        found,
        remarks=remarks,
        sources={path: work.read.source(path) for path in remarks},
        ran={one.placed.rule.id for one in enabled},
        known={*work.ruleset.rules, *builtin},
    )


def _by_settings(
    silenced: Silenced, settings: Settings
) -> tuple[list[Finding], list[tuple[Finding, str]]]:
    standing = [
        StandingIgnore(rule=entry.rule, path=path, reason=entry.reason, expires=entry.expires)
        for entry in settings.ignore
        for path in (entry.path or ("**",))
    ]
    outcome = silence_by_settings(silenced.kept, standing, today=date.today())
    return list(outcome.kept), [*silenced.ignored, *outcome.ignored]


def _about_ignore(problem: Problem) -> Finding:
    rule, _, message, help_ = _ABOUT_IGNORES[problem.kind]
    return Finding(
        rule=rule,
        level=Level.WARNING,
        confidence=Confidence.CERTAIN,
        message=message.format(text=problem.text),
        span=problem.span,
        properties=Properties(theme="governance", effect="declare", key=problem.text),
        help=help_,
        identity=problem.text,
    )


def _builtin_infos() -> Iterable[RuleInfo]:
    for rule, title, _, help_ in _ABOUT_IGNORES.values():
        yield RuleInfo(
            id=rule,
            theme="governance",
            title=title,
            summary=f"{title}. {help_[0].upper()}{help_[1:]}.",
            sentence=f"When {title[0].lower()}{title[1:]}.",
            page=f"# {title}\n\n{help_[0].upper()}{help_[1:]}.\n",
            help=help_,
            level=Level.WARNING,
            law=(),
            tags=("ignores",),
            precision="very-high",
        )


def _write_baseline(path: Path, findings: Iterable[Finding]) -> None:
    beside = path.with_name(path.name + ".partial")
    try:
        beside.write_text(baselines.render(findings), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise InputError(
            f"{path}: the baseline cannot be written here ({error.strerror})"
        ) from None


def _is_shown(finding: Finding, options: Options) -> bool:
    if options.min_confidence is Confidence.POSSIBLE:
        return True
    return finding.confidence is Confidence.CERTAIN


def _unread(work: _Work) -> tuple[UnreadStretch, ...]:
    not_read = [*work.read.not_read, *work.scene.mishaps.items()]
    found = [UnreadStretch(path, why) for path, why in not_read]
    for path, facts in work.read.facts.items():
        found.extend(UnreadStretch(path, one.why, one.span) for one in facts.unread())
    for span, why in work.scene.unsettled().items():
        found.append(UnreadStretch(span.path, why, span, settled=False))
    return tuple(sorted(found, key=lambda u: (u.path, u.span.start if u.span else -1, u.why)))


def _laws(knowledge: Knowledge) -> tuple[LawInfo, ...]:
    return tuple(
        LawInfo(
            id=a.id, act=a.act, taxon=a.taxon, title=a.title, summary=a.summary, address=a.address
        )
        for a in knowledge.articles.values()
    )


def _acts(knowledge: Knowledge) -> tuple[Taxonomy, ...]:
    return tuple(
        Taxonomy(
            id=a.id,
            name=a.name,
            full_name=a.full_name,
            organization=a.organization,
            released=a.released,
            address=a.address,
        )
        for a in knowledge.acts.values()
    )


def _warnings(paths: Sequence[Path], work: _Work) -> Iterable[str]:
    if not work.discovery.reported:
        named = ", ".join(str(path) for path in paths) or str(work.settings.root)
        yield f"{named}: there is no file here that gdprlint reads"
    for path, why in sorted(work.scene.mishaps.items()):
        yield f"{path}: {why}, so it is not checked; please report it"
    if work.discovery.alone:
        yield (
            f"{work.settings.root}: this folder is in no repository and has no settings, so only "
            "what the named files bring in was read around them; give --root for the whole folder"
        )


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody is told."""
