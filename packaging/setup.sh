#!/bin/sh
# Sets Clew up in .venv and opens the demo, or runs the tests:
#   sh packaging/setup.sh demo [DIR]
#   sh packaging/setup.sh test [pytest arguments]
set -eu
cd "$(dirname "$0")/.."
what=${1:-demo}
[ $# -gt 0 ] && shift

# Debian and Ubuntu: the libraries that Qt's window needs. Elsewhere they are part of the desktop.
if command -v dpkg-query >/dev/null 2>&1; then
    wanted=$(cat packaging/apt-packages.txt)
    [ "$what" = test ] && wanted="$wanted $(cat packaging/apt-packages-test.txt)"
    missing=
    for package in $wanted; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
    done
    if [ -n "$missing" ]; then
        sudo=
        [ "$(id -u)" = 0 ] || sudo=sudo
        echo "Installing system packages:$missing"
        if [ -z "$sudo" ] || command -v sudo >/dev/null 2>&1; then
            # shellcheck disable=SC2086 - a list of words is meant
            { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null; } ||
                echo "Some system packages could not be installed; the window may not start." >&2
        else
            echo "Please have somebody install them: apt-get install$missing" >&2
        fi
    fi
fi

python=
for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
    [ -n "$candidate" ] || continue
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Clew needs Python 3.11 or newer. Install it, or name it: PYTHON=/path/to/python3 sh packaging/setup.sh" >&2
    exit 1
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
case $what in
demo)
    .venv/bin/python -m pip install --quiet ".[app]"
    exec .venv/bin/clew demo "$@"
    ;;
test)
    .venv/bin/python -m pip install --quiet --editable ".[dev]"
    exec .venv/bin/python -m pytest "$@"
    ;;
*)
    echo "Say what to do: sh packaging/setup.sh demo, or sh packaging/setup.sh test" >&2
    exit 2
    ;;
esac
