"""The words of the document; figures are filled in where they are known."""

from __future__ import annotations

from typing import Final

from streams.accuracy.definition import (
    ABSENCE,
    BORDER_M,
    FAR_M,
    FORGIVEN,
    HOUR,
    STAY,
    TOWN_M,
    TOWN_TOWERS,
    WINDOW,
)

HEAD: Final = """
# How often is it right?

Made by one command, not written by hand (`make accuracy` runs it; two runs write the same bytes):

```
{command}
```

{cities}.

Every figure is of a simulated prefecture (see [simulation.md](simulation.md)), not of the
world: the last section says what that does not show. `shendeng replay --truth truth.csv` gives the first
table for files of one's own.
"""

DEFINITIONS: Final = f"""
## What is asked

**The truth** comes from where people really were and from the areas' polygons, in continuous time: no
hexes, no slots, no towers, and no threshold of a policy. A *true visit* of an area is a time inside its
polygon, absences under {FORGIVEN // 60} minutes forgiven, cut to the {WINDOW // (24 * HOUR)} days before
the moment asked about. Somebody is truly **red** iff one such visit lasts {STAY // 60} minutes; else truly
**yellow** iff there is any presence in an area, or an absence from the jurisdiction of {ABSENCE // 60}
minutes and presence in it now; else truly **green**. An amended area counts from the moment it was
published, for the past too. The truth is unknown only where nothing is told of a phone yet. These are
definitions: who means something else by a stay gets other figures.

**Precision** of a colour is the share of the hours it was said in which it was true; **recall** the share
of the hours it was true in which it was said. *Episodes* are unbroken times of one colour: one that is true
is *found* if the colour is said within it, one that is said is *right* if it is true within it. **Delay**
runs from the truth's turning to its being said, of the episodes found; below zero is early. A phone that
says nothing yet is said to be unknown. Counted are all hours from the clock of the first journal record to
that of the last.

Somebody lives at the **border** if the place of most nights lies within {BORDER_M:.0f} m of an area's
edge, else in **town** if {TOWN_TOWERS} towers stand within {TOWN_M / 1000:.0f} km of it, else in the
**country**.

**False reds**, each with one cause, from where the phone truly was during the visit that the event tells of:

| cause | what it is |
|---|---|
| early, late | the visit meets a true stay; red was said before the truth turned, or after it turned back |
| too short | truly inside, but never for {STAY // 60} minutes |
| beside | never inside, within {BORDER_M / 1000:.0f} km of the area at the nearest: towers reach over it |
| in reach | as above, within {FAR_M / 1000:.0f} km |
| elsewhere | as above, further away: a cloned number or a misplaced tower |
| untold | the truth tells nothing of that time |
"""

OURS: Final = """
## Our defaults

Seeds to choose on, together; in brackets the lowest and the highest of the single seeds.
"""

HOURS: Final = "Hours of phones' time. Unknown is never counted as green:"
CAUSES: Final = "False reds by cause, times and hours:"

AGAINST_CARD: Final = """
The national card's rule has {card_false} false red episodes where ours has {false}, and misses {card_missed}
stays where ours misses {missed}. Any sighting as red misses {any_missed}, and is false {any_false} times.
(The plot leaves it out: its bar would hide the others.)
"""

OTHERS: Final = """
## Against other rules

*National card*: `dwell_mode = "span"` (rule 4.4): all that is seen of an area in a civil day is one visit.
*Any sighting*: red by a single sighting in a cell of the area, coarse or not, nothing discounted. The others
are points of the grid below, chosen there. The last two columns take red and yellow as one: was somebody in
an area at all (or a recent arrival).
"""

GRID: Final = """
## The grid

`stay_minutes` by `fringe_rings` by `pingpong_rings`, all else as built in; red, by hours. The grey line is
our default. Lines lie on each other where `pingpong_rings` changes nothing.
"""

LOSES: Final = """
**Our defaults lose.** At precision {precision:.3f} and recall {recall:.3f} they are beaten by {better} of
{points} points: better in one, not worse in the other. By at most {more_precision:.3f} in precision and
{more_recall:.3f} in recall; single seeds differ by {seeds_precision:.3f} and {seeds_recall:.3f} under our
defaults, so whether it is more than chance only the check below can tell. The best by the harmonic mean:
"""

HOLDS: Final = """
No one of the {points} points is better than our defaults in precision or recall without being worse in
the other.
"""

AROUND: Final = "Fringe and ping-pong with `stay_minutes` {stay}:"

PROPOSALS: Final = """
## What we propose

The defaults stay as they are: the contract fixes them, and a back office sets its own in `policy.toml` and
in each area's `fringe_rings`. Which error is worse is for it to say: a false red shuts somebody in, a
missed stay lets an infection out. The best of the grid, by what one wants:
"""

CHECK: Final = """
### Checked on other cities

A choice made on one city fits that city too well. The same rules on the seeds that had no part in it:
"""

WHOM: Final = """
Whom each rule accuses and whom it misses there: people with a red episode that was never true / people with
a true red episode that was never said, by [kind](simulation.md#what-is-simulated).
"""

ABROAD: Final = """
## In another country

People put among {towers} towers of a real export, key areas in three of its settlements, no jurisdiction;
the rules as chosen above, nothing chosen here. Key areas there lie in towns whose towers also serve those
who live around them, and few towers are coarse by `coarse_range_m`.
"""

WRONG_ABROAD: Final = """
**Our defaults lose here.** Of {said} red episodes {false} were never true. Whoever is `beside` or `in reach`
below was served by a tower in the area while outside it: a fringe counted in cells is no guard where towers
reach further than it. A wider fringe accuses fewer and misses more. A lower `coarse_range_m` may be the
better guard: it was not tried.
"""

LIMITS: Final = """
## What this does not show

- It is one simulator. Its radio, its reports and its people were made by those who made the rules; thresholds
  tuned on it fit it, and other seeds are other cities of the same make, no other world.
- Kinds of people have made-up shares: two in a hundred live at a border, three in a hundred stay once.
  Precision follows from such shares, so it carries over to nowhere; recall and delay depend less on them.
- Stays are of most of a day or of weeks. Who stays for a little less than four hours is rare here, so a low
  `stay_minutes` looks more harmless than it is: where a key area is a market, it accuses whoever shops long.
- Areas are a few squares some kilometres wide. Small ones have little or no core: a fringe costs them more.
- The area that grows half-way makes some stays true, or seen, days after they were: long delays come of it.
- The truth of a cloned number is its owner's; of a new SIM its owner's from the first day.
- Sixteen days are hardly more than the window: colours that fade after fourteen days are seen for two.
- A range over a few seeds is no confidence interval. Where rules differ by less than seeds do, nothing is
  shown.
"""
