# Lotse as an image: no compiler, no package index at run time, an ordinary user, a root that is never written to.
ARG PYTHON=3.13
FROM python:${PYTHON}-slim AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /lotse \
    && /lotse/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements-build.lock \
    && /lotse/bin/uv pip install --no-cache --python /lotse/bin/python --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY adapters adapters
COPY bot bot
COPY ingest ingest
COPY knowledge knowledge
RUN /lotse/bin/uv pip install --offline --no-cache --python /lotse/bin/python --no-deps --no-build-isolation . \
    && /lotse/bin/python -m compileall -q /lotse/lib \
    && /lotse/bin/uv pip uninstall --python /lotse/bin/python uv

FROM python:${PYTHON}-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin lotse \
    && install -d -o lotse -g lotse -m 0700 /data /generations
COPY --from=build /lotse /lotse
ENV PATH=/lotse/bin:$PATH \
    LOTSE_DATA_DIR=/data \
    LOTSE_HEALTH_HOST=0.0.0.0 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health/live', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["lotse"]
CMD ["serve"]
