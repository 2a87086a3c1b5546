# Sourced by ./dev: runs suites and adds up what they count. Every suite leaves a line "name passed failed" in $counts.
# shellcheck shell=bash

counts=$(mktemp)
trap 'rm -f "$counts"' EXIT

count() { echo "$1 $2 $3" >>"$counts"; }

# suite NAME COMMAND...: the command ends its output with a line "N passed, N failed". One that says nothing, or says
# that nothing failed and exits with an error, counts as a failure.
suite() {
    local name=$1 log status line passed failed
    shift
    log=$(mktemp)
    set +e
    "$@" 2>&1 | tee "$log" | sed -uE "s|^([0-9]+ passed, [0-9]+ failed)\$|$name: \1|"
    status=${PIPESTATUS[0]}
    set -e
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1 || true)
    rm -f "$log"
    read -r passed failed < <(sed -E 's/[^0-9]+/ /g' <<<"${line:-0 passed, 0 failed}")
    if [[ -z $line || ($status -ne 0 && $failed -eq 0) ]]; then
        echo "$name: broke off (exit status $status)"
        failed=$((failed + 1))
    fi
    count "$name" "$passed" "$failed"
    [[ $failed -eq 0 ]]
}

# The C++ tests of build/PRESET, counted from ctest's own report.
unit_tests() {
    local report=$PWD/build/$1/ctest.xml status=0
    rm -f "$report"
    ctest --test-dir "build/$1" -j "$(nproc)" --output-on-failure --output-junit "$report" || status=$?
    python3 tools/count_tests.py "$report" || return 1
    return "$status"
}

# The suites that talk HTTP to a server of their own; the long ones are shorter where the build is instrumented.
http_tests() {
    local -a python=(python3) options=()
    [[ $1 == release ]] || options=(--quick)
    if [[ -f tests/requirements.txt ]]; then
        if [[ ! -x build/venv/bin/python3 || tests/requirements.txt -nt build/venv ]]; then
            python3 -m venv build/venv || return 1
            build/venv/bin/pip install -q -r tests/requirements.txt || return 1
            touch build/venv
        fi
        python=(build/venv/bin/python3)
    fi
    "${python[@]}" tests/run --server "build/$1/credvault" "${options[@]}"
}

# Query cases recorded from MongoDB, kept beside the project. A share of each file may fail; those that do are kept
# in build/PRESET/recorded_failures.tsv and count only when the share is exceeded.
recorded_cases() {
    local cases=../shared/cases log=build/$1/recorded_cases.log status passed failed
    python3 tools/with_server.py --server "build/$1/credvault" -- \
        python3 "$cases/run.py" --base '{base}' --key '{key}' \
        --waivers tests/conformance/waivers.tsv --failures "build/$1/recorded_failures.tsv" \
        --min filter=98 --min update=98 --min projection=97 --min stage=96 --min expression=96 --min accumulator=97 \
        --min command=97 --min window=95 "$cases"/query/*.jsonl | tee "$log"
    status=${PIPESTATUS[0]}
    read -r passed failed < <(sed -nE 's/^all +([0-9]+) passed +([0-9]+) failed.*/\1 \2/p' "$log") || return 1
    if [[ $status -eq 0 && $failed -gt 0 ]]; then
        echo "$failed cases differ, within the share allowed: build/$1/recorded_failures.tsv"
        failed=0
    fi
    echo "$passed passed, $failed failed"
    return "$status"
}

# The dashboard and the explorer in Chromium.
browser_tests() {
    npm_ci tests/browser || return 1
    node tests/browser/run.mjs --server "build/$1/credvault"
}

# The TypeScript client, built as it is published.
client_tests() {
    npm_ci clients/typescript && npm_ci tests/browser && npm run --silent --prefix clients/typescript build || return 1
    node tests/browser/run.mjs --tests clients/typescript/test --server "build/$1/credvault"
}

# suites PRESET: the suites that every build must pass.
suites() {
    local result=0
    suite "unit tests" unit_tests "$1" || result=1
    suite "HTTP tests" http_tests "$1" || result=1
    return "$result"
}

# Prints the sum over all suites as the last line; fails if anything failed or nothing ran.
sum_counts() {
    awk '{ passed += $(NF - 1); failed += $NF } END { print passed + 0 " passed, " failed + 0 " failed"
           exit !(passed > 0 && failed == 0) }' "$counts"
}

run_tests() {
    if ! build release all; then
        count build 0 1
        sum_counts
        return
    fi
    install_sample || true
    install_npm mingo || true
    suites release || true
    suite "snippets" node tests/snippets/run.mjs || true
    suite "TypeScript client" client_tests release || true
    suite "browser tests" browser_tests release || true
    if [[ -d ../shared/cases ]]; then
        suite "recorded cases" recorded_cases release || true
    elif [[ ${CREDVAULT_REQUIRE_CASES-} ]]; then
        echo "recorded cases: required (CREDVAULT_REQUIRE_CASES is set), but ../shared/cases is absent"
        count "recorded cases" 0 1
    else
        echo "The recorded cases did not run: ../shared/cases is absent."
    fi
    sum_counts
}
