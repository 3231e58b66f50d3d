#!/bin/sh
# Usage: test.sh ENVIRONMENT
set -eu
echo "$1 runs $(cat "deployed/$1")"
