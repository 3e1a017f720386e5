#!/bin/sh
# A command sink of Tidings: appends every change to a file. What a kill has left half is cut off at the next start.
file=$1
touch "$file"
if [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ]; then sed -i '$d' "$file"; fi
tail -n 1 "$file" | sed -n 's/^{"specversion":"1.0","id":"\([0-9]*\)","source":"\([^"]*\)".*/{"stream":"\2","after":\1}/p' | grep . || echo '{}'
while IFS= read -r line; do
    printf '%s\n' "$line" >> "$file"
    id=${line#*\"id\":\"}
    echo "{\"confirmed\":${id%%\"*}}"
done
