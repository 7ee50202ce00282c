#!/bin/sh
# Decisions on a real Spark, by the PySpark of each version that is supported: 3.5 and 4.
# PySpark is hundreds of megabytes, and nothing else needs it: each version has an environment of
# its own, made once. Java 17, which both run on, is installed with apt-get where it is not there.
set -eu
bin=${BIN:-.venv/bin}
pins=.venv-spark-constraints.txt

is_17() { "$1" -version 2>&1 | grep -q 'version "17[.".]'; }

java_17() { # the home of a Java 17; Spark asks JAVA_HOME before the path
	for found in "${JAVA_HOME:-/none}" /usr/lib/jvm/*; do
		if [ -x "$found/bin/java" ] && is_17 "$found/bin/java"; then
			echo "$found"
			return
		fi
	done
}

home=$(java_17)
if [ -z "$home" ] && ! { command -v java >/dev/null 2>&1 && is_17 java; }; then
	if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
		echo "spark.sh: Java 17 is not here, and only root with apt-get may install it" >&2
		exit 1
	fi
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		openjdk-17-jre-headless
	home=$(java_17)
fi
unset JAVA_HOME
if [ -n "$home" ]; then
	JAVA_HOME=$home
	PATH=$home/bin:$PATH
	export JAVA_HOME PATH
fi

# PySpark does not take pandas 3, which constraints.txt has for everything else.
{ grep -v '^pandas==' constraints.txt; echo "pandas==2.3.3"; } >"$pins"

set_up() { # the folder, and the version of PySpark
	ready=$1/.ready
	if [ -e "$ready" ] && [ "$ready" -nt pyproject.toml ] && [ "$ready" -nt constraints.txt ] &&
		[ "$ready" -nt tools/spark.sh ]; then
		return
	fi
	echo "setting up $1" >&2
	"$1/bin/python" -m pip --version >/dev/null 2>&1 || "$bin/python" -m venv --clear "$1"
	"$1/bin/python" -m pip install -qq --constraint "$pins" pip
	"$1/bin/python" -m pip install -qq --constraint "$pins" "pyspark==$2" --editable ".[spark]" \
		hypothesis pytest pytest-timeout pyarabic wordfreq
	touch "$ready"
}

set_up .venv-spark3 3.5.9 &
first=$!
set_up .venv-spark4 4.3.0
wait "$first"

failed=0
for venv in .venv-spark3 .venv-spark4; do
	"$venv/bin/python" -m pytest -q tests/test_spark.py "$@" || failed=1
done
exit $failed
