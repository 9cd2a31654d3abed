#!/bin/sh
# Runs the installed OpenSearch on loopback: run.sh DATA_DIRECTORY PORT. Needs a JDK of version 21 or later: the one of
# JAVA_HOME, the one on the path, or any below /usr/lib/jvm.
set -eu

here="$(cd "$(dirname "$0")" && pwd)"
lib="$here/../../.tmp/opensearch/lib"
[ -d "$lib" ] || { echo "OpenSearch is not installed: run deploy/opensearch/install.sh" >&2; exit 2; }

is_new_enough() {
    [ -x "$1" ] && version=$("$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p') && [ "${version:-0}" -ge 21 ]
}
for java in "${JAVA_HOME:-/none}/bin/java" "$(command -v java || echo /none)" /usr/lib/jvm/*/bin/java; do
    if is_new_enough "$java"; then
        mkdir -p "$1"
        exec "$java" -Xms"${OPENSEARCH_HEAP:-768m}" -Xmx"${OPENSEARCH_HEAP:-768m}" -XX:+UseSerialGC \
            -cp "$lib/*" "$here/Node.java" "$1" "$2"
    fi
done
echo "OpenSearch needs a JDK of version 21 or later; set JAVA_HOME." >&2
exit 3
