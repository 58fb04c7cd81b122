"""Which definition does a name mean, and what is a callee called in full?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gdprlint.facts import (
    MEMBERS,
    SPREAD,
    TEMPLATE_SCOPE,
    Assign,
    Call,
    Callback,
    Choice,
    Constant,
    Define,
    Either,
    Expr,
    FileFacts,
    Function,
    Invoke,
    Items,
    Member,
    Name,
    Parameter,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword, place_in_list
from gdprlint.flow.inlined import Bundles, Inlined
from gdprlint.flow.macros import argument_of_macro
from gdprlint.flow.reaching import Definition, Reaching
from gdprlint.project import Project

GLOBAL_OBJECTS = frozenset({"window", "self", "globalThis", "top"})
STANDARD_OBJECTS = frozenset(
    {"Array", "JSON", "Math", "Number", "Object", "Promise", "Reflect", "String", "Symbol", "URL"}
)
"""Objects of the language and of browsers whose functions are not the project's (ECMAScript, 19;
URL Standard)."""
EXPORTED = "export default"
"""What a file gives out by itself; and of a component's file the call that gives it to the
framework."""
COMPONENT = -3
"""The scope of names of components in markup, which does not say in which scope it stands."""
_ALIASES_AT_MOST = 6
_DEEPEST_INCLUSION = 4
_MOST_CALLS = 40


@dataclass(frozen=True, slots=True)
class Callee:
    """What is called, in full: `package` it was imported from (or empty) and the path from there.

    `local` where the path starts at a value that the project makes itself; `definitions` are
    then the functions or objects it may be.
    """

    package: str
    names: tuple[str, ...]
    local: bool = False

    @property
    def dotted(self) -> str:
        """The path with dots, the package first where there is one."""
        return ".".join((self.package, *self.names) if self.package else self.names)


class Names:
    """Scopes, imports and globals of the whole project."""

    def __init__(
        self,
        project: Project,
        inlined: Iterable[Inlined] = (),
        handing_back: frozenset[str] = frozenset(),
        giving_returned: frozenset[str] = frozenset(),
    ) -> None:
        self.project = project
        self._handing_back = handing_back
        self._giving_returned = giving_returned
        rows = tuple(inlined)
        self._bundles = Bundles(project.files.__getitem__, rows, self._values_of)
        self.library_names = frozenset(row.name for row in rows)
        self._globals_of_packages = {
            (row.package, name): row.known_as
            for row in rows
            if row.known_as
            for name in (row.name, "*")
        }
        self._by_file: dict[str, dict[tuple[int, str], list[Definition]]] = {}
        self._globals: dict[str, list[Definition]] | None = None
        self._queues: dict[tuple[str, int], bool] = {}
        self._own_methods: dict[str, dict[str, list[tuple[str, int]]]] = {}
        self._owners: dict[str, dict[int, Record]] = {}
        self._libraries: dict[tuple[str, str, int], bool] = {}
        self._callees: dict[tuple[str, str, int], Callee] = {}
        self._exports: dict[tuple[str, str], tuple[Definition, ...]] = {}
        self._on_the_spot: dict[str, dict[int, tuple[Expr, ...]]] = {}
        self._reached: dict[tuple[str, Name], tuple[Definition, ...]] = {}
        self._known_functions: dict[tuple[str, Expr], tuple[tuple[str, int], ...]] = {}
        self._met: set[tuple[str, Expr]] = set()
        self._reaching = Reaching(project)
        self._known_members: dict[tuple[str, Expr, str], tuple[tuple[Expr, str], ...]] = {}

    def definitions(self, name: Name, path: str) -> tuple[Definition, ...]:
        """Every value that `name` can have where it is used in the file `path`."""
        key = (path, name)
        known = self._reached.get(key)
        if known is None:
            scope, found = self._declared(name, path)
            known = self._reached[key] = self._reaching.of(found, name, path, scope)
        return known

    def declared(self, name: Name, path: str) -> tuple[Definition, ...]:
        """Every value that `name`, as the file `path` means it, is given anywhere."""
        return tuple(self._declared(name, path)[1])

    def _declared(self, name: Name, path: str) -> tuple[int, list[Definition]]:
        """The scope that declares a name (0: the page's), and all values that it is given."""
        facts = self.project.files[path]
        table = self._table(path)
        scope: int | None = name.scope
        while scope is not None and scope != 0:
            found = table.get((scope, name.name))
            if found:
                return scope, found
            scope = facts.scopes.get(scope, 0 if scope > 0 else None)
        if scope is None:
            found = []
            if name.scope == TEMPLATE_SCOPE:
                found = self._given_to_macro(name, path)
            found = found or table.get((name.scope, name.name), [])
            if not found and name.scope == TEMPLATE_SCOPE:
                found = self._from_includers(name.name, path, 0)
            return name.scope, found
        return 0, self._global(name.name, path)

    def _given_to_macro(self, name: Name, path: str) -> list[Definition]:
        """What the parameter of a macro is given by its calls, where the name is one."""
        macro = self.project.macro_around(path, name.start)
        if (
            macro is None
            or not isinstance(macro.given, Record)
            or not isinstance(macro.target, Text)
        ):
            return []
        if all(entry.key != name.name for entry in macro.given.entries):
            return []
        found: list[Definition] = []
        for call in self.project.macro_calls.get(macro.target.text, ())[:_MOST_CALLS]:
            where = call.span.path
            if self.project.macro(macro.target.text, where) is not macro:
                continue
            value = argument_of_macro(macro.given, call.invoke, name.name)
            if value is not None:
                found.append(Definition(value, where, call.span, call.way))
        return found

    def _from_includers(self, name: str, path: str, depth: int) -> list[Definition]:
        """What a template's name means in those that include it, before they do: it sees their
        names, and those that the inclusion gives it."""
        found: list[Definition] = []
        for link in self.project.importers.get(path, ()) if depth < _DEEPEST_INCLUSION else ():
            if link.kind != "include":
                continue
            where = link.span.path
            known = self._table(where).get((TEMPLATE_SCOPE, name), [])
            mine = [definition for definition in known if definition.span.start <= link.span.start]
            found.extend(mine or self._from_includers(name, where, depth + 1))
        return list(dict.fromkeys(found))

    def exported(self, path: str, name: str) -> tuple[Definition, ...]:
        """What the module `path` gives out under `name`; in Python its module-level names.

        `*` is what `require` gives back where that is not the exported names together. Exports are
        bindings: of a local name all values count, wherever it is exported.
        """
        table = self._table(path)
        facts = self.project.files[path]
        if facts.language == "python":
            return tuple(
                definition
                for (scope, bound), found in table.items()
                if bound == name and facts.scopes.get(scope, 0) == 0
                for definition in found
            )
        key = (path, name)
        if key not in self._exports:
            # A module that gives out what it takes from itself gives out nothing.
            self._exports[key] = ()
            self._exports[key] = tuple(self._exported(path, name))
        return self._exports[key]

    def _exported(self, path: str, name: str) -> Iterator[Definition]:
        table = self._table(path)
        found = self._named(table, f"export {name}") if name != "*" else ()
        if not found and name not in ("*", "default"):
            found = tuple(self._through_stars(table, path, name))
        for definition in found or self._common_js(path, name):
            if isinstance(definition.value, Name):
                local = self.declared(definition.value, definition.path)
                yield from self._all_through(local or (definition,))
            else:
                yield from self._through(definition)

    def _through_stars(
        self, table: dict[tuple[int, str], list[Definition]], path: str, name: str
    ) -> Iterator[Definition]:
        """What `export * from` gives out under a name."""
        for star in self._named(table, "export *"):
            module = imported_from(star.value)
            target = self.project.module(module[0], path) if module else None
            if target is not None and target != path:
                yield from self.exported(target, name)

    def resolve(self, name: Name, path: str) -> tuple[Definition, ...]:
        """The definitions of `name`, with imports from files of the project seen through."""
        return self._all_through(self.definitions(name, path))

    def _all_through(self, definitions: Iterable[Definition]) -> tuple[Definition, ...]:
        found: dict[Definition, None] = {}
        for definition in definitions:
            found.update(dict.fromkeys(self._through(definition)))
        return tuple(found)

    def _through(self, definition: Definition) -> tuple[Definition, ...]:
        """What an import binds, where a file of the project gives it out; else just itself."""
        module = self.import_of(definition)
        target = self.project.module(module[0], definition.path) if module is not None else None
        found = self.exported(target, module[1]) if module and target is not None else ()
        return found or (definition,)

    def import_of(self, definition: Definition) -> tuple[str, str] | None:
        """The module and the exported name that a definition binds, if it is an import; a module
        that `import()` gives to `then`, and a component that is loaded when it is shown, too."""
        value = definition.value
        module = imported_from(value)
        if module is not None:
            return module
        match value:
            case Parameter(function, 0):
                return self._module_then(definition.path, function, "*")
            case Member(Parameter(function, 0), name):
                return self._module_then(definition.path, function, name)
            case Invoke(_, (Function(number), *_)):
                facts = self.project.files[definition.path].functions.get(number)
                returned = facts.returns if facts is not None else ()
                inner = imported_from(returned[0].value) if len(returned) == 1 else None
                if inner is not None and inner[1] == "*":
                    return inner[0], "default"
        return None

    def _module_then(self, path: str, function: int, name: str) -> tuple[str, str] | None:
        """The import behind the parameter of a function given to `import("m").then`."""
        facts = self.project.files[path].functions.get(function)
        match facts.way[-1:] if facts is not None else ():
            case (Callback(Member(Invoke() as made, "then"), _, 0),):
                module = imported_from(made)
                return (module[0], name) if module is not None and module[1] == "*" else None
        return None

    def callee(self, to: Expr, path: str, depth: int = 0) -> Callee | None:
        """The full name of what `to` means, or None where it has none (a computed value)."""
        match to:
            case Name(name):
                return self._named_callee(to, path, depth)
            case Member(of, name):
                base = self.callee(of, path, depth)
                if base is None:
                    return Callee("", ("", name), True)
                if base.names and base.names[0] in GLOBAL_OBJECTS and not base.package:
                    return Callee("", (*base.names[1:], name), base.local)
                return Callee(base.package, (*base.names, name), base.local)
            case Invoke(Name("require"), (Text(module), *_)):
                return Callee(module, ())
            case Invoke(Name("import"), (Text(module),)):
                return Callee(module, ())
            case Invoke(inner):
                base = self.callee(inner, path, depth)
                if base is None or not base.names:
                    return base
                made = "new " + base.names[-1] if to.new else base.names[-1] + "()"
                return Callee(base.package, (*base.names[:-1], made), base.local)
            case Either(left) | Choice(_, left, _):
                return self.callee(left, path, depth)
        return None

    def _named_callee(self, to: Name, path: str, depth: int) -> Callee:
        """The callee of a bare name, kept: the same name in the same scope means the same."""
        key = (path, to.name, to.scope)
        if key not in self._callees:
            self._callees[key] = self._new_callee(to, path, depth)
        return self._callees[key]

    def _component_callee(self, to: Name, path: str, depth: int) -> Callee:
        """The callee of a component in markup, `Form.Item` of what `Form` is among them."""
        head, *members = to.name.split(".")
        for (_, bound), found in self._table(path).items():
            if bound == head:
                first = found[0]
                module = self.import_of(first)
                base: Callee | None = None
                if module is not None:
                    inside = self.project.module(module[0], path) is not None
                    base = Callee(module[0], () if module[1] == "*" else (module[1],), inside)
                elif isinstance(first.value, Member | Invoke) and members:
                    base = self.callee(first.value, path, depth + 1)
                if base is not None:
                    return Callee(base.package, (*base.names, *members), base.local)
        return Callee("", tuple(to.name.split(".")), True)

    def _new_callee(self, to: Name, path: str, depth: int) -> Callee:
        if to.name == EXPORTED:
            return Callee("", (to.name,))
        if to.scope == COMPONENT:
            return self._component_callee(to, path, depth)
        definitions = self.declared(to, path)
        if not definitions:
            return Callee("", (to.name,))
        library = self._inlined(definitions)
        if library is not None:
            return Callee("" if library.known_as else library.package, library.path)
        for definition in definitions:
            module = self.import_of(definition)
            if module is not None:
                if module in self._globals_of_packages:
                    return Callee("", (self._globals_of_packages[module],))
                exported = () if module[1] == "*" else (module[1],)
                if self.project.module(module[0], path) is None:
                    return Callee(module[0], exported)
                through = self._given_on(to, path, depth)
                return through if through is not None else Callee(module[0], exported, True)
        if depth < _ALIASES_AT_MOST and len(definitions) == 1:
            value = definitions[0].value
            if isinstance(value, Either | Choice):
                value = value.left if isinstance(value, Either) else value.yes
            match value:
                case Name() | Member():
                    alias = self.callee(value, definitions[0].path, depth + 1)
                    if alias is not None and alias.names[:1] != ("",):
                        # NOTE: `window.fbq = window.fbq || ...` is a global, not an alias of
                        # itself.
                        return alias
                case Parameter(function, index):
                    # `(function (w) { ... })(window)`: a global under a short name.
                    given = self._given_on_the_spot(definitions[0].path, function, index)
                    if isinstance(given, Name | Member):
                        alias = self.callee(given, definitions[0].path, depth + 1)
                        if alias is not None and not alias.local:
                            return alias
                case Invoke(Name(), _, False) if imported_from(value) is None:
                    # What an imported hook gives back: `useNavigate()`.
                    made = self.callee(value, definitions[0].path, depth + 1)
                    if made is not None and made.package and not made.local:
                        return made
                    handed = self._handed_back(value.to, definitions[0].path, depth + 1)
                    if handed is not None:
                        return handed
                case Invoke(Member(Name(), hook), _, False) if _is_hook(hook):
                    # Bundlers call what they import as members: `(0, module.useRouter)()`.
                    made = self.callee(value, definitions[0].path, depth + 1)
                    if made is not None:
                        return made
                case Invoke(Member(), _, False):
                    # What a member of a package makes: `client.create()`.
                    made = self.callee(value, definitions[0].path, depth + 1)
                    if made is not None and made.package and not made.local:
                        return made
                case Invoke(_, _, True):
                    made = self.callee(value, definitions[0].path, depth + 1)
                    if made is not None and not made.local:
                        return made
                case Invoke(Name("require" | "import")):
                    found = self.callee(value, definitions[0].path, depth + 1)
                    if found is not None:
                        return found
        queues = any(self._is_queue(d) for d in definitions)
        own = any(isinstance(d.value, Function) for d in definitions)
        at_top = queues or (to.scope == 0 and not own)
        return Callee("", (to.name,), local=not at_top)

    def _handed_back(self, to: Expr, path: str, depth: int) -> Callee | None:
        """What a hook of the project's own gives back that is a package's:
        `const useGo = () => useNavigate()`."""
        functions = self.functions(to, path)
        facts = (
            self.project.files[functions[0][0]].functions.get(functions[0][1])
            if (len(functions) == 1)
            else None
        )
        if facts is None or len(facts.returns) != 1:
            return None
        value, where = facts.returns[0].value, functions[0][0]
        if not isinstance(value, Name | Member | Invoke):
            return None
        made = self.callee(value, where, depth)
        return made if made is not None and made.package and not made.local else None

    def _inlined(self, definitions: Iterable[Definition]) -> Inlined | None:
        """What of a library a name stands for that a bundler wrote into the site's own code."""
        for definition in self._all_through(definitions):
            found = self.library_of(definition.value, definition.path)
            if found is not None:
                return found
        return None

    def is_library(self, to: Expr, path: str) -> bool:
        """Whether a callee belongs to a library that a bundler wrote into the site's own code."""
        outer = to
        while isinstance(to, Member | Invoke):
            to = to.of if isinstance(to, Member) else to.to
        if not isinstance(to, Name):
            return False
        if isinstance(outer, Member) and outer.of == to and to.name in STANDARD_OBJECTS:
            # What a script puts there for old browsers does what the language says.
            return not self.declared(to, path)
        key = (path, to.name, to.scope)
        known = self._libraries.get(key)
        if known is None:
            known = self._inlined(self.declared(to, path)) is not None
            self._libraries[key] = known
        return known

    def library_asked(self, call: Invoke, path: str) -> Inlined | None:
        """The library's function that a call is of, as what it is given tells."""
        return self._bundles.asked_with(call, path)

    def library_of(self, value: Expr, path: str) -> Inlined | None:
        """What of a library a value of the project's own code is a copy of."""
        return self._bundles.meant_by(value, path)

    def _values_of(self, name: Name, path: str) -> Iterator[tuple[Expr, str]]:
        return ((d.value, d.path) for d in self.resolve(name, path))

    def _given_on(self, to: Name, path: str, depth: int) -> Callee | None:
        """What a module of the project gives out that is a package's own: a shared instance."""
        if depth >= _ALIASES_AT_MOST:
            return None
        for definition in self._all_through(self.declared(to, path)):
            module = self.import_of(definition)
            if module is not None:
                if self.project.module(module[0], definition.path) is None:
                    return Callee(module[0], () if module[1] == "*" else (module[1],))
            elif isinstance(definition.value, Name | Member | Invoke):
                found = self.callee(definition.value, definition.path, depth + 1)
                if found is not None and found.package and not found.local:
                    return found
        return None

    def _given_on_the_spot(self, path: str, function: int, index: int) -> Expr | None:
        """What a function expression is called with right where it stands."""
        calls = self._on_the_spot.get(path)
        if calls is None:
            calls = self._on_the_spot[path] = {}
            for fact in self.project.files[path].facts:
                if isinstance(fact, Call) and not fact.invoke.new:
                    match fact.invoke:
                        case Invoke(Function(number), given):
                            calls[number] = given
                        case Invoke(Member(Function(number), "call"), (_, *rest)):
                            calls[number] = tuple(rest)
        given = calls.get(function, ())
        return given[index] if index < len(given) else None

    def _is_queue(self, definition: Definition) -> bool:
        """Whether a definition only hands its arguments on, as the stub of a vendor's snippet
        does."""
        match definition.value:
            case Function(number):
                pass
            case Either(_, Function(number)):
                pass
            case Either(Member(Name(holder)), _) if holder in GLOBAL_OBJECTS:
                return True
            case _:
                return False
        key = (definition.path, number)
        if key not in self._queues:
            self._queues[key] = self._hands_on(definition.path, number)
        return self._queues[key]

    def _hands_on(self, path: str, number: int) -> bool:
        function = self.project.files[path].functions.get(number)
        if function is None:
            return False
        given = set(function.parameters) - {""}
        for fact in self.project.within(path, function.span.start, function.span.end):
            if isinstance(fact, Call):
                handed = set(_names_among(self._handed(fact.invoke, path)))
                # One that keeps something for itself does a work of its own.
                if "arguments" in handed or (given and given <= handed):
                    return True
        return False

    def _handed(self, call: Invoke, path: str) -> Iterator[Expr]:
        """What a call is given; in place of a call without arguments what that gives back."""
        for given in call.arguments:
            yield given
            if isinstance(given, Invoke) and not given.arguments:
                for where, number in self.functions(given.to, path):
                    inner = self.project.files[where].functions.get(number)
                    if where == path and inner is not None:
                        yield from (returned.value for returned in inner.returns)

    def functions(self, to: Expr, path: str, depth: int = 0) -> tuple[tuple[str, int], ...]:
        """The project's functions that `to` can mean: (file, number).

        A name that means itself by way of others is looked at once in each search.
        """
        if isinstance(to, Function):
            return ((path, to.function),)
        if self.is_library(to, path):
            # Rows say what it does; its code is not the site's.
            return ()
        key = (path, to)
        if depth:
            if depth > _ALIASES_AT_MOST or key in self._met:
                return ()
            self._met.add(key)
            return self._functions(to, path, depth)
        known = self._known_functions.get(key)
        if known is None:
            outer, self._met = self._met, {key}
            known = self._known_functions[key] = self._functions(to, path, 0)
            self._met = outer
        return known

    def _functions(self, to: Expr, path: str, depth: int) -> tuple[tuple[str, int], ...]:
        found: list[tuple[str, int]] = []
        match to:
            case Name():
                for definition in self.resolve(to, path):
                    found.extend(self._functions_in(definition, depth))
            case Member(of, name):
                for value, where in self.members(of, name, path):
                    if isinstance(value, Function | Name):
                        found.extend(self.functions(value, where, depth + 1))
                if not found and isinstance(of, Name) and of.name in ("this", "self"):
                    found.extend(self._methods_of_this(of, name, path, depth))
                if not found:
                    for made, where in self._made(of, path, depth):
                        for value, place in self.members(made, name, where):
                            if isinstance(value, Function | Name):
                                found.extend(self.functions(value, place, depth + 1))
                if not found and name in ("call", "apply"):
                    found.extend(self.functions(of, path, depth + 1))
        return tuple(dict.fromkeys(found))

    def _made(self, of: Expr, path: str, depth: int) -> Iterator[tuple[Expr, str]]:
        """What functions of the project give back where `of` is a call of them, or such a value."""
        calls = [(of, path)]
        if isinstance(of, Name):
            calls = [(definition.value, definition.path) for definition in self.resolve(of, path)]
        for call, where in calls:
            if isinstance(call, Invoke) and not call.new:
                for place, number in self.functions(call.to, where, depth + 1):
                    facts = self.project.files[place].functions.get(number)
                    for returned in facts.returns if facts is not None else ():
                        yield returned.value, place

    def gives_back(self, to: Expr) -> bool:
        """Whether a call gives back the function that it is given, to be called by who has it."""
        return isinstance(to, Name | Member) and to.name in self._handing_back

    def gives_returned(self, to: Expr) -> bool:
        """Whether a call gives back what the function gives back that it is given."""
        return isinstance(to, Name | Member) and to.name in self._giving_returned

    def in_file(self, name: str, path: str) -> tuple[tuple[str, int], ...]:
        """The functions that a name means somewhere in a file: of components, which markup names
        without saying in which scope."""
        found: list[tuple[str, int]] = []
        for (_, bound), definitions in self._table(path).items():
            if bound == name:
                for definition in definitions:
                    for resolved in self._through(definition):
                        found.extend(self._functions_in(resolved, 0))
        return tuple(dict.fromkeys(found))

    def imported_names(self) -> Iterator[str]:
        """Every name that a file of the project imports, as its module gives it out."""
        for path in self.project.files:
            for fact in self.project.facts(path):
                module = imported_from(fact.value) if isinstance(fact, Define) else None
                if module is not None:
                    yield module[1]

    def named_in_file(self, name: str, path: str) -> tuple[Definition, ...]:
        """What a name means somewhere in a file, imports seen through; for markup, as above."""
        return tuple(
            resolved
            for (_, bound), definitions in self._table(path).items()
            if bound == name
            for definition in definitions
            for resolved in self._through(definition)
        )

    def is_member(self, name: Name, path: str) -> bool:
        """Whether a name in markup means a member of the component, whose class or options are
        written elsewhere."""
        if name.name == "this" or name.name[:1] == "@":
            return False
        scope: int | None = name.scope
        if scope != MEMBERS and (scope == 0 or self.project.files[path].language != "vue"):
            return False
        table = self._table(path)
        scopes = self.project.files[path].scopes
        while scope is not None and scope != 0:
            if (scope, name.name) in table:
                return False
            if scope == MEMBERS:
                return True
            scope = scopes.get(scope)
        return False

    def component_file(self, to: Expr, path: str) -> str | None:
        """The file that a component in the markup of `path` is imported from; `<booking-form>` is
        `BookingForm`."""
        if not isinstance(to, Name):
            return None
        name = "".join(word[:1].upper() + word[1:] for word in to.name.split("-"))
        for (_, bound), definitions in self._table(path).items():
            if bound == name:
                for definition in definitions:
                    module = imported_from(definition.value)
                    if module is not None and module[1] == "default":
                        return self.project.module(module[0], path)
        return None

    def of_window(self, name: str, path: str) -> list[Definition]:
        """What scripts that share a page with `path` put on `window` under a name."""
        return self._global(name, path)

    def given_out(self, module: str, name: str, path: str) -> tuple[Definition, ...]:
        """What a module that `path` imports gives out under a name."""
        target = self.project.module(module, path)
        return self.exported(target, name) if target is not None else ()

    def owner(self, path: str, function: int) -> Record | None:
        """The object or the class that a function is written into as a method."""
        owners = self._owners.get(path)
        if owners is None:
            owners = self._owners[path] = {}
            for fact in self.project.facts(path):
                if isinstance(fact, Define | Assign):
                    _own(fact.value, owners)
        return owners.get(function)

    def _methods_of_this(
        self, this: Name, name: str, path: str, depth: int
    ) -> Iterator[tuple[str, int]]:
        """The methods that `this` has under a name: of the class it stands in, else of what extends
        that; of what the file has alone where it stands in none that is seen."""
        owner = self.owner(path, (this.scope - 1) // 2) if this.scope > 0 else None
        if owner is None:
            yield from self._methods(path).get(name, ())
            return
        found = self.members(owner, name, path)
        for made in () if found else self._extending(owner, path):
            found.extend(self.members(made, name, path))
        for value, where in found:
            if isinstance(value, Function | Name):
                yield from self.functions(value, where, depth + 1)

    def _extending(self, owner: Record, path: str) -> Iterator[Record]:
        """The classes of a file that extend another of it."""
        for fact in self.project.facts(path):
            match fact:
                case Define(_, _, Record(entries) as made) | Assign(_, Record(entries) as made):
                    for entry in entries:
                        if entry.key == SPREAD and isinstance(entry.value, Name):
                            definitions = self.resolve(entry.value, path)
                            if any(d.value == owner for d in definitions):
                                yield made

    def _methods(self, path: str) -> dict[str, list[tuple[str, int]]]:
        """The methods of the objects and classes of one file, by names that only one has."""
        table = self._own_methods.get(path)
        if table is None:
            table = {}
            for fact in self.project.files[path].facts:
                value = fact.value if isinstance(fact, Define | Assign) else None
                for entry in value.entries if isinstance(value, Record) else ():
                    if isinstance(entry.value, Function):
                        table.setdefault(entry.key, []).append((path, entry.value.function))
            table = {name: found for name, found in table.items() if len(set(found)) == 1}
            self._own_methods[path] = table
        return table

    def _functions_in(self, definition: Definition, depth: int) -> Iterator[tuple[str, int]]:
        match definition.value:
            case Function(number) | Either(_, Function(number)) | Either(Function(number), _):
                yield definition.path, number
            case Name() | Member() as other:
                yield from self.functions(other, definition.path, depth + 1)
            case Record() as made:
                # To call a class, by `new`, is to call its constructor.
                for value, where in self.members(made, "constructor", definition.path):
                    if isinstance(value, Function):
                        yield where, value.function
            case Parameter(number, index):
                given = self._given_on_the_spot(definition.path, number, index)
                if isinstance(given, Function | Name):
                    yield from self.functions(given, definition.path, depth + 1)
            case Invoke(Member(bound, "bind")):
                yield from self.functions(bound, definition.path, depth + 1)
            case Invoke(to, (Function(number), *_)) if self.gives_back(to):
                yield definition.path, number

    def members(self, of: Expr, name: str, path: str, depth: int = 0) -> list[tuple[Expr, str]]:
        """The values that the member `name` of `of` is given in objects that the project writes."""
        if depth > _ALIASES_AT_MOST:
            return []
        if not isinstance(of, Name | Member):
            return list(self._members(of, name, path, depth))
        # A name that means itself by way of others, as minified ones do, has to be asked once only.
        key = (path, of, name)
        known = self._known_members.get(key)
        if known is None:
            self._known_members[key] = ()
            unique = dict.fromkeys(self._members(of, name, path, depth))
            known = self._known_members[key] = tuple(unique)
        return list(known)

    def _members(self, of: Expr, name: str, path: str, depth: int) -> Iterator[tuple[Expr, str]]:
        found: list[tuple[Expr, str]] = []
        match of:
            case Invoke(Name("require" | "import"), (Text(required),)):
                found.extend((d.value, d.path) for d in self.given_out(required, name, path))
            case Record(entries):
                for entry in entries:
                    if entry.key == name:
                        found.append((entry.value, path))
                    elif entry.key == "...":
                        found.extend(self.members(entry.value, name, path, depth + 1))
            case Items(items) if (at := place_in_list(name)) is not None and at < len(items):
                found.append((items[at], path))
            case Either(left, right):
                found.extend(self.members(left, name, path, depth + 1))
                found.extend(self.members(right, name, path, depth + 1))
            case Name(object_name) if object_name in GLOBAL_OBJECTS:
                found.extend((d.value, d.path) for d in self._global(name, path))
            case Name():
                for definition in self.resolve(of, path):
                    module = imported_from(definition.value)
                    if module is not None and module[1] == "*":
                        given = self.given_out(module[0], name, definition.path)
                        found.extend((d.value, d.path) for d in given)
                        continue
                    if definition.value != of:
                        found.extend(
                            self.members(definition.value, name, definition.path, depth + 1)
                        )
            case Invoke(made, _, True):
                found.extend(self.members(made, name, path, depth + 1))
            case Member(inner, key):
                for value, where in self.members(inner, key, path, depth + 1):
                    found.extend(self.members(value, name, where, depth + 1))
        return iter(found)

    @staticmethod
    def _named(
        table: dict[tuple[int, str], list[Definition]], wanted: str
    ) -> tuple[Definition, ...]:
        return tuple(
            definition
            for (_, bound), found in table.items()
            if bound == wanted
            for definition in found
        )

    def _common_js(self, path: str, name: str) -> tuple[Definition, ...]:
        found: list[Definition] = []
        for fact in self.project.files[path].facts:
            match fact:
                case Assign(Member(Name("exports"), key)) if key == name:
                    found.append(_of(fact))
                case Assign(Member(Member(Name("module"), "exports"), key)) if key == name:
                    found.append(_of(fact))
                case Assign(Member(Name("module"), "exports")):
                    found.extend(self._in_whole(_of(fact), name))
                case Define("export default") if self.project.files[path].language == "json":
                    whole = Definition(fact.value, path, fact.span, fact.way)
                    found.extend(self._in_whole(whole, name))
        # Compilers put `exports.x = void 0` first.
        given = [d for d in found if not (isinstance(d.value, Constant) and d.value.value is None)]
        return tuple(given or found)

    def _in_whole(self, whole: Definition, name: str) -> Iterator[Definition]:
        """What a module that gives out `whole` has under a name; all of it as its default."""
        module = imported_from(whole.value)
        target = self.project.module(module[0], whole.path) if module is not None else None
        if module is not None and target is not None:
            wanted = name if module[1] == "*" else module[1]
            yield from self.exported(target, wanted)
        elif name in ("default", "*"):
            yield whole
        else:
            wholes = [(whole.value, whole.path), *self._made(whole.value, whole.path, 0)]
            for inner, place in wholes:
                for value, where in self.members(inner, name, place):
                    yield Definition(value, where, whole.span, whole.way)

    def _table(self, path: str) -> dict[tuple[int, str], list[Definition]]:
        table = self._by_file.get(path)
        if table is not None:
            return table
        table = self._by_file[path] = {}
        facts = self.project.files[path]
        for fact in facts.facts:
            if isinstance(fact, Define):
                bare = Constant(None, fact.span.start, fact.span.end)
                definition = Definition(
                    fact.value, path, fact.span, fact.way, overwrites=fact.value != bare
                )
                table.setdefault((fact.scope, fact.name), []).append(definition)
        for fact in facts.facts:
            if isinstance(fact, Assign) and isinstance(fact.to, Name):
                scope = _declaring(fact.to, facts, table)
                if scope != MEMBERS:
                    table.setdefault((scope, fact.to.name), []).append(_of(fact))
        return table

    def _global(self, name: str, path: str) -> list[Definition]:
        if self._globals is None:
            self._globals = self._all_globals()
        found = self._globals.get(name, [])
        if len(found) <= 1:
            return found if not found or self._together(found[0].path, path) else []
        return [definition for definition in found if self._together(definition.path, path)]

    def _together(self, one: str, other: str) -> bool:
        """Whether two files meet on a page, so that one sees the other's globals."""
        if one == other:
            return True
        pages = self.project.pages_of
        ids = {page.id for page in pages.get(one, ())}
        return any(page.id in ids for page in pages.get(other, ()))

    def _all_globals(self) -> dict[str, list[Definition]]:
        found: dict[str, list[Definition]] = {}
        for path, facts in self.project.files.items():
            if facts.language == "python":
                continue
            for (scope, name), definitions in self._table(path).items():
                if scope == 0:
                    found.setdefault(name, []).extend(definitions)
            for fact in facts.facts:
                if isinstance(fact, Assign):
                    match fact.to:
                        case Member(Name(holder), name) if holder in GLOBAL_OBJECTS:
                            found.setdefault(name, []).append(_of(fact))
        return found


def _own(value: Expr, owners: dict[int, Record]) -> None:
    """Note which functions are methods of the object or class that `value` is."""
    match value:
        case Record(entries):
            # Fields of a class are worked out in its object.
            owners.setdefault(value.start, value)
            for entry in entries:
                match entry.value:
                    case Function(number) | Invoke(Function(number)):
                        owners.setdefault(number, value)
                    case Record():
                        _own(entry.value, owners)
        case Invoke(to, arguments):
            for part in (to, *arguments):
                if isinstance(part, Record):
                    _own(part, owners)


def _is_hook(name: str) -> bool:
    """Whether a function is named as hooks are (React, "Rules of Hooks")."""
    return name.startswith("use") and name[3:4].isupper()


def imported_from(value: Expr) -> tuple[str, str] | None:
    """The module and the exported name that an import binds, or None where `value` is no import."""
    match value:
        case Invoke(Name("import"), (Text(module), Text(name))):
            return module, name
        case Invoke(Name("import" | "require"), (Text(module),)):
            return module, "*"
        case Member(Invoke(Name("import" | "require"), (Text(module),)), name):
            return module, name
    return None


def _of(fact: Assign) -> Definition:
    """An assignment as a definition; what a pattern fills spans its name only."""
    whole = fact.span.end > fact.to.end or fact.span.start < fact.to.start
    overwrites = whole and not fact.augmented
    return Definition(fact.value, fact.span.path, fact.span, fact.way, fact.augmented, overwrites)


def _declaring(name: Name, facts: FileFacts, table: dict[tuple[int, str], list[Definition]]) -> int:
    scope = name.scope
    while scope > 0:
        if (scope, name.name) in table:
            return scope
        scope = facts.scopes.get(scope, 0)
    return scope


def _names_among(values: Iterable[Expr]) -> Iterator[str]:
    """The names among arguments, those in lists and spread ones too."""
    for argument in values:
        match argument.value if isinstance(argument, Keyword) else argument:
            case Name(name):
                yield name
            case Items(items):
                yield from _names_among(items)
