#!/bin/sh
# Usage: deploy.sh TAG ENVIRONMENT
set -eu
mkdir -p "deployed"
echo "$1" > "deployed/$2"
echo "deployed $1 to $2"
