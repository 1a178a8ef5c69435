"""What a mapping template of API Gateway sends is told by the template's own text."""

import pytest

from stockade.analysis.events.mapping import mapped

CASES = {
    "a body that is passed on under a name": (
        '{"body": $input.json("$"), "stage": "$context.stage"}',
        ("body",),
    ),
    "words of the request within an object": (
        '{"who": {"ip": "$context.identity.sourceIp", "name": "$input.params(\'name\')"}, "a": 1}',
        ("who",),
    ),
    "lists and commas in texts": (
        '{"a": ["x, y", {"b": "}"}], "c": "$util.escapeJavaScript($input.body)"}',
        ("c",),
    ),
    "a variable that the template sets": (
        '#set($name = $input.params("name"))\n{"fixed": true, "name": "$name"}',
        ("name",),
    ),
    "the body as it is": ("$input.json('$')", ("",)),
    "an object whose keys are the caller's": (
        '{#foreach($key in $input.params().keySet())"$key": "$input.params($key)"#end}',
        ("",),
    ),
    "nothing of the request": ('{"action": "refresh"}', ()),
}


@pytest.mark.parametrize("name", CASES)
def test_the_caller_writes_the_fields_that_hold_words_of_the_request(name: str) -> None:
    """Fields of the gateway's own context and constants are not his."""
    template, fields = CASES[name]

    assert mapped([template]) == fields


def test_without_a_template_the_body_is_the_event() -> None:
    """The caller writes all of it, and so he does where a template is not known."""
    assert mapped([]) == ("",)
    assert mapped(['{"a": 1}', None]) == ("",)


def test_of_several_templates_the_caller_chooses_one_by_its_content_type() -> None:
    """What any of them takes over is his."""
    assert mapped(['{"a": $input.body}', '{"b": $input.body}']) == ("a", "b")


def test_a_template_that_does_not_end_is_read_as_far_as_it_goes() -> None:
    """An author's mistake is none of ours."""
    assert mapped(['{"a": "$input.body", "b": {"c": [']) == ("a",)
    assert mapped(["{" * 200_000]) == ("",)
