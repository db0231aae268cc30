FROM python:3.11.14-slim-trixie AS build
WORKDIR /src
COPY requirements requirements
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir -q --no-deps --require-hashes -r requirements/build.txt \
    && python -m venv /opt/calsvc \
    && /opt/calsvc/bin/pip install --no-cache-dir -q --no-deps --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY calsvc calsvc
RUN /opt/build/bin/python -m hatchling build -t wheel -d /wheel \
    && /opt/calsvc/bin/pip install -q --no-deps --no-index /wheel/*.whl

FROM python:3.11.14-slim-trixie
RUN useradd --uid 10001 --no-create-home --home-dir /data calsvc \
    && install -d -o 10001 -g 10001 /data
COPY --from=build /opt/calsvc /opt/calsvc
COPY --chown=10001:10001 events /data/events
ENV PATH="/opt/calsvc/bin:$PATH" \
    CALSVC_HOST=0.0.0.0 \
    CALSVC_PORT=8000
USER 10001
# calsvc's own defaults are relative: the events are in /data/events, the database is /data/calsvc.db.
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# http.client asks the process itself, where urllib would go through a proxy that the environment names.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", "import http.client, os, sys; server = http.client.HTTPConnection('127.0.0.1', int(os.environ['CALSVC_PORT']), timeout=4); server.request('GET', '/healthz'); sys.exit(server.getresponse().status != 200)"]
ENTRYPOINT ["calsvc"]
CMD ["serve", "events"]
