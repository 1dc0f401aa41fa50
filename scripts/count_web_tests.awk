# vitest's closing lines ("Tests  1 failed | 12 passed | 2 skipped (15)") → "PASSED FAILED SKIPPED", summed over its runs.
{ gsub(/\033\[[0-9;]*m/, "") }
/^ *Tests  / {
  for (i = 2; i <= NF; i++) {
    if ($(i) ~ /^passed/) p += $(i - 1)
    if ($(i) ~ /^failed/) f += $(i - 1)
    if ($(i) ~ /^(skipped|todo)/) s += $(i - 1)
  }
}
END { print p + 0, f + 0, s + 0 }
