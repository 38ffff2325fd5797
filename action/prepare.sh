#!/usr/bin/env bash
# Checks the inputs, masks what is secret, and says what is to be installed. Inputs come as INPUT_* only: nothing of them is ever
# part of a script.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lib.sh
source "$here/lib.sh"

for name in COMMAND ARGS PLAN KUBECONFIG CONTEXT NAMESPACE LOCAL VERSION FAIL_ON ARTIFACT_NAME RETENTION DOWNLOAD_URL REPOSITORY VERIFY_ATTESTATION SUMMARY; do
  variable=INPUT_$name
  printf -v "$variable" '%s' "${!variable-}"
done

# The kubeconfig first: nothing may print it.
if [[ -n $INPUT_KUBECONFIG ]]; then
  while IFS= read -r line; do mask "$line"; done < <(
    sed -nE 's/^[[:space:]-]*(token|password|client-key-data|client-certificate-data|id-token|refresh-token)[[:space:]]*:[[:space:]]*"?([^"[:space:]]+)"?[[:space:]]*$/\2/p' <<<"$INPUT_KUBECONFIG")
fi
# What the tool reads from its environment, where the runner may not know that it is secret.
for name in PGPASSWORD MLOPSBACKUP_PASSPHRASE AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; do
  if [[ -n ${!name-} ]]; then mask "${!name}"; fi
done

[[ $INPUT_COMMAND =~ ^[a-z][a-z0-9-]{0,40}$ ]] || fail "command: $INPUT_COMMAND is no verb" "one word, such as backup, status or drill; the rest goes into args"

# Of this step's own: a job may use the action more than once.
state=$(mktemp -d "$RUNNER_TEMP/kubectl-mlopsbackup.XXXXXX")
printf '%s\0' "$INPUT_COMMAND" >>"$state/arguments"

# Words as a shell would split them, with quotes and backslashes, and with nothing else of a shell: no $, no *, no ;.
words=${INPUT_ARGS//$'\n'/ }
words=${words//$'\r'/ }
words=${words//$'\t'/ }
has_control "$words" && fail 'args: there is a control character in it' 'write words, with quotes where they hold spaces'
if [[ -n ${words// /} ]]; then
  xargs -n1 printf '%s\0' <<<"$words" >"$state/words" 2>/dev/null || fail 'args: a quote is not closed' 'close it, or put a backslash before it'
  while IFS= read -r -d '' word; do
    case $word in
      -o | -o?* | --output | --output=*) fail 'args: --output is the action'\''s own' 'use its outputs, its summary and its artifact' ;;
    esac
    printf '%s\0' "$word" >>"$state/arguments"
  done <"$state/words"
fi

if [[ -n $INPUT_PLAN ]]; then
  has_control "$INPUT_PLAN" && fail 'plan: there is a control character in it' 'name a file of the checkout'
  [[ -f $INPUT_PLAN ]] || fail "plan: there is no file $INPUT_PLAN" 'check the repository out first, and name the file from its root'
  printf '%s\0' "--plan=$INPUT_PLAN" >>"$state/arguments"
fi
if [[ -n $INPUT_CONTEXT ]]; then
  has_control "$INPUT_CONTEXT" && fail 'context: there is a control character in it' 'name a context of the kubeconfig'
  printf '%s\0' "--context=$INPUT_CONTEXT" >>"$state/arguments"
fi
if [[ -n $INPUT_NAMESPACE ]]; then
  [[ $INPUT_NAMESPACE =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]] || fail "namespace: $INPUT_NAMESPACE is no name of a namespace" 'lower case, digits and hyphens'
  printf '%s\0' "--namespace=$INPUT_NAMESPACE" >>"$state/arguments"
fi
case $INPUT_LOCAL in
  true) printf '%s\0' --local >>"$state/arguments" ;;
  '' | false) ;;
  *) fail "local: $INPUT_LOCAL is neither true nor false" 'write one of them' ;;
esac

for word in ${INPUT_FAIL_ON//,/ }; do
  case $word in
    incomplete | rpo | rto) ;;
    *) fail "fail-on: $word is not known" 'a list of incomplete, rpo and rto, or an empty one' ;;
  esac
done
[[ $INPUT_ARTIFACT_NAME =~ ^[A-Za-z0-9._\ -]{0,120}$ ]] || fail 'artifact-name: it has characters that no artifact may have' 'letters, digits, dots, hyphens; empty for no artifact'
[[ $INPUT_RETENTION =~ ^[0-9]{0,3}$ ]] || fail "retention-days: $INPUT_RETENTION is no number" 'days, or empty for the default of the repository'
for name in VERIFY_ATTESTATION SUMMARY; do
  variable=INPUT_$name
  case ${!variable} in
    true | false) ;;
    *) fail "${name//_/-}: it is neither true nor false" 'write one of them' ;;
  esac
