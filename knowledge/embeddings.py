"""Turn text into vectors: the built-in embedder, or any OpenAI-compatible one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from knowledge.errors import EmbeddingFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each leg counts when scores, each scaled to 0..1 among the candidates, are summed.

    `said` is the weight of the share of the question that a passage's best piece says; it is 0..1 by itself.
    """

    words: float
    best_piece: float
    passage: float
    said: float


class Embedder(Protocol):
    """What turns texts into vectors of length 1. Two embedders with the same fingerprint give the same vectors.

    `foreign`: texts leave the house, so that documents marked `external: no` must not be given to it.
    """

    weights: Weights
    foreign: bool

    @property
    def fingerprint(self) -> str:
        """Name the embedder, its version and its dimension."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a row, of length 1 (a text without any word: all zeros)."""


class BuiltInEmbedder:
    """Word vectors that come with the wordllama package (MIT), averaged; nothing is downloaded.

    A frequent token says less than a rare one. The weight may not depend on the documents, or a closed document would change what
    others see: the tokenizer numbers its tokens from frequent to rare, so the logarithm of the number serves.
    Only the two data files are used: importing the package costs .6 s and sets up logging.
    """

    foreign = False
    weights = Weights(words=0.60, best_piece=0.10, passage=0.05, said=0.70)
    _WEIGHTS_FILE = "weights/l2_supercat_256.safetensors"
    _TOKENIZER_FILE = "tokenizers/l2_supercat_tokenizer_config.json"
    _FIRST_WORD = 259
    _MOST_WORDS = 100_000

    def __init__(self) -> None:
        self._tokens: dict[str, list[int]] = {}

    @property
    def fingerprint(self) -> str:
        """Name the embedder by its package's version and the way its vectors are weighted."""
        return f"wordllama-{version('wordllama')}-256-log2-words"

    @cached_property
    def _folder(self) -> Path:
        spec = find_spec("wordllama")
        if spec is None or spec.origin is None:
            raise EmbeddingFailed(reason="wordllama is not installed")
        return Path(spec.origin).parent

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - the tokenizers package ships no types
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / self._TOKENIZER_FILE))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        """Return each token's vector, already multiplied by its weight."""
        from safetensors.numpy import load_file

        vectors = load_file(self._folder / self._WEIGHTS_FILE)["embedding.weight"].astype(np.float32)
        numbers = np.maximum(np.arange(len(vectors)), self._FIRST_WORD)
        return np.asarray(vectors * (np.log1p(numbers) ** 2)[:, None], np.float32)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a row, of length 1 (a text without any word: all zeros)."""
        table = self._table
        result = np.zeros((len(texts), table.shape[1]), np.float32)
        words = [text.split(" ") for text in texts]
        tokens = self._known(words)
        for row, found in enumerate(words):
            if numbers := [number for word in found for number in tokens[word]]:
                result[row] = table[numbers].sum(axis=0)
        return unit(result)

    def _known(self, texts: Sequence[Sequence[str]]) -> dict[str, list[int]]:
        """Return the tokens of every word, of a new one taken apart now: no token of this vocabulary reaches over a space."""
        if len(self._tokens) > self._MOST_WORDS:
            self._tokens = {}
        known = self._tokens  # other threads may add to it meanwhile; nothing is ever taken out
        new = [word for word in {word for words in texts for word in words} if word not in known]
        made = self._tokenizer.encode_batch_fast(new, add_special_tokens=False)
        known.update((word, encoded.ids) for word, encoded in zip(new, made, strict=True))
        return known


class OpenAIEmbedder:
    """An embedding model behind OpenAI's interface, at OpenAI or on any compatible server."""

    foreign = True
    weights = Weights(words=0.45, best_piece=0.30, passage=0.25, said=0.30)

    def __init__(self, model: str, api_key: str, base_url: str | None = None) -> None:
        self._model = model
        self._key = api_key
        self._base_url = base_url

    @property
    def fingerprint(self) -> str:
        """Name the embedder by its model and, if it is not OpenAI's own, its server."""
        return f"openai-{self._model}" + (f"@{self._base_url}" if self._base_url else "")

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - imported late: .9 s
        from langchain_openai import OpenAIEmbeddings
        from pydantic import SecretStr

        # check_embedding_ctx_length would download the tokenizer's tables and send token numbers, which other servers do not take.
        return OpenAIEmbeddings(
            model=self._model,
            api_key=SecretStr(self._key or "none"),
            base_url=self._base_url,
            check_embedding_ctx_length=False,
            max_retries=2,
            timeout=20,
        )

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a row, of length 1. Raises EmbeddingFailed."""
        from openai import OpenAIError

        filled = [text.strip() or "-" for text in texts]
        try:
            return unit(np.array(self._client.embed_documents(filled), np.float32))
        except (OpenAIError, ValueError, TypeError, AttributeError) as error:
            raise EmbeddingFailed(reason=type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class EmbedderConfig:
    """Which embedder is used: an OpenAI-compatible model, the built-in one without. Plain data, for child processes too."""

    model: str = ""
    api_key: str = field(default="", repr=False)
    base_url: str | None = None

    def embedder(self) -> Embedder:
        """Return the embedder."""
        return OpenAIEmbedder(self.model, self.api_key, self.base_url) if self.model else BuiltInEmbedder()


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows scaled to length 1; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), np.float32)
