# The image of calsvc: what it is made of comes with its hash, and nothing of what builds it stays.
# An image for many machines at once, by its digest; another one with Python 3.11 will do as well.
ARG BASE=python:3.11.15-slim-trixie@sha256:90744cff8f32887f075c47d747a173ff333e9e98801667af93c357fa9f5e28ff

FROM ${BASE} AS build
WORKDIR /src
COPY requirements requirements
RUN python -m venv /opt/build \
    && python -m venv --without-pip /opt/calsvc \
    && /opt/build/bin/pip install --no-cache-dir -q --no-deps --require-hashes -r requirements/build.txt \
    && /opt/build/bin/pip --python /opt/calsvc/bin/python install \
        --no-cache-dir -q --no-compile --no-deps --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY calsvc calsvc
# Nothing can be compiled where the file system is read-only. That is done here, and compiled
# modules are valid whatever the times of files become when the image is copied.
RUN /opt/build/bin/python -m hatchling build -t wheel -d /wheel \
    && /opt/build/bin/pip --python /opt/calsvc/bin/python install \
        -q --no-compile --no-deps --no-index /wheel/*.whl \
    && /opt/calsvc/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/calsvc

FROM ${BASE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="calsvc" \
      org.opencontainers.image.description="Calendars of an event's agenda that stay right by themselves." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# /data is for a volume; /site is where "calsvc build /site" may write, in a volume of its own.
RUN useradd --uid 10001 --no-create-home --home-dir /data calsvc \
    && install -d -o 10001 -g 10001 /data /site \
    && python -m compileall -q --invalidation-mode unchecked-hash -x '/(dist|site)-packages/|/test/|/lib2to3/' \
        "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
COPY --from=build /opt/calsvc /opt/calsvc
COPY --chown=10001:10001 events /data/events
ENV PATH="/opt/calsvc/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CALSVC_HOST=0.0.0.0 \
    CALSVC_PORT=8000
USER 10001:10001
# calsvc's own defaults are relative: the events are in /data/events, the database is /data/calsvc.db.
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# http.client asks the process itself, where urllib would go through a proxy that the environment names.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", "import http.client, os, sys; server = http.client.HTTPConnection('127.0.0.1', int(os.environ['CALSVC_PORT']), timeout=4); server.request('GET', '/healthz'); sys.exit(server.getresponse().status != 200)"]
ENTRYPOINT ["calsvc"]
CMD ["serve", "events"]
