# ctest's JUnit report → "PASSED FAILED SKIPPED" in test cases.
#
# A program of GoogleTest counts by its own closing lines; anything else, and a program that died before them, counts as one.
function close_test() {
  if (name == "") return
  if (finished) {
    p += cases_passed; f += cases_failed; s += cases_skipped
    if (status == "fail" && cases_failed == 0) f++
  } else if (status == "run") p++
  else if (status == "fail") f++
  else s++
  name = ""
}
/<testcase / {
  close_test()
  name = $0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name)
  status = $0; sub(/.* status="/, "", status); sub(/".*/, "", status)
  finished = cases_passed = cases_failed = cases_skipped = 0
}
/\[==========\] [0-9]+ tests? from .* ran\./ { finished = 1 }
/\[  PASSED  \] [0-9]+ test/ { cases_passed += count_in("PASSED  ") }
/\[  FAILED  \] [0-9]+ test/ { cases_failed += count_in("FAILED  ") }
/\[  SKIPPED \] [0-9]+ test/ { cases_skipped += count_in("SKIPPED ") }
function count_in(word,   rest) {
  rest = $0
  sub(".*" word "\\] ", "", rest)
  return rest + 0
}
END { close_test(); print p + 0, f + 0, s + 0 }
