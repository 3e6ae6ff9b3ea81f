# Maru's server with the built page. compose.yaml builds it; by hand: docker build --tag maru .

FROM node:24-slim AS manifests
WORKDIR /maru
COPY package.json package-lock.json .npmrc ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/client/package.json packages/client/
COPY packages/sfu/package.json packages/sfu/
COPY packages/server/package.json packages/server/
COPY apps/web/package.json apps/web/

FROM manifests AS build
RUN npm ci --omit=dev --no-audit --no-fund
COPY tsconfig.json tsconfig.base.json ./
COPY packages packages
COPY apps apps
RUN npm run build

FROM manifests
# Only what the server itself needs, and nothing that the page was made of.
RUN npm ci --omit=dev --workspace packages/server --include-workspace-root=false --no-audit --no-fund \
 && npm cache clean --force
COPY --from=build /maru/packages/protocol/dist packages/protocol/dist
COPY --from=build /maru/packages/sfu/dist packages/sfu/dist
COPY --from=build /maru/packages/server/dist packages/server/dist
COPY --from=build /maru/apps/web/dist apps/web/dist
COPY deploy/docker/ready.mjs deploy/docker/
RUN chmod +x packages/server/dist/main.js \
 && ln -s /maru/packages/server/dist/main.js /usr/local/bin/maru \
 && install --directory --owner node --group node /var/lib/maru

# A server of signalling holds much and makes little garbage: packages/server/README.md, "Memory".
ENV NODE_ENV=production \
    NODE_OPTIONS=--max-semi-space-size=4 \
    MARU_DATA_DIR=/var/lib/maru
VOLUME /var/lib/maru
# Signalling and page over TCP; large rooms over UDP, one port for each worker of the SFU (MARU_SFU_PORT, MARU_SFU_WORKERS).
EXPOSE 8080 8080/udp
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["node", "deploy/docker/ready.mjs"]
CMD ["maru"]
