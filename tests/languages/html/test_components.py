"""Vue and Svelte components."""

from __future__ import annotations

from html_reading import element, elements, read, unread, value

from gdprlint.facts import Call, Callback, Define, If, Join, Name, Text

VUE = '<script setup lang="ts">let a</script><template>{}</template>'


def test_a_bound_attribute_is_an_expression_in_the_script_s_scope() -> None:
    text = VUE.replace("{}", '<img :src="a.b">')
    assert value(text, "img", "src", "vue") == Name("@59", 50, 59, 62)


def test_the_expression_is_a_fragment_of_the_script_s_language() -> None:
    text = VUE.replace("{}", '<img :src="a.b">')
    found = read(text, "vue").fragments[1]
    assert (found.language, found.text, found.binds, found.scope, found.kind) == (
        "typescript",
        "a.b",
        "@59",
        50,
        "expression",
    )


def test_the_script_of_a_component_is_a_module() -> None:
    found = read(VUE, "vue").fragments[0]
    assert (found.language, found.kind, found.offset) == ("typescript", "module", 24)


def test_the_outermost_template_of_a_vue_file_is_no_gate() -> None:
    assert element(VUE.replace("{}", "<img src=a>"), "img", "vue").way == ()


def test_v_if_and_v_else_are_conditions_on_the_way() -> None:
    text = VUE.replace("{}", '<p v-if="a"><img></p><b v-else></b><i></i>')
    ways = {found.tag: found.way for found in elements(read(text, "vue"))}
    test = Name("@57", 50, 57, 58)
    assert ways["img"] == (If(test, True, 57, 58),)
    assert ways["b"] == (If(test, False, 57, 58),)
    assert ways["i"] == ()


def test_v_show_is_no_condition_for_loading() -> None:
    assert element(VUE.replace("{}", '<img v-show="a">'), "img", "vue").way == ()


def test_the_statements_of_an_event_are_a_handler() -> None:
    found = read(VUE.replace("{}", '<a @click.once="n++">'), "vue").fragments[1]
    (step,) = found.way
    assert isinstance(step, Callback)
    assert (found.kind, found.text, step.arguments[0].text) == (  # type: ignore[union-attr]
        "handler",
        "n++",
        "click",
    )


def test_a_function_named_for_an_event_is_given_to_add_event_listener() -> None:
    reading = read(VUE.replace("{}", '<a @click="track">'), "vue")
    (call,) = (fact for fact in reading.facts if isinstance(fact, Call))
    event, listener = call.invoke.arguments
    assert isinstance(event, Text)
    assert (event.text, listener) == ("click", Name("@59", 50, 59, 64))


def test_a_loop_defines_its_item() -> None:
    reading = read(VUE.replace("{}", '<li v-for="(x, i) in xs">'), "vue")
    (define,) = (fact for fact in reading.facts if isinstance(fact, Define))
    assert (define.name, define.scope, define.value.of.name) == ("x", 50, "@69")  # type: ignore[union-attr]


def test_interpolations_are_expressions() -> None:
    found = read(VUE.replace("{}", "<p>{{ a <b }}</p>"), "vue").fragments[1]
    assert (found.text, found.offset) == (" a <b ", 53)


def test_names_of_components_keep_their_case_and_close_themselves() -> None:
    text = VUE.replace("{}", "<TheMap :zoom='1' /><img>")
    assert [found.tag for found in elements(read(text, "vue"))][2:] == ["TheMap", "img"]


def test_a_vue_template_in_another_language_is_unread() -> None:
    text = '<template lang="pug">\nimg(src="a")\n</template>'
    assert unread(read(text, "vue")) == ["the template is not written in HTML"]


def test_svelte_attributes_are_expressions_and_joins() -> None:
    text = '<script>let a</script><a href={a.b} title="x {c}">'
    assert value(text, "a", "href", "svelte") == Name("@31", 18, 31, 34)
    assert value(text, "a", "title", "svelte") == Join(
        (Text("x ", 43, 45), Name("@46", 18, 46, 47)), 43, 48
    )


def test_a_svelte_handler_may_hold_what_ends_a_tag() -> None:
    reading = read("<a on:click={() => { go() }}>t</a>", "svelte")
    (found,) = reading.fragments
    assert (found.text, type(found.way[0])) == ("() => { go() }", Callback)


def test_svelte_blocks_are_conditions_on_the_way() -> None:
    text = "{#if a}<p></p>{:else if b}<b></b>{:else}<i></i>{/if}<u></u>"
    ways = {found.tag: found.way for found in elements(read(text, "svelte"))}
    taken = {
        tag: [(step.test.name, step.taken) for step in way]  # type: ignore[union-attr]
        for tag, way in ways.items()
    }
    assert taken == {
        "p": [("@4", True)],
        "b": [("@4", False), ("@23", True)],
        "i": [("@4", False), ("@23", False)],
        "u": [],
    }


def test_a_svelte_loop_defines_its_item() -> None:
    reading = read("{#each xs as x, i (x.id)}{x.y}{/each}", "svelte")
    (define,) = (fact for fact in reading.facts if isinstance(fact, Define))
    assert (define.name, [found.text for found in reading.fragments]) == ("x", ["xs", "x.y"])


def test_template_literals_in_braces_are_stepped_over() -> None:
    reading = read("<p>{@html `a${ {b: '}'}.b }}`}</p>", "svelte")
    assert [found.text for found in reading.fragments] == [" `a${ {b: '}'}.b }}`"]


def test_braces_that_are_not_closed_are_unread() -> None:
    assert unread(read("<p>{ a </p>", "svelte")) == ["the braces are not closed"]
