#!/bin/sh
# Creates the virtual environment: create_venv.sh PYTHON FOLDER. Says in a sentence what the machine lacks.
set -eu

python=$1
folder=$2

if ! command -v "$python" >/dev/null; then
    echo "interneg needs Python 3.11 or newer, and there is no '$python': install it, or name one: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "interneg needs Python 3.11 or newer, and $python is $("$python" -c 'import platform; print(platform.python_version())'): name another one: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python cannot create virtual environments: install its venv module (on Debian: apt install python3-venv)" >&2
    exit 1
fi
rm -rf "$folder"
"$python" -m venv "$folder"
