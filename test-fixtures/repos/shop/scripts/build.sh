#!/bin/sh
# Usage: build.sh SERVICE VERSION. Stands in for a compiler: some seconds of work, some lines of output.
set -eu
for step in compile link pack; do
  echo "$1 $2: $step"
  sleep "${SHOP_PACE:-0.3}"
done
