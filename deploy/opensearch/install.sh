#!/bin/sh
# Fetches one OpenSearch with Maven: install.sh [MAJOR], 3 unless 2 is asked for. The versions are pinned in pom.xml.
# Version 3 is put into .tmp/opensearch of this checkout, version 2 into .tmp/opensearch-2.
set -eu

cd "$(dirname "$0")"
case "${1:-3}" in
3) lib="$PWD/../../.tmp/opensearch" profile= ;;
2) lib="$PWD/../../.tmp/opensearch-2" profile=-P2 ;;
*) echo "There is no OpenSearch $1 to install: 2 or 3." >&2; exit 2 ;;
esac

if [ -f "$lib/pom.xml" ] && cmp -s pom.xml "$lib/pom.xml"; then
    echo "OpenSearch is installed in $lib"
    exit 0
fi
rm -rf "$lib"
mkdir -p "$lib"
mvn --quiet --batch-mode $profile dependency:copy-dependencies -DoutputDirectory="$lib/lib" >"$lib/maven.log" 2>&1 || {
    cat "$lib/maven.log"
    exit 1
}
cp pom.xml "$lib/pom.xml"
echo "OpenSearch installed in $lib"
