#pragma once
// What a workspace keeps of people whom it must not know.
//
// HASHED. `privacy: hash` in a map: each value is replaced, where rows are first read and so before anything is stored,
// by "hash-" and 32 hex digits, the first half of an HMAC-SHA256 under a secret of the workspace. The text is put into
// one form before (normalised). A text that is such a digest already stays: what was kept once (the quarantine, rows of
// Singer taps) can be read again. Two maps of one workspace hash alike, so their keys still join.
//
// ERASED. _erased(kind, digest, pseudonym, erasure): what must not come back, as keyed digests.
//
//   kind   key   of source, name space and natural key: wherever a row has it, or refers to it, the pseudonym stands in
//                its place ("erased-" and 16 hex digits), and personal columns of such a row stay empty. Also of a row
//                of a tap ("singer/STREAM"), and of a text out of which an address was taken ("value", and the place:
//                "orders.x_memo", or "orders.*" of a record that waited), whosever row it is in: then the pseudonym is
//                what is left of it
//          own   the same of a text out of which a name was taken ("value", "orders.own"): in rows about an erased
//                person alone, for a namesake's may say the same
//          text  of an address or a number of theirs: how records that are kept whole (singer/kept.h) are known
//
// _personal(table_name, column_name): free attributes that some map called personal; and the places ("orders.x_memo",
// "orders.*", "orders.own") in which an erasure has changed a text.
//
// THE SECRET. `privacy: {secret: env:NAME}` in vigie.yaml, else the file privacy.key beside it, of mode 600, made when
// it is needed first. _meta has its mark ("privacy_secret"), so that another one is refused: what it makes would join
// with nothing that is there.
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/secret.h"
#include "base/time.h"
#include "store/database.h"

namespace vigie::ingest {

constexpr std::string_view kHashed = "hash-", kErased = "erased-";
constexpr std::string_view kSecretFile = "privacy.key", kCopies = "files";
/// Places of texts that were changed, beside the columns: of records that waited; of rows about the person alone.
constexpr std::string_view kAnybodys = "*", kTheirs = "own";

/// The secret of one workspace and what was erased in it; any thread.
class Privacy {
 public:
  Privacy(std::filesystem::path workspace, std::optional<Secret> named)
      : workspace_(std::move(workspace)), named_(std::move(named)) {}

  /// Finds the secret (or makes it) and holds it against the warehouse, once. Errors: secret.*, privacy.secret_lost,
  /// privacy.other_secret, file.unwritable.
  Result<> know_secret(store::Connection& connection);
  /// The same, but that a secret that is not there yet is made up, and forgotten: of what is only looked at.
  Result<> make_believe(store::Connection& connection);
  /// Reads what was erased. Whether there is any: then the secret is known.
  Result<bool> know_erased(store::Connection& connection);

  std::string hashed(std::string_view text) const;
  std::string key_digest(std::string_view source, std::string_view space, std::string_view natural) const;
  std::string text_digest(std::string_view text) const;
  /// What stands in place of that key, or of a record's text; nothing: it was not erased.
  std::optional<std::string> pseudonym(std::string_view source, std::string_view space, std::string_view natural) const;
  std::optional<std::string> pseudonym_of_text(std::string_view text) const;
  /// Of a key that is no person's, addresses that were erased give way to their stand-ins, part by part.
  std::string without_addresses(std::string_view key) const;
  /// A stable name for a text that goes, so that two records that had it still meet.
  std::string stand_in(std::string_view text) const;
  /// Whether it is one of the copies of files that the workspace holds, written after that.
  bool is_held_copy(const std::filesystem::path& file, Instant after) const;

 private:
  using Pseudonyms = std::unordered_map<std::string, std::string>;
  Result<std::string> secret_of_file(bool may_make) const;
  std::shared_ptr<const Pseudonyms> erased() const;
  std::string secret() const;

  const std::filesystem::path workspace_;
  const std::optional<Secret> named_;
  mutable std::mutex mutex_;
  std::string secret_;  ///< "": not known yet
  std::shared_ptr<const Pseudonyms> erased_ = std::make_shared<Pseudonyms>();
};

/// The form in which texts are hashed: blanks off both ends; what has an @ in lower case.
std::string normalised(std::string_view text);
/// E-mails, and numbers of at least nine digits without a letter.
bool is_address(std::string_view text);
bool is_hashed(std::string_view text);
bool is_erased(std::string_view text);

/// What of a workspace's privacy an import needs.
struct RowPrivacy {
  bool any_erased = false;
  std::vector<std::string> personal;  ///< columns of the map's table that are personal by the model or by a map
};

/// _erased, _personal, _erasures.
Result<> prepare_privacy(store::Connection& connection);

/// vigie_hash(text), vigie_pseudonym(source, space, text), vigie_without_addresses(text); `native`: a
/// duckdb_connection.
Result<> add_privacy_functions(void* native, const std::shared_ptr<Privacy>& privacy);

}  // namespace vigie::ingest
