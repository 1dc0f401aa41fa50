#pragma once
#include "checks.h"

namespace vigie::data_test {

/// "rows.0.by.channel" inside a JSON value; null pointer when there is nothing there.
const json::value* at(const json::value& value, std::string_view path);

/// Numbers (also texts that read as one) within the tolerance, everything else exactly.
bool equal(const json::value& expected, const json::value& found, double tolerance);

/// What is wrong with an answer, one line each; empty when it is as it must be. `entry` is the expected value of a
/// check that has one.
std::vector<std::string> differences(const Check& check, const json::value& entry, const json::value& answer);

}  // namespace vigie::data_test
