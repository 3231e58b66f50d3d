#!/bin/sh
# Usage: undeploy.sh ENVIRONMENT
set -eu
rm -f "deployed/$1"
echo "removed from $1"
