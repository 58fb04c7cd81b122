"""Routes and rendered templates, by the shapes of well-known calls."""

from __future__ import annotations

import pytest
from python_reading import links

from gdprlint.facts import Invoke, Items, Join, Member, Name, Text

VIEWS = Name("views", 2)


def test_patterns_lead_to_views() -> None:
    text = (
        "urlpatterns = [\n"
        "    path('search', views.search, name='search'),\n"
        "    re_path(r'^a$', views.A.as_view()),\n"
        "    url(regex='^b$', view=views.b, name='b'),\n"
        "]\n"
    )
    assert links(text, "route") == [
        (Text("search"), "search", Member(VIEWS, "search")),
        (Text("^a$"), "", Invoke(Member(Member(VIEWS, "A"), "as_view"), ())),
        (Text("^b$"), "b", Member(VIEWS, "b")),
    ]


def test_an_included_module_is_the_view() -> None:
    text = "urlpatterns = [path('shop/', include('shop.urls'))]\n"
    include = Invoke(Name("include", 2), (Text("shop.urls"),))
    assert links(text, "route") == [(Text("shop/"), "", include)]


def test_a_module_included_with_a_namespace_is_the_view() -> None:
    text = "urlpatterns = [path('shop/', include(('shop.urls', 'shop')))]\n"
    include = Invoke(Name("include", 2), (Items((Text("shop.urls"), Text("shop"))),))
    assert links(text, "route") == [(Text("shop/"), "", include)]


def test_a_list_included_right_there_has_the_prefix() -> None:
    text = "urlpatterns = [path('a/', include([path('b', v, name='n'), path('<c>', w)]))]\n"
    assert links(text, "route") == [
        (Text("a/b"), "n", Name("v", 2)),
        (Text("a/<c>"), "", Name("w", 2)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "urlpatterns += [path('x', v)]",
        "urlpatterns = i18n_patterns(path('x', v))",
        "urlpatterns = [path('x', v)] + static('/media/')",
        "urlpatterns: list = [path('x', v)]",
    ],
)
def test_patterns_are_found_in_all_usual_lists(text: str) -> None:
    assert links(text, "route") == [(Text("x"), "", Name("v", 2))]


def test_a_path_elsewhere_is_no_route() -> None:
    assert links("x = [path('a', b)]\n", "route") == []


@pytest.mark.parametrize(
    ("decorator", "target", "name"),
    [
        ("app.route('/x')", Text("/x"), "show"),
        ("bp.get('/x/<int:i>')", Text("/x/<int:i>"), "show"),
        ("router.post(path='/x', name='made')", Text("/x"), "made"),
        ("app.route(rule='/x', endpoint='e')", Text("/x"), "e"),
        ("app.route(BASE + '/x')", Join((Name("BASE", 2), Text("/x"))), "show"),
    ],
)
def test_a_decorator_leads_to_its_function(decorator: str, target: object, name: str) -> None:
    text = f"@{decorator}\nasync def show(): pass\n"
    assert links(text, "route") == [(target, name, Name("show", 2))]


def test_a_decorator_that_is_no_call_is_no_route() -> None:
    assert links("@app.get\ndef show(): pass\n@property\ndef a(): pass\n", "route") == []


@pytest.mark.parametrize(
    ("call", "target"),
    [
        ("render(request, 'a.html', {})", Text("a.html")),
        ("render(request, template_name='a.html')", Text("a.html")),
        ("render(request, chosen)", Name("chosen", 1)),
        ("shortcuts.render(request, f'{x}.html')", Join((Name("x", 1), Text(".html")))),
        ("self.render('a.html', x=1)", Text("a.html")),
        ("render_template('a.html', x=1)", Text("a.html")),
        ("flask.render_template('a.html')", Text("a.html")),
        ("TemplateResponse(request, 'a.html', {})", Text("a.html")),
        ("templates.TemplateResponse('a.html', {'request': request})", Text("a.html")),
        ("render_to_string('a.html', {}, request)", Text("a.html")),
        ("get_template('a.html')", Text("a.html")),
        ("select_template(['a.html', 'b.html'])", Items((Text("a.html"), Text("b.html")))),
    ],
)
def test_a_call_renders_a_template(call: str, target: object) -> None:
    text = f"def show(request):\n    return {call}\n"
    assert links(text, "render") == [(target, "", Name("show", 2))]


@pytest.mark.parametrize("call", ["form.render()", "template.render(values)", "t.render(a, b)"])
def test_a_form_or_a_template_that_renders_itself_names_no_template(call: str) -> None:
    assert links(call, "render") == []


def test_a_template_outside_of_functions_has_no_view() -> None:
    assert links("t = get_template('a.html')\n", "render") == [(Text("a.html"), "", None)]


def test_a_class_names_the_template_that_it_renders() -> None:
    text = "class Home(TemplateView):\n    template_name = 'home.html'\n"
    assert links(text, "render") == [(Text("home.html"), "", Name("Home", 2))]


def test_a_name_like_the_classes_attribute_is_nothing_outside() -> None:
    assert links("template_name = 'home.html'\n", "render") == []


def test_the_view_of_a_method_is_its_class() -> None:
    text = (
        "class Home(View):\n    def get(self, request):\n        return render(request, 'a.html')\n"
    )
    assert links(text, "render") == [(Text("a.html"), "", Name("Home", 2))]
