# The service: `docker run cxcore` serves; any other verb of the command line may stand in its place.
# Two stages, so that neither pip's caches nor the checkout come into what runs.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build

# The pinned requirements first: this layer is kept as long as they are.
COPY requirements/run.txt requirements/build.txt requirements/
RUN python -m venv /opt/cxcore \
    && /opt/cxcore/bin/pip install --require-hashes --only-binary :all: --no-deps --requirement requirements/run.txt \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --only-binary :all: --no-deps --requirement requirements/build.txt

COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY connectors connectors
COPY demo demo
COPY migrations migrations
RUN /opt/build/bin/hatchling build --target wheel --directory dist \
    && /opt/cxcore/bin/pip install --no-deps dist/*.whl \
    && /opt/cxcore/bin/pip check


FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --create-home --home-dir /var/lib/cxcore --shell /usr/sbin/nologin cxcore
COPY --from=build /opt/cxcore /opt/cxcore

# Production unless said otherwise: unsafe defaults refuse to start.
ENV PATH=/opt/cxcore/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CX_ENVIRONMENT=production \
    CX_HOST=0.0.0.0 \
    CX_PORT=8400 \
    CX_DATA_DIR=/var/lib/cxcore
WORKDIR /var/lib/cxcore
USER 10001:10001
EXPOSE 8400
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['CX_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["cxcore"]
CMD ["serve"]
