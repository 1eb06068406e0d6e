#!/usr/bin/env bash
# Bootstrap action of each EMR node: Amazon Linux's Python 3.11, and the archive of `pomona pack` in
# /opt/pomona, if it is the one that was meant.
#
#   bootstrap.sh s3://bucket/pomona/env.tar.gz SHA256
#
# POMONA_HOME   another place than /opt/pomona
set -euo pipefail

archive=${1:?usage: bootstrap.sh s3://bucket/key SHA256}
sha256=${2:?usage: bootstrap.sh s3://bucket/key SHA256}
home=${POMONA_HOME:-/opt/pomona}

# EMR's own python3 is 3.9, which Pomona's libraries do not support. The agent answers Session Manager.
sudo dnf -y -q install python3.11 amazon-ssm-agent
sudo systemctl enable --now amazon-ssm-agent

file=$(mktemp)
trap 'rm -f "$file"' EXIT
aws s3 cp --no-progress "$archive" "$file"
if ! echo "$sha256  $file" | sha256sum --check --status; then
  echo "error: $archive is not the archive that this cluster was made for: its SHA-256 is not $sha256" >&2
  echo "hint: pomona-aws up --archive FILE uploads one and names its checksum" >&2
  exit 1
fi
sudo mkdir -p "$home"
sudo tar --extract --gzip --no-same-owner --file "$file" --directory "$home"
# A node that cannot import it is better missing than failing tasks.
"$home/bin/python" -c 'import pomona'
