# The image of QFS. A container is the whole platform, or the roles that QFS_ROLES names.
# Building it runs every check and the tests: what fails them does not become an image.

FROM node:24.21.0-bookworm-slim AS base
WORKDIR /qfs

# The checks ask git which files there are; tests make certificates.
FROM base AS source
RUN apt-get update && apt-get install -y --no-install-recommends git openssl && rm -rf /var/lib/apt/lists/*
COPY . .
RUN --mount=type=cache,target=/root/.npm git init --quiet && npm ci

FROM source AS lint
RUN npm run check

FROM source AS test
RUN npm test

# What runs: no tools, and no second Node beside that of the base.
FROM base AS runtime
COPY package.json package-lock.json .npmrc ./
COPY packages packages
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional

# Makes the certificates by which roles in containers of their own know each other.
FROM base AS certificates
RUN apt-get update && apt-get install -y --no-install-recommends openssl && rm -rf /var/lib/apt/lists/*
COPY deploy/certificates.sh /usr/local/bin/qfs-certificates
RUN for role in authority system-api kernel compiler driver-manager qfs; do \
      install -d -o 1000 -g 1000 -m 0700 "/certificates/$role"; \
    done
USER 1000:1000
ENTRYPOINT ["sh", "/usr/local/bin/qfs-certificates"]

FROM base
# One file of each stage that judges, so that both are built before this one.
COPY --from=lint /qfs/LICENSE ./
COPY --from=test /qfs/README.md ./
COPY --from=runtime /qfs/ ./
COPY bin bin
COPY devices devices
COPY examples examples
RUN ln -s /qfs/bin/qfs-server.js /usr/local/bin/qfs-server \
    && ln -s /qfs/bin/eigen-cli.js /usr/local/bin/eigen-cli \
    && install -d -o 1000 -g 1000 -m 0700 /data /certificates
ENV NODE_ENV=production API_HOST=0.0.0.0 QFS_DATA_DIR=/data
USER 1000:1000
VOLUME ["/data"]
EXPOSE 8000 50051 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9090/readyz').then(({ ok }) => process.exit(ok ? 0 : 1))"]
ENTRYPOINT ["qfs-server"]
