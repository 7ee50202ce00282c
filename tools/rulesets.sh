#!/bin/sh
# What rulesets/ is held to: lint, examples, and a backtest against those of the commit before.
set -u
bin=${BIN:-.venv/bin}
old=$(mktemp -d)
trap 'rm -rf "$old"' EXIT
failed=0

"$bin/automod" lint rulesets || failed=1
"$bin/automod" test rulesets || failed=1

against=rulesets
if git archive HEAD^ rulesets 2>/dev/null | tar -x -C "$old" 2>/dev/null && [ -d "$old/rulesets" ]
then
    # What the commit before wrote may be of a format that is no more.
    if "$bin/automod" diff "$old/rulesets" rulesets; then
        against=$old/rulesets
    else
        echo "the rulesets of the commit before do not load: nothing to compare with" >&2
    fi
fi
"$bin/automod" backtest src/automod/demo/creatives.jsonl -r rulesets --against "$against" \
    || failed=1
exit $failed
