#!/usr/bin/env bash
# fuzz_target.sh NAME [SECONDS]: runs build/asan/fuzz_NAME for 60 seconds from the seeds in fuzz/corpus/NAME.
# New inputs are kept in build/asan/fuzz/found/NAME; an input that breaks the target lies in build/asan/fuzz/NAME-*.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

name=$1
log=build/asan/fuzz/$name.log
if [[ -z $(ls "fuzz/corpus/$name" 2>/dev/null) ]]; then
    echo "$name: no seeds in fuzz/corpus/$name"
    exit 1
fi
mkdir -p "build/asan/fuzz/found/$name"
if ! "build/asan/fuzz_$name" -max_total_time="${2:-60}" -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="build/asan/fuzz/$name-" -print_final_stats=1 "build/asan/fuzz/found/$name" "fuzz/corpus/$name" >"$log" 2>&1; then
    tail -n 60 "$log"
    echo "$name: failed, see $log"
    exit 1
fi
echo "$name: $(sed -nE 's/^stat::number_of_executed_units: +//p' "$log") runs, nothing found"
