"""Rule 17.1: every look-up, denied ones too, is a link; the chain holds commitments, the text can go."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from streams import codecs
from streams.people.actors import Actor, Role
from streams.people.audit.chain import begun, extended
from streams.people.audit.findings import REMEDIES
from streams.people.audit.lookups import Kind, LookUp, LookUpError, Subject, canonical
from streams.people.audit.verify import Erased, Stood, Unreadable, signable, verified
from tests.people.looking import (
    DAY,
    HOUR,
    KEY,
    KEYS,
    NOW,
    OTHER_KEY,
    PERSON,
    PHONE,
    chained,
    codes,
    head,
    lookup,
    report,
    salt,
    stood,
)

GOLDEN = Path(__file__).parent.parent / "golden" / "audit" / "chain.json"
LINKS, TEXTS = chained("web-1", *(lookup(NOW + n * 1000) for n in range(6)))
OLD = NOW - 401 * DAY
AGED, AGED_TEXTS = chained("web-1", lookup(OLD), lookup(OLD + HOUR), lookup(NOW - DAY), lookup(NOW))


def test_a_look_up_and_a_denied_one_are_links_and_nothing_is_wrong() -> None:
    denied = lookup(NOW + 1, PERSON, denied="wrong_role", shown=())
    links, texts = chained("web-1", lookup(), denied)
    found = report(stood(*links, *texts))
    assert found.findings == ()
    [chain] = found.chains
    assert (chain.first, chain.end.sequence, chain.bare) == (1, 2, 0)
    assert texts[1].lookup.denied == "wrong_role"


def test_a_link_alone_says_neither_who_nor_whose_phone_nor_is_it_to_be_tried_out() -> None:
    told = codecs.encode_lookup(LINKS[0]) + codecs.lookup_key(LINKS[0])
    for secret in (PHONE.id, PHONE.id.hex().encode(), b"wang", b"T-17", b"appeal", salt(0)):
        assert secret not in told
    tried = [extended(begun("web-1"), lookup(), salt(number))[0].commitment for number in range(1, 9)]
    assert LINKS[0].commitment not in tried


def test_after_a_text_is_erased_the_chain_still_verifies() -> None:
    for erased in range(6):
        kept = [text for text in TEXTS if text.sequence != erased + 1]
        assert codes(stood(*LINKS, *kept)) == []
        assert codes(stood(*LINKS, *TEXTS, Erased("web-1", erased + 1))) == []
    [chain] = report(stood(*LINKS)).chains
    assert chain.bare == 6


def test_two_writers_have_a_chain_each_and_no_text_fits_anothers_link() -> None:
    others, other_texts = chained("gate-1", *(text.lookup for text in TEXTS))
    mixed = [one for pair in zip(LINKS, others, strict=True) for one in pair]
    assert codes(stood(*mixed, *TEXTS, *other_texts)) == []
    assert codes(stood(*mixed, replace(TEXTS[1], writer="gate-1", sequence=1))) == [("text_changed", 1)]
    places = (replace(TEXTS[0], writer="gate-1"), replace(TEXTS[0], sequence=2), TEXTS[0])
    assert len({text.commitment() for text in places}) == 3


def test_a_clock_that_is_set_back_does_not_date_a_link_before_the_last() -> None:
    links, texts = chained("web-1", lookup(NOW), lookup(NOW - DAY))
    assert [link.at for link in links] == [NOW, NOW]
    assert texts[1].lookup.at == NOW - DAY
    assert codes(stood(*links, *texts)) == []


@pytest.mark.parametrize("field", ["commitment", "at", "previous", "previous_at", "hash"])
def test_a_changed_link_is_found(field: str) -> None:
    value = getattr(LINKS[2], field)
    other: Any = value + 1 if isinstance(value, int) else bytes(32)
    changed = replace(LINKS[2], **{field: other})
    assert ("changed", 3) in codes(stood(*LINKS[:2], changed, *LINKS[3:]))


def test_a_changed_link_is_found_though_its_hash_was_worked_out_again() -> None:
    changed = replace(LINKS[2], at=NOW)
    changed = replace(changed, hash=changed.computed())
    assert codes(stood(*LINKS[:2], changed, *LINKS[3:])) == [("changed", 3)]


def test_a_link_that_makes_the_one_before_it_look_older_is_found() -> None:
    changed = replace(LINKS[5], previous_at=OLD)
    assert codes(stood(*LINKS[:5], replace(changed, hash=changed.computed()))) == [("changed", 5)]


def test_a_chain_that_was_written_anew_from_a_link_on_is_found_by_its_head() -> None:
    end, anew = LINKS[1].end(), []
    for number in range(2, 6):
        link, _ = extended(end, lookup(LINKS[number].at, PERSON), salt(number))
        anew.append(link)
        end = link.end()
    assert codes(stood(*LINKS[:2], *anew)) == []
    assert codes(stood(*LINKS[:2], *anew, head(LINKS[4]))) == [("head_mismatch", 5)]


def test_a_first_link_that_remembers_another_is_found() -> None:
    changed = replace(LINKS[0], previous=salt(9))
    assert ("changed", 1) in codes(stood(replace(changed, hash=changed.computed())))


def test_a_missing_link_is_found() -> None:
    assert codes(stood(*LINKS[:2], *LINKS[3:])) == [("missing", 3)]
    [finding] = report(stood(LINKS[0], LINKS[5])).findings
    assert finding.what == "there is no link 2 through 5"


def test_a_reordered_link_is_found() -> None:
    assert codes(stood(*LINKS[:2], LINKS[3], LINKS[2], *LINKS[4:])) == [("reordered", 3)]


def test_links_of_several_partitions_have_no_order_between_them() -> None:
    assert codes([*stood(*LINKS[3:], partition=1), *stood(*LINKS[:3])]) == []


def test_a_doubled_and_a_forked_link_are_told_apart() -> None:
    other, _ = extended(LINKS[1].end(), lookup(NOW + 5000, PERSON), salt(77))
    assert codes(stood(*LINKS, LINKS[2])) == [("doubled", 3)]
    assert codes(stood(*LINKS, other)) == [("forked", 3)]


def test_a_link_marked_for_removal_is_found_before_it_is_gone() -> None:
    assert codes(stood(*LINKS, Erased("web-1", 3, link=True))) == [("erased_link", 3)]


def test_a_changed_text_and_one_without_a_link_are_found() -> None:
    changed = replace(TEXTS[0], lookup=replace(TEXTS[0].lookup, purpose="curiosity"))
    assert codes(stood(*LINKS, changed)) == [("text_changed", 1)]
    assert codes(stood(*LINKS[:5], TEXTS[5])) == [("text_without_link", 6)]
    assert codes(stood(TEXTS[5])) == [("text_without_link", 6)]
    assert codes(stood(TEXTS[5]), NOW + 402 * DAY) == []


def test_a_cut_end_is_found_by_the_head() -> None:
    assert codes(stood(*LINKS[:4])) == []
    assert codes(stood(*LINKS[:4], head(LINKS[5]))) == [("cut_end", 5)]


def test_a_head_with_a_wrong_signature_or_an_unknown_key_vouches_for_nothing() -> None:
    right = head(LINKS[5])
    assert codes(stood(*LINKS, right)) == []
    wrong = replace(right, at=right.at + 1)
    assert codes(stood(*LINKS, wrong)) == [("bad_signature", 6)]
    assert codes(stood(*LINKS, head(LINKS[5], signer=OTHER_KEY))) == [("unknown_key", 6)]
    forged = replace(head(LINKS[5], signer=OTHER_KEY), key=KEY.id)
    assert codes(stood(*LINKS, forged)) == [("bad_signature", 6)]


def test_heads_are_to_be_signed_daily() -> None:
    last = LINKS[5].at
    assert codes(stood(*LINKS, head(LINKS[3])), last + DAY) == []
    assert codes(stood(*LINKS, head(LINKS[3])), last + 2 * DAY) == [("unsigned", 5)]
    assert codes(stood(*LINKS, head(LINKS[5])), last + 90 * DAY) == []


def test_retention_may_cut_what_is_over_400_days_old_at_a_signed_head() -> None:
    cut = AGED[2:]
    assert codes(stood(*cut, *AGED_TEXTS[2:], head(AGED[1], NOW - 2 * DAY))) == []
    assert codes(stood(*cut, *AGED_TEXTS, head(AGED[3]))) == []
    assert codes(stood(head(AGED[1], NOW - 2 * DAY))) == []


def test_a_cut_that_no_head_shows_is_not_retentions() -> None:
    assert codes(stood(*AGED[2:])) == [("cut_unsigned", 2)]


def test_a_cut_of_what_was_to_be_kept_is_found_though_a_head_shows_it() -> None:
    assert codes(stood(AGED[3], head(AGED[2]))) == [("cut_early", 3)]
    assert codes(stood(head(AGED[3]))) == [("cut_early", 4)]


def test_a_cut_that_is_made_look_old_is_found_by_the_heads_behind_it() -> None:
    aged = replace(AGED[3], previous_at=OLD)
    aged = replace(aged, hash=aged.computed())
    assert codes(stood(aged, head(AGED[3]))) == [("cut_unsigned", 3), ("head_mismatch", 4)]
    assert codes(stood(aged, head(AGED[2]))) == [("cut_unsigned", 3), ("head_mismatch", 3)]


def test_what_an_auditor_remembers_finds_a_chain_begun_anew_with_all_its_heads() -> None:
    remembered = [chain.end for chain in report(stood(*LINKS)).chains]
    anew, _ = chained("web-1", lookup(NOW, PERSON))
    assert codes(stood(*anew, head(anew[0]))) == []
    found = verified(stood(*anew, head(anew[0])), KEYS, NOW, remembered).findings
    assert [one.code for one in found] == ["cut_end"]


def test_a_record_of_nobodys_is_named_by_its_place_and_every_finding_has_a_remedy() -> None:
    [finding] = report([Stood(3, 77, Unreadable("bad_framing"))]).findings
    assert finding.what == "partition 3 offset 77: bad_framing"
    assert all(REMEDIES.values())


def test_only_whole_chains_are_signed_or_those_that_somebody_answers_for() -> None:
    others, _ = chained("gate-1", lookup(), lookup())
    found = report(stood(*LINKS[:2], *LINKS[3:], *others))
    assert [end.writer for end in signable(found)] == ["gate-1"]
    assert [end.writer for end in signable(found, ["web-1"])] == ["gate-1", "web-1"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"denied": "wrong_role"}, "shown: expected nothing"),
        ({"shown": ("\udcff",)}, "shown: expected text that is UTF-8"),
        ({"ticket": ""}, "ticket: expected 1 to 2000 characters, found 0"),
        ({"ticket": "x" * 2001}, "ticket: expected 1 to 2000 characters, found 2001"),
    ],
)
def test_what_no_record_could_hold_is_refused_so_that_nothing_is_shown(
    wrong: dict[str, Any], told: str
) -> None:
    with pytest.raises(LookUpError, match=told):
        lookup(**wrong)


def test_a_subject_is_a_pseudonym_and_a_writer_a_short_name() -> None:
    with pytest.raises(LookUpError, match="expected 16 bytes, found 15"):
        Subject(Kind.PHONE, bytes(15))
    with pytest.raises(LookUpError, match="expected 0 bytes, found 16"):
        Subject(Kind.ALL, bytes(16))
    for name in ("", "Web", "a/b", "a" * 65, ".a"):
        with pytest.raises(LookUpError, match="expected up to 64"):
            begun(name)
    with pytest.raises(LookUpError, match="salt: expected 32 bytes"):
        extended(begun("a"), lookup(), b"")


def test_a_canonical_text_has_sorted_keys_no_blanks_and_leaves_out_what_is_absent() -> None:
    bare = LookUp(Actor("路人\n", Role.RESIDENT), Subject(Kind.ALL), 'a "b"', NOW)
    assert canonical(bare).decode() == (
        '{"actor":"路人\\n","at":1793500000000,"purpose":"a \\"b\\"","role":"resident","shown":[],'
        '"subject":{"kind":"all"}}'
    )


def test_the_bytes_of_a_chain_are_those_of_the_golden_file() -> None:
    """A change of any encoding here would make every chain that is kept look forged."""
    links, texts = chained("web-1", lookup(), lookup(NOW + 1, PERSON, denied="wrong_role", shown=()))
    made = {
        "canonical": [canonical(text.lookup).decode() for text in texts],
        "links": [codecs.encode_lookup(link).hex() for link in links],
        "texts": [codecs.encode_lookup(text).hex() for text in texts],
        "head": codecs.encode_lookup(head(links[1])).hex(),
        "keys": [codecs.lookup_key(one).decode() for one in (links[1], texts[1], head(links[1]))],
    }
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == made


def test_a_link_can_be_worked_out_by_hand_from_what_docs_audit_md_says() -> None:
    def hashed(*parts: bytes) -> bytes:
        return sha256(b"".join(struct.pack(">Q", len(part)) + part for part in parts)).digest()

    text = json.loads(GOLDEN.read_text(encoding="utf-8"))["canonical"][0].encode()
    commitment = hashed(b"shendeng/look-up/text/1", salt(0), b"web-1", struct.pack(">Q", 1), text)
    link = hashed(
        b"shendeng/look-up/link/1",
        bytes(32),
        bytes(8),
        b"web-1",
        struct.pack(">Q", 1),
        commitment,
        struct.pack(">Q", NOW),
    )
    assert (LINKS[0].commitment, LINKS[0].hash) == (commitment, link)
