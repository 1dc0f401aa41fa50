#include "presets/columns.h"

#include <algorithm>

#include "base/json_text.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace vigie::presets {
namespace {

bool is_json_object(std::string_view text) { return trim(text).starts_with('{'); }

/// How many letters of `name` make `beginning` without separators; nothing where it does not begin so.
std::optional<std::size_t> length_of_beginning(std::string_view name, std::string_view beginning) {
  if (!bare_name(name).starts_with(beginning)) return std::nullopt;
  for (std::size_t length = 0; length <= name.size(); ++length)
    if (bare_name(name.substr(0, length)) == beginning) return length;
  return std::nullopt;
}

std::string without_separators_before(std::string_view text) {
  const std::size_t begin = text.find_first_not_of("_. -");
  return begin == std::string_view::npos ? std::string() : std::string(text.substr(begin));
}

}  // namespace

std::string bare_name(std::string_view name) {
  std::string out;
  for (const char c : fold_name(name))
    if ((c >= 'a' && c <= 'z') || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) out += c;
  return out;
}

ObjectInFile::ObjectInFile(const Object& object, std::span<const std::string> headers)
    : object_(&object), headers_(headers.begin(), headers.end()) {
  for (const std::string& name : headers_) bare_.push_back(bare_name(name));
  for (const ObjectColumn& column : object.columns) {
    std::vector<Place> places;
    if (!column.gathers)
      for (const std::string& name : column.called)
        if (auto place = place_of(name)) places.push_back(std::move(*place));
    places_.push_back(std::move(places));
    gathered_.push_back(column.gathers ? std::optional(gathered(column)) : std::nullopt);
  }
}

std::optional<std::size_t> ObjectInFile::header(std::string_view name) const {
  const auto found = std::ranges::find(bare_, bare_name(name));
  return found == bare_.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - bare_.begin()));
}

std::optional<ObjectInFile::Place> ObjectInFile::place_of(std::string_view called) const {
  if (const auto column = header(called)) return Place{*column, {}, true};
  const std::size_t dot = called.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto column = header(called.substr(0, dot));
  if (!column) return std::nullopt;
  return Place{*column, split(called.substr(dot + 1), '.'), false};
}

ObjectInFile::Gathered ObjectInFile::gathered(const ObjectColumn& column) const {
  Gathered out;
  for (const std::string& beginning : column.called) {
    const std::string bare = bare_name(beginning);
    for (std::size_t i = 0; i < headers_.size(); ++i) {
      const bool known = std::ranges::any_of(out.columns, [&](const auto& one) { return one.first == i; });
      const auto length = length_of_beginning(headers_[i], bare);
      if (known || !length) continue;
      const std::string rest = without_separators_before(std::string_view(headers_[i]).substr(*length));
      if (!rest.empty()) out.columns.emplace_back(i, rest);
    }
    const std::size_t dot = beginning.find('.');
    if (dot == std::string::npos) continue;
    if (const auto outer = header(beginning.substr(0, dot)))
      out.inside.emplace_back(Place{*outer, {}, true}, beginning.substr(dot + 1));
  }
  return out;
}

std::string ObjectInFile::text_at(const Place& place, std::span<const std::string> cells) {
  std::string text = cells[place.column];
  for (const std::string& member : place.members) {
    if (!is_json_object(text)) return {};
    text = json_member(text, member).value_or("");
  }
  return text;
}

std::string ObjectInFile::gather(const Gathered& from, std::span<const std::string> cells) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [column, name] : from.columns)
    if (!cells[column].empty()) found.emplace_back(name, cells[column]);
  for (const auto& [place, beginning] : from.inside)
    if (is_json_object(cells[place.column]))
      for (auto& [name, value] : json_members(cells[place.column]))
        if (name.starts_with(beginning) && !value.empty()) found.emplace_back(name.substr(beginning.size()), value);
  if (found.empty()) return {};
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  for (const auto& [name, value] : found) writer.key(name).text(value);
  writer.end_object();
  return out;
}

void ObjectInFile::look_at(std::span<const std::string> cells) {
  for (std::vector<Place>& places : places_)
    for (Place& place : places) place.seen = place.seen || !text_at(place, cells).empty();
}

std::vector<std::string> ObjectInFile::row(std::span<const std::string> cells) const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (gathered_[i]) {
      out.push_back(gather(*gathered_[i], cells));
      continue;
    }
    std::string text;
    for (const Place& place : places_[i]) {
      text = text_at(place, cells);
      // A header is there for all rows; a member of JSON is where it is.
      if (!text.empty() || place.members.empty()) break;
    }
    out.push_back(std::move(text));
  }
  return out;
}

std::vector<std::string> ObjectInFile::absent() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const bool there = gathered_[i] ? !gathered_[i]->columns.empty() || !gathered_[i]->inside.empty()
                                    : std::ranges::any_of(places_[i], &Place::seen);
    if (!there) out.push_back(object_->columns[i].name);
  }
  return out;
}

std::vector<std::string> ObjectInFile::lacks() const {
  const std::vector<std::string> missing = absent();
  std::vector<std::string> out;
  for (const std::string& name : object_->known_by)
    if (std::ranges::find(missing, name) != missing.end()) out.push_back(name);
  return out;
}

}  // namespace vigie::presets