done

if [[ -n $INPUT_KUBECONFIG ]]; then
  (umask 077 && printf '%s\n' "$INPUT_KUBECONFIG" >"$state/kubeconfig")
fi

# What to install: as "uses: ./" what is checked out; else the release that this revision of the action belongs to.
case $INPUT_VERSION in
  source) install=source version=source ;;
  '')
    if [[ -z $INPUT_REPOSITORY ]]; then
      install=source version=source
    else
      install=release version=$(sed -nE 's/.*<Version>([^<]+)<.*/\1/p' "$here/../Directory.Build.props")
    fi
    ;;
  latest)
    install=release
    [[ -n $INPUT_REPOSITORY ]] || fail 'version: latest needs a released action' 'use OWNER/kubectl-mlopsbackup@v1, or leave version out'
    # The page of the newest release is an address with its tag in it.
    address=$(curl -fsSI --proto '=https' --retry 3 "${GITHUB_SERVER_URL:-https://github.com}/$INPUT_REPOSITORY/releases/latest" | tr -d '\r' | sed -nE 's/^[Ll]ocation: *//p' | tail -n 1) ||
      fail "the newest release of $INPUT_REPOSITORY cannot be asked for" 'check that the runner reaches GitHub and that there is a release, or name a version'
    version=${address##*/v}
    ;;
  *) install=release version=${INPUT_VERSION#v} ;;
esac
if [[ $install == release ]]; then
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]{1,40})?$ ]] || fail "version: $INPUT_VERSION is no version" 'write it as 1.2.3; latest, source or empty'
  [[ $INPUT_REPOSITORY =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ || -n $INPUT_DOWNLOAD_URL ]] || fail 'it is not known whose release to install' 'leave version out, or set download-url'
fi
if [[ -n $INPUT_DOWNLOAD_URL ]]; then
  [[ $INPUT_DOWNLOAD_URL =~ ^(https://|http://127\.0\.0\.1[:/])[^[:space:]]+$ ]] || fail 'download-url: it is no https address' 'the folder that holds the archives and checksums.txt'
fi

case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  MINGW* | MSYS* | CYGWIN*) os=windows ;;
  *) fail "there is no release for $(uname -s)" 'use a Linux, macOS or Windows runner' ;;
esac
# The runner's word first: on Windows for ARM the shell is emulated, and says x86_64.
machine=${RUNNER_ARCH:-$(uname -m)}
case $machine in
  X64 | x86_64 | amd64) arch=amd64 ;;
  ARM64 | aarch64 | arm64) arch=arm64 ;;
  *) fail "there is no release for $machine" 'use an x64 or arm64 runner' ;;
esac

output install "$install"
output version "$version"
output platform "${os}_$arch"
output state "$state"
# A job may use the action more than once, and a matrix runs it many times: two artifacts of a run may not have one name.
if [[ $INPUT_ARTIFACT_NAME == auto ]]; then
  INPUT_ARTIFACT_NAME=mlopsbackup-$INPUT_COMMAND-${state##*.}
fi
output artifact "$INPUT_ARTIFACT_NAME"
output folder "${RUNNER_TOOL_CACHE:-$RUNNER_TEMP}/kubectl-mlopsbackup/$version/${os}_$arch"
