#!/bin/sh
# Runs the installed OpenSearch on loopback: run.sh DATA_DIRECTORY PORT [MAJOR]. Needs a JDK that is new enough: the one
# of JAVA_HOME, the one on the path, or any below /usr/lib/jvm.
set -eu

here="$(cd "$(dirname "$0")" && pwd)"
case "${3:-3}" in
3) lib="$here/../../.tmp/opensearch/lib" oldest=21 ;;
2) lib="$here/../../.tmp/opensearch-2/lib" oldest=11 ;;
*) echo "There is no OpenSearch $3 to run: 2 or 3." >&2; exit 2 ;;
esac
[ -d "$lib" ] || { echo "OpenSearch is not installed: run deploy/opensearch/install.sh ${3:-}" >&2; exit 2; }

fits() {
    [ -x "$1" ] && version=$("$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p') &&
        [ "${version:-0}" -ge $oldest ]
}
for java in "${JAVA_HOME:-/none}/bin/java" "$(command -v java || echo /none)" /usr/lib/jvm/*/bin/java; do
    if fits "$java"; then
        mkdir -p "$1"
        exec "$java" -Xms"${OPENSEARCH_HEAP:-768m}" -Xmx"${OPENSEARCH_HEAP:-768m}" -XX:+UseSerialGC \
            -cp "$lib/*" "$here/Node.java" "$1" "$2"
    fi
done
echo "OpenSearch ${3:-3} needs a JDK of version $oldest or later; set JAVA_HOME." >&2
exit 3
