#!/bin/sh
# Usage: undeploy.sh SERVICE ENVIRONMENT
set -eu
rm -f "$(dirname "$0")/../.cloud/$2/$1"
echo "$1 is gone from $2"
