# One image for web, worker and beat; docker-compose.yml says who runs what. Only wheels: nothing is compiled.

FROM python:3.12-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE .constraints.txt ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --constraint .constraints.txt .

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PRODUCTION=1 \
    DATA_DIR=/data \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000
RUN useradd --system --uid 10001 --no-create-home --home-dir /app badgeserver \
 && install --directory --owner=badgeserver --group=badgeserver --mode=0750 /data
WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py ./
COPY badgeserver badgeserver
COPY issuers issuers
COPY badges badges
COPY assertions assertions
COPY templates templates
COPY static static
# The values count for this line only; nothing is connected to, and none of them stays in the image.
RUN SITE_URL=https://localhost DATABASE_URL=postgres://none REDIS_URL=redis://none EMAIL_URL=smtp://none SECRET_KEY=none KEY_ENCRYPTION_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= python manage.py collectstatic --no-input --verbosity 0
USER badgeserver
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "30", "badgeserver.wsgi:application"]
