#!/bin/sh
# Fetches one OpenSearch with Maven into .tmp/opensearch of this checkout. The version is pinned in pom.xml.
set -eu

cd "$(dirname "$0")"
lib="$PWD/../../.tmp/opensearch"

if [ -f "$lib/pom.xml" ] && cmp -s pom.xml "$lib/pom.xml"; then
    echo "OpenSearch is installed in $lib"
    exit 0
fi
rm -rf "$lib"
mkdir -p "$lib"
mvn --quiet --batch-mode dependency:copy-dependencies -DoutputDirectory="$lib/lib" >"$lib/maven.log" 2>&1 || {
    cat "$lib/maven.log"
    exit 1
}
cp pom.xml "$lib/pom.xml"
echo "OpenSearch installed in $lib"
