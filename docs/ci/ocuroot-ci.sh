#!/bin/sh
# What a CI platform runs after a push. Start it at the top of a fresh clone of the pushed branch:
#   a branch of the source                 what the push changed is released, and the work that follows is done
#   the branch that holds intent or state  what people want is applied, and the work that follows is done
# Many machines may run it at once. It ends with 0 when all is done or waits for a person, with 1 when something failed.
#
# OCUROOT          the command, with arguments if it needs some; `ocuroot` when not set
# OCUROOT_BRANCH   name of the pushed branch. A commit that is no longer its newest is left to the run of the newest one
set -eu

ocuroot="${OCUROOT:-ocuroot}"
branch="${OCUROOT_BRANCH:-}"

for store in . intent state; do
  if [ -f "$store/.ocuroot-store" ]; then
    exec $ocuroot work cascade
  fi
done

if [ -n "$branch" ]; then
  newest="$(git ls-remote --exit-code origin "refs/heads/$branch")"
  if [ "${newest%%[!0-9a-f]*}" != "$(git rev-parse HEAD)" ]; then
    echo "$branch has a newer commit: its run releases what this one would have."
    exit 0
  fi
fi
exec $ocuroot push
