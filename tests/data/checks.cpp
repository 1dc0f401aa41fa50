#include "checks.h"

#include <charconv>

namespace vigie::data_test {
namespace {

/// A scalar as JSON: null, a number where it reads as one and is not quoted, else text.
Result<json::value> scalar(const YamlNode& node) {
  if (node.kind() == YamlNode::Kind::null) return json::value(nullptr);
  VIGIE_TRY(const std::string text, node.as_text());
  if (node.quoted()) return json::value(text);
  if (text == "true" || text == "false") return json::value(text == "true");
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return json::value(number);
  return json::value(text);
}

Result<json::value> any_value(const YamlNode& node) {
  if (node.kind() != YamlNode::Kind::mapping) return scalar(node);
  json::object out;
  for (const auto& [key, value] : node.entries()) {
    VIGIE_TRY(const std::string name, key.as_text());
    VIGIE_TRY(out[name], any_value(value));
  }
  return json::value(std::move(out));
}

Result<std::vector<std::pair<std::string, json::value>>> scalars(const YamlNode& node) {
  std::vector<std::pair<std::string, json::value>> out;
  for (const auto& [key, value] : node.entries()) {
    VIGIE_TRY(std::string name, key.as_text());
    VIGIE_TRY(json::value found, scalar(value));
    out.emplace_back(std::move(name), std::move(found));
  }
  return out;
}

Result<std::vector<std::pair<std::string, std::string>>> texts(const YamlNode& node) {
  std::vector<std::pair<std::string, std::string>> out;
  if (node.kind() == YamlNode::Kind::scalar) {
    VIGIE_TRY(std::string path, node.as_text());
    out.emplace_back("", std::move(path));
    return out;
  }
  for (const auto& [key, value] : node.entries()) {
    VIGIE_TRY(std::string name, key.as_text());
    VIGIE_TRY(std::string text, value.as_text());
    out.emplace_back(std::move(name), std::move(text));
  }
  return out;
}

bool names_a_row(std::string_view path) { return path == "period" || path.starts_with("by."); }

Result<ExpectedRow> read_row(const YamlNode& node) {
  VIGIE_TRY(auto fields, scalars(node));
  ExpectedRow row;
  for (auto& field : fields) (names_a_row(field.first) ? row.where : row.equal).push_back(std::move(field));
  if (row.equal.empty()) return node.error("check.empty", "this row says nothing that must be equal");
  return row;
}

/// Words apart by blanks; a part in single quotes is one word.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  bool quoted = false, begun = false;
  for (const char c : text) {
    if (c == '\'') {
      quoted = !quoted;
      begun = true;
    } else if (!quoted && (c == ' ' || c == '\n')) {
      if (begun) out.push_back(std::move(word));
      word.clear();
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (begun) out.push_back(std::move(word));
  return out;
}

Result<> read_literals(const YamlNode& node, Check& check) {
  if (const YamlNode* rows = node.find("rows"))
    for (const YamlNode& item : rows->items()) {
      VIGIE_TRY(ExpectedRow row, read_row(item));
      check.rows.push_back(std::move(row));
    }
  if (const YamlNode* total = node.find("total")) {
    VIGIE_TRY(check.total, read_row(*total));
  }
  return {};
}

Result<Check> read_check(const YamlNode& node) {
  VIGIE_CHECK(node.known_keys(
      {"entry", "is", "because", "ask", "each", "keys", "without", "pick", "rows", "total", "tolerance"}));
  Check check;
  VIGIE_TRY(check.entry, node.text_or("entry", ""));
  VIGIE_TRY(const std::string ask, node.text("ask"));
  check.ask = words(ask);
  if (check.ask.size() < 2) return node.error("check.ask", "a question has a command and a KPI");
  check.name = check.entry.empty() ? check.ask[1] : check.entry;
  if (const YamlNode* is = node.find("is")) {
    VIGIE_TRY(check.is, any_value(*is));
    if (!check.entry.empty()) VIGIE_CHECK(node.text("because"));
  }
  if (const YamlNode* each = node.find("each")) {
    VIGIE_TRY(check.each, texts(*each));
  }
  if (const YamlNode* keys = node.find("keys")) {
    VIGIE_TRY(check.keys, scalars(*keys));
  }
  if (const YamlNode* without = node.find("without")) {
    VIGIE_TRY(check.without, without->as_texts());
  }
  if (const YamlNode* pick = node.find("pick")) {
    VIGIE_TRY(check.pick, texts(*pick));
  }
  if (const YamlNode* tolerance = node.find("tolerance")) {
    VIGIE_TRY(check.tolerance, tolerance->as_double());
  }
  VIGIE_CHECK(read_literals(node, check));
  if (check.pick.empty() && check.rows.empty() && !check.total)
    return node.error("check.empty", "nothing is compared: give pick, rows or total");
  return check;
}

}  // namespace

Result<CheckFile> read_checks(const std::filesystem::path& file) {
  VIGIE_TRY(const YamlNode root, YamlNode::load_file(file, file.filename().string()));
  VIGIE_CHECK(root.known_keys({"example", "expected", "prints", "checks"}));
  CheckFile out;
  VIGIE_TRY(out.example, root.text("example"));
  VIGIE_TRY(out.expected, root.text_or("expected", ""));
  if (const YamlNode* prints = root.find("prints")) {
    VIGIE_TRY(out.prints, prints->as_texts());
  }
  VIGIE_TRY(const YamlNode* checks, root.require("checks"));
  for (const YamlNode& item : checks->items()) {
    VIGIE_TRY(Check check, read_check(item));
    out.checks.push_back(std::move(check));
  }
  return out;
}

}  // namespace vigie::data_test
