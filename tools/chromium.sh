#!/bin/sh
# Chromium and the fonts of every script, for tests that look at reports in a browser.
# Does nothing where both are there; installs them with apt-get otherwise, which only root may do.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || missing="chromium"
# fc-list lists fonts; without it nobody can tell, and apt-get installs what is not there.
if ! { command -v fc-list >/dev/null 2>&1 && fc-list ':lang=ar' family | grep -q '^Noto Sans Arabic'; }; then
	missing="$missing fonts-noto-core"
fi

if [ -z "$missing" ]; then
	echo "chromium and fonts-noto-core are there"
	exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
	echo "chromium.sh: there is no apt-get here; install by hand:" $missing >&2
	exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
	echo "chromium.sh: only root may install; run: sudo $0" >&2
	exit 1
fi
apt-get update -qq
# shellcheck disable=SC2086 # one word for each package
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
