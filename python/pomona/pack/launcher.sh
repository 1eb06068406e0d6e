#!/bin/sh
# The machine's Python @VERSION@ with the packages of this archive, before any others of
# PYTHONPATH. POMONA_PYTHON names it where PATH does not have it.
here=$(cd "${0%/*}/.." && pwd -P)
for python in ${POMONA_PYTHON:+"$POMONA_PYTHON"} python@VERSION@ python3; do
  if "$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@VERSION@")' 2>/dev/null
  then
    PYTHONPATH=$here/site-packages${PYTHONPATH:+:$PYTHONPATH}
    export PYTHONPATH
    exec "$python" "$@"
  fi
done
echo "error: this archive needs Python @VERSION@, and PATH has none" >&2
echo "hint: POMONA_PYTHON names one" >&2
exit 127
