# One image for every process; the command chooses: gateway, service <name>, migrate, tenant add …, up.
# `make image` builds it; docs/containers.md says how, and what a base must bring. A release names BASE by its digest.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

# The packages: they change seldom, and are a layer of their own.
FROM ${BASE} AS packages
# A mirror or a certificate of one's own is told to pip and npm by secrets of the build: the image never hears of it.
ENV PIP_CONFIG_FILE=/run/secrets/pip PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    NPM_CONFIG_USERCONFIG=/run/secrets/npm NPM_CONFIG_CACHE=/tmp/npm \
    PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0
WORKDIR /build
COPY deploy/image/requirements.lock tools.lock
RUN --mount=type=secret,id=ca --mount=type=secret,id=pip \
    python3 -m venv /tools && /tools/bin/pip install --quiet --require-hashes --only-binary :all: -r tools.lock
COPY requirements.lock deploy/image/slim deploy/image/compile ./
# The system reads Python's files and may not write any: they are compiled here, the standard library's too. The
# morphemes' dictionary comes as source alone: its wheel is made with the tools above, of the source the lock names.
RUN --mount=type=secret,id=ca --mount=type=secret,id=pip \
    python3 -m venv --without-pip /opt/oneway \
 && sed -n '/^kiwipiepy-model==/,/[^\\]$/p' requirements.lock >source.lock \
 && /tools/bin/pip wheel --quiet --require-hashes --no-deps --no-build-isolation --wheel-dir wheels -r source.lock \
 && /tools/bin/pip --python /opt/oneway/bin/python install --quiet --no-compile \
    --no-index --no-deps --find-links wheels kiwipiepy-model \
 && /tools/bin/pip --python /opt/oneway/bin/python install --quiet --no-compile \
    --require-hashes --only-binary :all: -r requirements.lock \
 && ./slim /opt/oneway \
 && echo /opt/oneway/app >"$(echo /opt/oneway/lib/python3*/site-packages)/oneway.pth" \
 && ./compile /opt/oneway/lib "$(/opt/oneway/bin/python -c 'import os; print(os.path.dirname(os.__file__))')"

# The system itself, with what its pages load.
FROM packages AS system
COPY gateway/frontend gateway/frontend
RUN --mount=type=secret,id=ca --mount=type=secret,id=npm \
    cd gateway/frontend && export PATH="/tools/bin:$PATH" && npm ci --silent \
 && npm sbom --sbom-format cyclonedx --omit dev >/build/npm.cdx.json
COPY pyproject.toml README.md LICENSE ./
COPY shared shared
COPY services services
COPY gateway gateway
COPY oneway oneway
COPY deploy/image/sbom.py ./
RUN (cd gateway/frontend && PATH="/tools/bin:$PATH" node build.mjs) \
 && /opt/oneway/bin/pybabel --quiet compile -d gateway/translations \
 && /tools/bin/pip wheel --quiet --no-build-isolation --no-deps --wheel-dir dist . \
 && /tools/bin/pip --python /opt/oneway/bin/python install --quiet --no-compile \
    --no-index --no-deps --target /opt/oneway/app dist/*.whl \
 && ./compile /opt/oneway/app \
 && /tools/bin/python sbom.py /opt/oneway npm.cdx.json /opt/oneway/app/share/oneway.cdx.json \
 && mkdir -p /own/opt/oneway/pycache/opt/oneway && cp -R /opt/oneway/app /own/opt/oneway/ \
 && cp -R /opt/oneway/pycache/opt/oneway/app /own/opt/oneway/pycache/opt/oneway/

FROM ${BASE}
ARG VERSION=0
ARG REVISION=unknown
ARG CREATED=unknown
ARG BASE
# Nothing is ever installed into a running container.
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3*/site-packages/* /usr/local/lib/python3*/ensurepip \
    /usr/lib/python3*/ensurepip /usr/share/python-wheels \
 && echo 'oneway:x:10001:10001:One Way:/var/lib/oneway:/usr/sbin/nologin' >>/etc/passwd \
 && echo 'oneway:x:10001:' >>/etc/group \
 && install -d -o 10001 -g 10001 -m 0750 /var/lib/oneway
COPY --from=packages /opt/oneway /opt/oneway
COPY --from=system /own /
LABEL org.opencontainers.image.title="One Way" \
      org.opencontainers.image.description="A business management system for governments" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${BASE}"
ENV PATH=/opt/oneway/app/bin:/opt/oneway/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPYCACHEPREFIX=/opt/oneway/pycache \
    ONEWAY_VAR=/var/lib/oneway ONEWAY_HOST=0.0.0.0 ONEWAY_REVISION=${REVISION}
WORKDIR /var/lib/oneway
USER 10001:10001
VOLUME /var/lib/oneway
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
ENTRYPOINT ["oneway"]
CMD ["up"]
