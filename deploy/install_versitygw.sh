#!/bin/sh
# Installs the S3 server that the object store's contract suite runs on, into .tmp/bin of this checkout.
# It needs Go; the version is pinned because the suite was proven on it.
set -eu

version=v1.8.0
cd "$(dirname "$0")/.."
bin="$PWD/.tmp/bin"

if [ -x "$bin/versitygw" ] && go version -m "$bin/versitygw" | grep -q "github.com/versity/versitygw[[:space:]]$version"; then
    echo "versitygw $version is installed in $bin"
    exit 0
fi
mkdir -p "$bin"
GOBIN="$bin" go install "github.com/versity/versitygw/cmd/versitygw@$version"
echo "versitygw $version installed in $bin"
