"""What went wrong with a model's server, as one of our errors."""

from __future__ import annotations

from bot.errors import (
    KeyRefused,
    ModelBrokeOff,
    ModelBusy,
    ModelDeclined,
    ModelMissing,
    ModelOutOfOrder,
    ModelTooSlow,
    ModelUnreachable,
    ModelUnreadable,
    QuotaSpent,
    WritingFailed,
)

_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "quota_exceeded"})
_PAYMENT_REQUIRED = 402
_FIRST_SERVER_ERROR = 500


def mapped(error: Exception) -> WritingFailed:
    """Return which of our errors a foreign one is."""
    import openai
    from langchain_openai.chat_models.base import OpenAIRefusalError

    kinds: tuple[tuple[type[Exception] | tuple[type[Exception], ...], type[WritingFailed]], ...] = (
        ((openai.APITimeoutError, TimeoutError), ModelTooSlow),
        (openai.APIConnectionError, ModelUnreachable),
        (openai.LengthFinishReasonError, ModelBrokeOff),
        ((openai.ContentFilterFinishReasonError, OpenAIRefusalError), ModelDeclined),
        (openai.APIResponseValidationError, ModelUnreadable),
        ((openai.AuthenticationError, openai.PermissionDeniedError), KeyRefused),
    )
    if isinstance(error, WritingFailed):
        return error
    if isinstance(error, openai.APIError) and (
        {error.code, error.type} & _SPENT or _status(error) == _PAYMENT_REQUIRED
    ):
        return QuotaSpent()
    if isinstance(error, openai.RateLimitError):
        return ModelBusy(_retry_after(error))
    if found := next((ours for theirs, ours in kinds if isinstance(error, theirs)), None):
        return found()
    if isinstance(error, openai.APIStatusError) and error.status_code < _FIRST_SERVER_ERROR:
        return ModelMissing()
    return ModelOutOfOrder() if isinstance(error, openai.OpenAIError) else ModelUnreadable()


def _status(error: Exception) -> int:
    return int(getattr(error, "status_code", 0) or 0)


def _retry_after(error: Exception) -> float:
    try:
        return max(0.0, float(error.response.headers.get("retry-after", 0)))  # type: ignore[attr-defined]
    except (AttributeError, ValueError):
        return 0.0
