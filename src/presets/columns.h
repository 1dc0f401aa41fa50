#pragma once
#include <functional>
#include <optional>
#include <span>

#include "presets/preset.h"

namespace vigie::presets {

/// A name without its separators, accents and capitals: StageName, stage_name and "Stage name" are one.
std::string bare_name(std::string_view name);

/// Where the columns of an object stand in a file with these headers.
class ObjectInFile {
 public:
  ObjectInFile(const Object& object, std::span<const std::string> headers);

  /// Which members of JSON columns a row has: what no row has is not there.
  void look_at(std::span<const std::string> cells);
  /// One row of the file as a row of the object, column by column; empty where the file has no such column.
  std::vector<std::string> row(std::span<const std::string> cells) const;
  /// Columns that the object is known by and that the file has not.
  std::vector<std::string> lacks() const;
  /// Columns of the object that the file has not, as far as headers and the rows that were looked at tell.
  std::vector<std::string> absent() const;

 private:
  /// A header, or a member of the JSON that a header holds.
  struct Place {
    std::size_t column = 0;
    std::vector<std::string> members;
    bool seen = false;  ///< a header is; a member is where some row has it
  };
  struct Gathered {
    std::vector<std::pair<std::size_t, std::string>> columns;  ///< what follows the beginning
    std::vector<std::pair<Place, std::string>> inside;         ///< of JSON: the beginning of members' names
  };
  std::optional<Place> place_of(std::string_view called) const;
  std::optional<std::size_t> header(std::string_view name) const;
  Gathered gathered(const ObjectColumn& column) const;
  static std::string text_at(const Place& place, std::span<const std::string> cells);
  static std::string gather(const Gathered& from, std::span<const std::string> cells);

  const Object* object_;
  std::vector<std::string> headers_, bare_;
  std::vector<std::vector<Place>> places_;  ///< by column of the object: the first that is there, in their order
  std::vector<std::optional<Gathered>> gathered_;
};

}  // namespace vigie::presets
