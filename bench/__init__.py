"""Speed, cost and quality, measured."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # noqa: TID251 - as the command sets it, before numpy is loaded
