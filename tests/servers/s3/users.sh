#!/bin/bash
# The two users of the throw-away server: "main" owns the tests' buckets, "other" is someone else.
# Sourced. The keys open nothing but a server on loopback.
# shellcheck disable=SC2034
MAIN_ACCESS_KEY=AKIATEST00000000MAIN
MAIN_SECRET_KEY=secretmainsecretmainsecretmainsecretmain
OTHER_ACCESS_KEY=AKIATEST0000000OTHER
OTHER_SECRET_KEY=secretothersecretothersecretothersecreto
