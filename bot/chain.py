"""The chain that writes an answer: a question that stands alone -> retrieve -> write -> prove. A LangChain runnable."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langchain_core.runnables import RunnableGenerator, RunnableLambda

from bot import checking
from bot.drafts import Brief, Claim, Draft, Said, Usage
from bot.errors import ModelUnreadable
from bot.evidence import offer
from bot.privacy import put_back
from bot.prompts import OTHER
from bot.standing import faithful

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from langchain_core.runnables import Runnable

    from bot.checking import Dropped, Proven
    from bot.evidence import Offered
    from bot.ports import Finder, Judge, Writer
    from knowledge.findings import Findings, Found, Reader
    from knowledge.glossary import Glossary

CANDIDATES = 20
"""Passages that a model may choose from."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way to a model. `text` and `earlier` have placeholders for personal data; `originals` says for what.

    `history` holds the earlier turns as they were, for the search in this house only; `found` what the question as it was asked has
    found already.
    """

    text: str
    earlier: tuple[str, ...]
    language: str
    reader: Reader
    finder: Finder
    deadline: float
    history: tuple[str, ...] = ()
    originals: Mapping[str, str] | None = None
    found: Findings | None = None

    def original(self, text: str) -> str:
        """Return a text with the personal data that its placeholders stand for."""
        return put_back(text, self.originals or {})


@dataclass(frozen=True, slots=True)
class Understood:
    """The question as it stands alone, and in the other language ("" if nobody translated it)."""

    asked: Asked
    question: str
    translation: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for both forms of the question, the best first, and what of it goes to the model."""

    understood: Understood
    findings: Findings
    offered: tuple[Offered, ...]

    @property
    def brief(self) -> Brief:
        """Return what the model is asked."""
        sources = tuple(each.source for each in self.offered)
        return Brief(self.understood.question, self.understood.asked.language, sources)


@dataclass(frozen=True, slots=True)
class WritingSteps:
    """The four steps, and whom they ask."""

    writer: Writer
    glossary: Glossary
    judge: Judge | None = None

    async def restate(self, asked: Asked) -> Understood:
        """Make a question stand alone and translate it. One that cannot be trusted is not used. Raises WritingFailed."""
        try:
            said = await self.writer.restate(Said(asked.text, asked.earlier, asked.language), asked.deadline)
        except ModelUnreadable:
            return Understood(asked, asked.text, "", Usage())
        alone = said.question if asked.earlier and faithful(said.question, asked.text, asked.earlier) else asked.text
        return Understood(asked, alone, said.translation, said.usage)

    async def retrieve(self, understood: Understood) -> Candidates:
        """Find passages for the question and its translation. Raises KnowledgeError."""
        asked, same = understood.asked, understood.question == understood.asked.text
        forms = [] if same and asked.found else [(understood.question, asked.language, asked.history if same else ())]
        if understood.translation and understood.translation != understood.question:
            forms.append((understood.translation, OTHER[asked.language], ()))
        found = [asked.found] if same and asked.found else []
        found += [
            await asyncio.to_thread(asked.finder.find, asked.original(text), language, asked.reader, turns)
            for text, language, turns in forms
        ]
        findings = merged(found)
        return Candidates(understood, findings, offer(findings.found))

    async def write(self, steps: AsyncIterator[Candidates]) -> AsyncIterator[Candidates | Claim | Draft]:
        """Let the model write: each sentence once it is complete, the draft last. Raises WritingFailed."""
        async for candidates in steps:
            yield candidates
            if candidates.offered:
                async for event in self.writer.write(candidates.brief, candidates.understood.asked.deadline):
                    yield event

    async def prove(
        self, steps: AsyncIterator[Candidates | Claim | Draft]
    ) -> AsyncIterator[Candidates | Proven | Dropped | Draft | Usage]:
        """Hold each sentence against the places that it cites, and pass the rest on. Raises WritingFailed."""
        candidates: Candidates | None = None
        async for step in steps:
            if isinstance(step, Candidates):
                candidates = step
            if isinstance(step, Claim) and candidates is not None:
                for event in await self._checked(step, candidates):
                    yield event
            elif not isinstance(step, Claim):
                yield step

    async def _checked(self, claim: Claim, candidates: Candidates) -> Sequence[Proven | Dropped | Usage]:
        asked = candidates.understood.asked
        written = replace(claim, text=asked.original(claim.text))
        question = asked.original(candidates.understood.question)
        checked = await asyncio.to_thread(
            checking.check, written, question, asked.language, candidates.offered, self.glossary
        )
        if isinstance(checked, checking.Dropped) or self.judge is None:
            return (checked,)
        excerpts = tuple(place.shown for place in checked.places)
        opinion = await self.judge.confirms(claim.text, excerpts, asked.deadline)
        sure = checked if opinion.carried else checking.Dropped(checked.text, (checking.SECOND_OPINION,))
        return (opinion.usage, sure)


def chain(steps: WritingSteps) -> Runnable[Asked, Candidates | Proven | Dropped | Draft | Usage]:
    """Return the chain. Its stream gives the candidates, then each sentence as proven or dropped, and the draft at its end."""
    return (
        RunnableLambda(steps.restate, name="restate")
        | RunnableLambda(steps.retrieve, name="retrieve")
        | RunnableGenerator(steps.write, name="write")
        | RunnableGenerator(steps.prove, name="prove")
    )


def merged(found: list[Findings]) -> Findings:
    """Return several findings as one: each passage once, by its best score; the rest as the surest has it."""
    best: dict[int, Found] = {}
    for each in (one for findings in found for one in findings.found):
        if each.number not in best or each.score > best[each.number].score:
            best[each.number] = each
    surest = max(found, key=lambda findings: findings.said)
    ordered = sorted(best.values(), key=lambda each: -each.score)[:CANDIDATES]
    return replace(surest, found=tuple(ordered))
