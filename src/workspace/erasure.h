#pragma once
#include <filesystem>
#include <optional>

#include "base/clock.h"
#include "base/secret.h"
#include "erase/erase.h"

namespace vigie::workspace {

/// One erasure, from what is in the warehouse to the file in its place. The file is the moment: a copy of the warehouse
/// is changed, all that it then holds is written into a new file, and that takes the old one's name. So nothing that an
/// engine leaves behind in freed blocks is left, and who is killed before has changed nothing. What lies beside it
/// (copies of files) is put in place after it, at the next opening where somebody was killed in between
/// (finish_erasures).
struct Erasure {
  store::Database& database;
  const model::Model& model;
  const std::filesystem::path& folder;
  const std::optional<Secret>& secret;
  const Clock& clock;
  erase::Order order;
  std::optional<std::int64_t> events_waiting;  ///< of who has the journal open; nothing: nobody has

  /// What would go: everything is done, told, and rolled back.
  Result<erase::Receipt> look();
  /// The secret, and the journal of events, of which nothing applied is kept.
  Result<> prepare();
  /// Only while no connection is open.
  Result<erase::Receipt> carry_out();

 private:
  Result<erase::Receipt> change(store::Database& of, bool dry);
  Result<erase::Receipt> write_anew();
};

/// What an erasure that was committed had left to do, or one that was not left behind.
Result<> finish_erasures(store::Database& database, const std::filesystem::path& folder);

}  // namespace vigie::workspace
