"""What calls, assignments and settings do, as rows of data.

A row reads as a sentence: *called* `window.fetch`, it *does* send, to the *url* argument 0, with
the *payload* argument 1 . body. Places are spelled so:

- `argument 0`, `keyword max_age`, `arguments` (all of them) of the call, `value` that is assigned,
  `attribute to` of a component;
- `receiver`: the object whose method is called or whose member is assigned; `receiver . href` what
  that member of it is given; `receiver . fields` what a form made by script holds, `receiver .
  click()` the calls of that method of it;
- `made 0`: argument 0 of the call that made the receiver, or that gave the function that is
  called;
- `then send 0`: argument 0 of the method `send` called later on the same object, or on the result;
- ` . name` after any of these is an entry of that object, a number an item of that list, `()` what
  that function gives back, `fields` what the form holds that it is.

`payload`, `query` and `options` may name several places, with ` and ` between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Does: TypeAlias = Literal[
    "load", "store", "read", "send", "submit", "navigate", "ask", "declare", "delete", "make"
]
"""`make` is for rows of values: what the call gives back (an identifier, a form's data, a URL)."""

Use: TypeAlias = Literal["start", "event", "identity", "matching", "search", "consent", "other"]
"""What a vendor's call is for: starting it, an event, telling who the visitor is, matching contact
data with an account, a search term, its own consent switch."""

StoreKind: TypeAlias = Literal["cookie", "local", "session", "indexed"]
Unit: TypeAlias = Literal["seconds", "milliseconds", "days", "date", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOfFact:
    """Where a fact can be read, and the day it was (YYYY-MM-DD)."""

    page: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one spelling does.

    One of `called`, `assigned`, `setting` or `element` says which spelling:

    - `called`: a dotted path (`fbq`, `navigator.sendBeacon`); `window.` and its synonyms are
      implied; `*.set_cookie` is a method of any receiver; `new Image` a constructor; `tag NAME` a
      template tag. With `package` the path starts at what is imported (`default.set`, `redirect`).
    - `assigned`: a member that is given a value (`document.cookie`, `*.href`); `*.*` is any member
      of what the row is `of`.
    - `setting`: a module-level name of a Python settings file.
    - `element: component`: a component of markup that is named `called`.

    `called`, `assigned`, `package` and `of` may hold several with ` or ` between them.
    `when`: all must hold: `argument 0 is init or track`, `argument 1 starts G-`,
    `argument 0 has user_data`, `value holds public`, `value is false`, `argument 0 is not given`,
    `argument 0 is made by new Request`, `argument 1 . persist is switched on`.
    `of`: what the receiver must have been made by (`new Image`, `img` for an element of that tag,
    `axios.default.create` for what a package's function gives, `*.objectStore` for any's).
    `query` holds what is added to the URL as its parameters (with `key` as the value of the one of
    that name), `base` the URL that a relative one
    is below. `options` holds entries named like `flags`, which say how a cookie is kept.
    `needs: start`: the queue serves several vendors; it is this one's where it is seen to start.
    `name` in a vendor's declaration: the part of what is sent that it concerns.
    `says: policy` where the value is a content security policy, or, with `name`, the sources of
    that directive of one; `says: keeps-answers` where it names the addresses whose answers a
    script keeps on the device.
    `instead`: what the value that the last condition asks for would say to be harmless, where that
    is not the other of true and false.
    `says: initial` where the value is what a state only begins with, `says: names` where it
    lists the names of what is kept.
    """

    called: str = ""
    assigned: str = ""
    setting: str = ""
    package: str = ""
    language: Literal["javascript", "python", "any"] = "any"
    when: tuple[str, ...] = ()
    of: str = ""
    does: Does
    use: Use = "other"
    element: str = ""
    url: str = ""
    base: str = ""
    query: str = ""
    payload: str = ""
    key: str = ""
    value: str = ""
    text: str = ""
    as_: StoreKind | None = None
    lifetime: str = ""
    unit: Unit = "seconds"
    by: Literal["script", "server", "link"] = "script"
    flags: tuple[str, ...] = ()
    options: str = ""
    makes: str = ""
    name: str = ""
    says: str = ""
    instead: str = ""
    needs: Literal["", "start"] = ""
    default_days: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What a call hands on: what is `from` one place comes `to` another.

    Instead of `called`, `named` is a value of a library's own (`$route`; `to` begins with `value`
    then), and `exported` a function that the framework calls where a `file` of that name gives it
    out (`to` begins with `argument N`). `called` and `package` are spelled as in a `Row`, and
    `useForm().watch` is a member of what `useForm` gives back. A place begins at

    - `argument N`, `arguments` (each of them), `receiver`, `returned`;
    - `maker`: the call that made the receiver, `useForm(...)` of `form.watch(...)`;
    - `holder`: what the receiver is a member of, `form` of `form.valueChanges.subscribe(...)`;
    - `provider`: what markup provides for the context that is argument 0;
    - `field`, `field argument N`: a form's field, named by the member that is asked for or by an
      argument; `url`, `url argument N`: likewise a parameter of the page's URL;
      `location`: the page's own; `property`: what markup elsewhere gives to the component that
      the file is;
    - `fields`: the fields that components of the file name, as rows say that lead `to: fields`;
      `any NAME`: all calls of a function of that name in the project; `given to NAME`: those of
      them that are given what the call gives back;

    and goes on with names of members, `[]` (any), `*` (any, the same one in `from` and `to`),
    `returned` (what a function gives back), `instance` (what a class makes), `this` (the object
    whose methods the functions there become),
    `fields` (the members of the object there as fields of a form, and those that calls and
    components name which have it from there),
    `entered` (a state that will hold something else than what it begins with),
    `parameter N` (what the library calls a function with that it is given), `argument N` (what a
    function that the library gives out is called with): `returned . 1 . argument 0` is what
    React's setter is called with. `named argument N` is the member that an argument names, `times
    argument N` repeats the turn before as often as an argument says. The member `markup` of a
    string is the node that a browser makes of it, or the fragment where there are several, whose
    `firstChild` and `nextSibling` are members again. `to: receiver . NAME` is what is put into a
    member of the receiver, `to: argument N . NAME` into one of an argument: `set(cell, value)`.
    `unless: argument N`: it does not hold where that is given.

    `model NAME` is what is entered into the control that markup binds by that attribute to the
    members that are asked for of the `named` value (of `this`, by the name that markup has for it);
    `marked NAME` the element with that attribute, whose word is the member's name where `named` has
    a star, in the markup for the `file` of that name.

    `without` is the argument that names members which do not go on, in one list or one by one from
    there on (`_.omit(order, "email", "reason")`); `only`, the one that names those that do.
    """

    called: str = ""
    named: str = ""
    exported: str = ""
    file: str = ""
    package: str = ""
    from_: str
    to: str
    unless: str = ""
    without: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InBundle:
    """How a library's code is known where a bundler wrote it into a site's own files.

    `name` is what `package` gives out, `createRouter()` what that function makes. `holds` are words
    that survive shortening (strings, names of members, keys of objects), all of which its code
    holds; `lacks` words of its neighbours that it does not hold; `get firstChild` is a property
    that is read by way of a getter. `sort`: `function`, a function or
    a class, the code of what it only calls included; `result`, what such a function gives back;
    `object`, an object literal with these keys; `given`, a function that is called with nothing
    but a class that has these members. `known_as`: the global by which other rows speak of
    it, which then holds of what is imported from the package too.
    """

    package: str
    name: str
    holds: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    sort: Literal["function", "result", "object", "given"] = "function"
    known_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiExamples:
    """Code that the rows of a family recognise, and code that they do not."""

    is_: tuple[str, ...] = ()
    is_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiFamily:
    """One file of `knowledge/api`: the rows of the web platform, of Django, of a library."""

    id: str
    title: str
    rows: tuple[Row, ...] = ()
    flows: tuple[Flow, ...] = ()
    inlined: tuple[InBundle, ...] = ()
    sources: tuple[SourceOfFact, ...] = ()
    examples: ApiExamples = ApiExamples()
