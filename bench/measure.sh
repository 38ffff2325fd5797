# Sourced by run.sh: taking samples, medians of them, and rows.
# shellcheck shell=bash disable=SC2034,SC2154

rows=0 over=0

progress() { printf '# %s %s\n' "$(date +%T)" "$*" >&2; }

die() {
  echo "bench: $1" >&2
  exit 1
}

# A key is CASE.WHO.WHAT, such as disk.restic.first.wall; its samples are the lines of a file.
sample() { # KEY VALUE
  printf '%s\n' "$2" >>"$work/samples/$1"
}

# Runs a command; wall and CPU seconds (children included) and peak memory in MiB (of the largest process) become samples.
# What earlier commands left to be written to disk is written before, so that nobody pays for another's bytes.
measure() { # KEY COMMAND...
  local key=$1 wall user system memory
  shift
  sync
  /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" >"$work/log" 2>&1 </dev/null || {
    tail -n 30 "$work/log" >&2
    die "$key failed: $*"
  }
  read -r wall user system memory < <(tail -n 1 "$work/time")
  sample "$key.wall" "$wall"
  sample "$key.cpu" "$(calc "$user + $system")"
  sample "$key.memory" "$(calc "$memory / 1024")"
  progress "$key: $wall s, cpu $(calc "$user + $system") s, $((memory / 1024)) MiB"
}

# In parentheses: awk would take a ">" for a file to write to.
calc() { awk "BEGIN { printf \"%.6g\", ($1) }"; }

median() { # KEY
  [[ -s $work/samples/$1 ]] || die "no samples of $1"
  sort -g "$work/samples/$1" | awk '{ v[NR] = $1 } END { m = int((NR + 1) / 2); printf "%.6g", NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2 }'
}

show() { # VALUE UNIT
  awk -v v="$1" -v u="$2" 'BEGIN {
    if (u == "bytes") printf "%.1f MiB", v / 1048576
    else if (u == "s") printf v < 10 ? "%.2f s" : "%.1f s", v
    else if (u == "ms" || u == "MiB") printf "%.0f %s", v, u
    else printf "%.2f%s", v, u == "" ? "" : " " u
  }'
}

line() { # WHAT OURS THEIRS RATIO TARGET OVER
  printf '%-72s | %12s | %12s | %6s | %10s | %s\n' "$@" | tee -a "$results"
}

verdict() { # VALUE MOST: sets word
  word=''
  if [[ $2 != - ]] && ! awk -v a="$1" -v b="$2" 'BEGIN { exit !(a <= b) }'; then
    word=OVER
    over=$((over + 1))
  fi
  rows=$((rows + 1))
}

# Ours against theirs, of which the ratio may be MOST at most; "-": for information only.
row() { # WHAT UNIT OUR-KEY THEIR-KEY MOST
  local ours theirs ratio target=-
  ours=$(median "$3") theirs=$(median "$4")
  # A zero is a measurement that failed, not one that was won.
  awk -v a="$ours" -v b="$theirs" 'BEGIN { exit !(a > 0 && b > 0) }' || die "$1: $ours against $theirs is no result"
  ratio=$(calc "$ours / $theirs")
  [[ $5 == - ]] || target="<= $5"
  verdict "$ratio" "$5"
  line "$1" "$(show "$ours" "$2")" "$(show "$theirs" "$2")" "$(printf %.3f "$ratio")" "$target" "$word"
}

# Ours alone may be MOST at most, whatever theirs is.
row_absolute() { # WHAT UNIT OUR-KEY THEIR-KEY|- MOST
  local ours theirs=-
  ours=$(median "$3")
  [[ $4 == - ]] || theirs=$(show "$(median "$4")" "$2")
  verdict "$ours" "$5"
  line "$1" "$(show "$ours" "$2")" "$theirs" - "<= $5 $2" "$word"
}

# A program that is not what the sources say, or not the native one, is measured, but never without a word.
about_tool() {
  printf 'sources: %s; program: %s\n' "$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)" "$(date -u -r "$tool" '+%F %R UTC')"
  if [[ -n $(find "$root/src" -name '*.cs' -not -path '*/obj/*' -newer "$tool" -print -quit) ]]; then
    printf 'NOTE: sources are newer than the program: run make build\n'
  fi
  if [[ -e $tool.dll ]]; then printf 'NOTE: this is not the native program: its times and memory mean nothing\n'; fi
}

start_results() {
  {
    printf '# %s, %s\n\n' "$(date -u '+%F %R UTC')" "$(hostname)"
    printf '%s; %s cores; %s of memory; Linux %s; load before: %s\n' "$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
      "$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)" "$(uname -r)" "$(cut -d' ' -f1-3 /proc/loadavg)"
    printf '%s; %s; zstd %s; %s\n' "$("$tool" version | paste -sd' ')" "$("$restic" version)" \
      "$(zstd --version | grep -o 'v[0-9.]*')" "$(psql --version)"
    about_tool
    printf 'medians of %s rounds%s; both encrypted\n\n' "$ROUNDS" "${quick:+, QUICK: small data, the figures mean nothing}"
  } | tee "$results"
  line what ours theirs ratio target ''
}

run_startup() {
  local verb began ended i
  for verb in version --help; do
    for ((i = 0; i <= STARTS; i++)); do
      began=$EPOCHREALTIME
      "$tool" "$verb" >/dev/null
      ended=$EPOCHREALTIME
      # The first one reads the program from disk.
      ((i == 0)) || sample "startup.ours.$verb" "$(calc "(${ended/./} - ${began/./}) / 1000")"
    done
    row_absolute "start-up of $verb, median of $STARTS" ms "startup.ours.$verb" - 30
  done
}
