"""`CONTRADICTED` is raised once, stands while its reason is hidden, and is gone with it (rule 11.2)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.people.actors import Actor, Role
from streams.people.aggregates import decided, nothing_known, numbered, recorded
from streams.people.commands import Command, Refused
from streams.people.contradictions import Contradicted
from streams.people.questions import QUESTIONS, QuestionDropped, QuestionRaised, follows

PERSON = "01" * 16
SELF = Actor("person-colours", Role.OPERATOR)
hidden = st.sets(
    st.builds(
        Contradicted, st.sampled_from(("STAYED", "PASSED_THROUGH")), st.sampled_from("AB"), st.booleans()
    )
)


@given(st.lists(hidden))
def test_what_stands_is_what_is_hidden_whatever_was_hidden_before(several: list[set[Contradicted]]) -> None:
    known = nothing_known(QUESTIONS)
    for now in several:
        for fact in numbered(known, PERSON, "c", SELF, 0, follows(known.state, now)):
            known = recorded(QUESTIONS, known, fact)
        assert known.state.open == {(one.code, one.area) for one in now}
        assert follows(known.state, now) == ()


def test_an_answer_neither_raises_it_again_nor_drops_it() -> None:
    asked, answered = (Contradicted("STAYED", "A", answered=said) for said in (False, True))
    known = nothing_known(QUESTIONS)
    [fact] = numbered(known, PERSON, "c", SELF, 0, follows(known.state, [asked]))
    known = recorded(QUESTIONS, known, fact)
    assert fact.body == QuestionRaised("STAYED", "A")
    assert follows(known.state, [answered]) == ()
    assert follows(known.state, []) == (QuestionDropped("STAYED", "A"),)


def test_nobody_asks_for_a_question() -> None:
    wish = Command("c-1", PERSON, SELF, 0, QuestionRaised("STAYED", "A"))
    refused = decided(QUESTIONS, nothing_known(QUESTIONS), wish)
    assert isinstance(refused, Refused)
    assert refused.code == "not_asked_for"
