"""A model can only make a verdict stricter, and it never says forbidden by itself."""

from __future__ import annotations

from itertools import product

import pytest

from bot.composing import stricter
from bot.messages import Verdict

GREEN = [Verdict.FORBIDDEN, Verdict.UNDECIDED, Verdict.CONDITIONAL, Verdict.ALLOWED]


@pytest.mark.parametrize(("rule", "opinion"), list(product([*GREEN, None], [*GREEN, None])))
def test_no_opinion_makes_a_verdict_greener_or_invents_one(rule: Verdict | None, opinion: Verdict | None) -> None:
    verdict = stricter(rule, opinion)
    if rule is None:
        assert verdict is None
    else:
        assert verdict is not None
        assert GREEN.index(verdict) <= GREEN.index(rule)
        assert (verdict is Verdict.FORBIDDEN) == (rule is Verdict.FORBIDDEN)
