#!/usr/bin/env bash
# The house rules that a program can judge: size of files, names of folders, words that must not stay, labels in both
# languages. Prints each offence as file:line: what, and fails when there is one.
#
#   tests/tidy/tidy.sh ROOT
set -uo pipefail
cd "${1:?usage: tidy.sh ROOT}" || exit 2
offences=0
offend() {
  printf '%s\n' "$1"
  offences=$((offences + 1))
}
allowed() { grep -q "^$1: ." tests/tidy/allowed.txt; }
existing() { for folder in "$@"; do [ -d "$folder" ] && printf '%s\n' "$folder"; done; }

mapfile -t code_folders < <(existing src tests bench)
mapfile -t yaml_folders < <(existing kpis model presets)

while read -r lines file; do
  case "$file" in *.h) limit=150 ;; *) limit=600 ;; esac
  [ "$lines" -le "$limit" ] || allowed "$file" ||
    offend "$file:$lines: $lines lines, at most $limit (split it, or give the reason in tests/tidy/allowed.txt)"
done < <(find "${code_folders[@]}" \( -name '*.h' -o -name '*.cpp' \) -exec wc -l {} + | awk '$2 != "total"')

while read -r folder; do
  offend "$folder:1: a folder named after nothing; name it after what lives there"
done < <(find "${code_folders[@]}" $(existing web/src) -type d \
  \( -name utils -o -name util -o -name helpers -o -name common -o -name manager -o -name managers -o -name misc \))

while IFS= read -r hit; do
  offend "$hit: say what is so, or do it; such marks do not stay"
done < <(grep -rnE '\b(TODO|FIXME|XXX|HACK)\b' --include='*.h' --include='*.cpp' --include='*.ts' --include='*.svelte' \
  src $(existing bench web/src))

# Every text a user reads comes in both languages: in each file as many `en:` as `fr:`, and at least one where the file
# declares something with a name (id:, table:, relation:). A map is for its table, and declares none.
if [ "${#yaml_folders[@]}" -gt 0 ]; then
  while IFS= read -r hit; do offend "$hit"; done < <(find "${yaml_folders[@]}" -name '*.yaml' -exec awk '
    function report() {
      if (file == "") return
      if (en != fr) printf "%s:1: %d English texts (en:), %d French ones (fr:)\n", file, en, fr
      else if (en == 0 && named && !map) printf "%s:1: no label in English and French (en:, fr:)\n", file
    }
    FNR == 1 { report(); file = FILENAME; en = fr = named = map = 0 }
    /^map:/ { map = 1 }
    /^(id|table|relation):/ { named = 1 }
    { line = $0; sub(/^[ ]*#.*/, "", line)
      copy = line; en += gsub(/(^|[ {,])en:/, "", copy)
      copy = line; fr += gsub(/(^|[ {,])fr:/, "", copy) }
    END { report() }' {} +)
fi

[ "$offences" = 0 ] && echo "house rules: nothing found" || { echo "house rules: $offences found"; exit 1; }
