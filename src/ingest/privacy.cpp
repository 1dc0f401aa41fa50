#include "ingest/privacy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/keyed_digest.h"
#include "base/text.h"
#include "ingest/sql_function.h"
#include "store/warehouse.h"

namespace vigie::ingest {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLeastDigits = 9;
constexpr std::size_t kHashDigits = 32, kErasedDigits = 16, kSecretBytes = 32;
constexpr std::string_view kMark = "privacy_secret", kJoint = "\x1f";

bool is_made(std::string_view text, std::string_view prefix, std::size_t digits) {
  return text.size() == prefix.size() + digits && text.starts_with(prefix) &&
         std::ranges::all_of(text.substr(prefix.size()), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

std::unexpected<Error> cannot_make(const fs::path& file, int reason) {
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("cannot write {}: {}", file.string(), std::strerror(reason)), {},
              "check the rights on the folder");
}

/// Whole or not at all, and never over one that is there.
Result<> make_secret(const fs::path& file) {
  std::string draft = file.string() + ".XXXXXX";
  const int descriptor = ::mkstemp(draft.data());  // of mode 600
  if (descriptor < 0) return cannot_make(file, errno);
  const std::string text = random_hex(kSecretBytes) + "\n";
  const bool wrote =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  const int reason = errno;
  ::close(descriptor);
  const bool linked = wrote && (::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const int of_link = errno;
  ::unlink(draft.c_str());
  if (!wrote) return cannot_make(file, reason);
  return linked ? Result<>() : cannot_make(file, of_link);
}

void hash_texts(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto& privacy = **static_cast<std::shared_ptr<Privacy>*>(duckdb_scalar_function_get_extra_info(info));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const Texts texts(input, 0);
  Output<duckdb_string_t> validity(output);
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.is_null(row)) {
      validity.set_null(row);
      continue;
    }
    const std::string hashed = privacy.hashed(texts.at(row));
    duckdb_vector_assign_string_element_len(output, row, hashed.data(), hashed.size());
  }
}

void name_erased(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto& privacy = **static_cast<std::shared_ptr<Privacy>*>(duckdb_scalar_function_get_extra_info(info));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const std::string_view source = Texts(input, 0).constant(rows), space = Texts(input, 1).constant(rows);
  const Texts texts(input, 2);
  Output<duckdb_string_t> validity(output);
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.is_null(row)) {
      validity.set_null(row);
      continue;
    }
    const auto pseudonym = privacy.pseudonym(source, space, texts.at(row));
    const std::string_view text = pseudonym ? std::string_view(*pseudonym) : texts.at(row);
    duckdb_vector_assign_string_element_len(output, row, text.data(), text.size());
  }
}

void take_addresses(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto& privacy = **static_cast<std::shared_ptr<Privacy>*>(duckdb_scalar_function_get_extra_info(info));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  const Texts texts(input, 0);
  Output<duckdb_string_t> validity(output);
  for (idx_t row = 0; row < rows; ++row) {
    if (texts.is_null(row)) {
      validity.set_null(row);
      continue;
    }
    const std::string key = privacy.without_addresses(texts.at(row));
    duckdb_vector_assign_string_element_len(output, row, key.data(), key.size());
  }
}

void forget(void* privacy) { delete static_cast<std::shared_ptr<Privacy>*>(privacy); }

}  // namespace

bool is_address(std::string_view text) {
  const std::string_view bare = trim(text);
  if (const auto at = bare.find('@'); at != std::string_view::npos)
    return at > 0 && bare.find('.', at) != std::string_view::npos && bare.find(' ') == std::string_view::npos;
  std::size_t digits = 0;
  for (const char c : bare) {
    if (is_digit(c)) ++digits;
    else if (std::string_view("+ -./()").find(c) == std::string_view::npos) return false;
  }
  const bool is_dated = bare.size() == 10 && (bare[4] == '-' || bare[2] == '/' || bare[2] == '.');
  return digits >= kLeastDigits && !is_dated && (bare.front() == '+' || bare.front() == '0' || bare.front() == '(');
}

std::string normalised(std::string_view text) {
  const std::string_view bare = trim(text);
  return bare.find('@') == std::string_view::npos ? std::string(bare) : lower_ascii(bare);
}

bool is_hashed(std::string_view text) { return is_made(text, kHashed, kHashDigits); }
bool is_erased(std::string_view text) { return is_made(text, kErased, kErasedDigits); }

Result<std::string> Privacy::secret_of_file(bool may_make) const {
  const fs::path file = workspace_ / kSecretFile;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    if (!may_make)
      return fail(
          ErrorKind::unavailable, "privacy.secret_lost",
          fmt::format("the secret that values of this workspace were hashed with is not there: {}", file.string()), {},
          "bring that file back from where the workspace came from; another one would join with nothing");
    VIGIE_CHECK(make_secret(file));
  }
  return Secret{Secret::From::file, fs::absolute(file).string(), {}}.value({});
}

Result<> Privacy::know_secret(store::Connection& connection) {
  if (!secret().empty()) return {};
  VIGIE_TRY(const auto mark, store::meta(connection, kMark));
  std::string found;
  if (named_) {
    VIGIE_TRY(found, named_->value(workspace_));
  } else {
    VIGIE_TRY(found, secret_of_file(!mark));
  }
  const std::string own = keyed_digest(found, {"mark"}).substr(0, kHashDigits);
  if (mark && *mark != own)
    return fail(ErrorKind::unavailable, "privacy.other_secret",
                "the secret for hashed values is another one than this workspace was made with", {},
                "bring the first one back (privacy.key, or what privacy: secret: in vigie.yaml names); under another "
                "one nothing would join with what is there");
  if (!mark) VIGIE_CHECK(store::set_meta(connection, kMark, own));
  const std::lock_guard guard(mutex_);
  secret_ = std::move(found);
  return {};
}

Result<> Privacy::make_believe(store::Connection& connection) {
  VIGIE_TRY(const auto mark, store::meta(connection, kMark));
  if (mark) return know_secret(connection);
  const std::lock_guard guard(mutex_);
  secret_ = random_hex(kSecretBytes);
  return {};
}

Result<bool> Privacy::know_erased(store::Connection& connection) {
  VIGIE_TRY(const store::ResultSet rows,
            connection.query("SELECT CASE kind WHEN 'own' THEN 'key' ELSE kind END, digest, pseudonym FROM _erased"));
  auto known = std::make_shared<Pseudonyms>();
  for (std::size_t row = 0; row < rows.rows(); ++row)
    known->emplace(rows.text(row, 0) + ":" + rows.text(row, 1), rows.text(row, 2));
  if (rows.rows() > 0) VIGIE_CHECK(know_secret(connection));
  const std::lock_guard guard(mutex_);
  erased_ = std::move(known);
  return rows.rows() > 0;
}

std::string Privacy::secret() const {
  const std::lock_guard guard(mutex_);
  return secret_;
}

std::shared_ptr<const Privacy::Pseudonyms> Privacy::erased() const {
  const std::lock_guard guard(mutex_);
  return erased_;
}

std::string Privacy::hashed(std::string_view text) const {
  if (ingest::is_hashed(text)) return std::string(text);
  return std::string(kHashed) + keyed_digest(secret(), {"hash", kJoint, normalised(text)}).substr(0, kHashDigits);
}

std::string Privacy::key_digest(std::string_view source, std::string_view space, std::string_view natural) const {
  return keyed_digest(secret(), {"key", kJoint, source, kJoint, space, kJoint, natural});
}

std::string Privacy::text_digest(std::string_view text) const {
  return keyed_digest(secret(), {"text", kJoint, normalised(text)});
}

std::string Privacy::stand_in(std::string_view text) const {
  return std::string(kErased) + keyed_digest(secret(), {"stand-in", kJoint, normalised(text)}).substr(0, kErasedDigits);
}

bool Privacy::is_held_copy(const fs::path& file, Instant after) const {
  std::error_code unknown;
  struct stat known{};
  const bool is_held =
      fs::equivalent(file.has_parent_path() ? file.parent_path() : fs::path("."), workspace_ / kCopies, unknown);
  return is_held && ::stat(file.c_str(), &known) == 0 && known.st_mtim.tv_sec * kMicrosPerSecond > after.micros;
}

std::optional<std::string> Privacy::pseudonym(std::string_view source, std::string_view space,
                                              std::string_view natural) const {
  const auto known = erased();
  if (known->empty()) return std::nullopt;
  const auto found = known->find("key:" + key_digest(source, space, natural));
  return found == known->end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> Privacy::pseudonym_of_text(std::string_view text) const {
  const auto known = erased();
  if (known->empty()) return std::nullopt;
  const auto found = known->find("text:" + text_digest(text));
  return found == known->end() ? std::nullopt : std::optional(found->second);
}

std::string Privacy::without_addresses(std::string_view key) const {
  std::vector<std::string> parts = split(key, kJoint.front());
  for (std::string& part : parts) {
    if (is_address(part) && pseudonym_of_text(part)) part = stand_in(part);
    // A stage change that was seen is called after its deal, and the moment behind a blank (seen_stages.cpp).
    const auto moment = part.rfind(' ');
    if (moment == std::string::npos || !whole_number(part.substr(moment + 1))) continue;
    const std::string deal = part.substr(0, moment);
    if (is_address(deal) && pseudonym_of_text(deal)) part.replace(0, moment, stand_in(deal));
  }
  return join(parts, kJoint);
}

Result<> prepare_privacy(store::Connection& connection) {
  return connection.execute(
      "CREATE TABLE IF NOT EXISTS _erased(kind VARCHAR, digest VARCHAR, pseudonym VARCHAR, erasure BIGINT);"
      "CREATE TABLE IF NOT EXISTS _personal(table_name VARCHAR, column_name VARCHAR);"
      "CREATE TABLE IF NOT EXISTS _erasures(id BIGINT, erased_at BIGINT, pending VARCHAR, receipt VARCHAR);");
}

Result<> add_privacy_functions(void* native, const std::shared_ptr<Privacy>& privacy) {
  auto* const connection = static_cast<duckdb_connection>(native);
  const auto kept = [&] { return FunctionState{new std::shared_ptr<Privacy>(privacy), forget}; };
  VIGIE_CHECK(add_function(
      connection, {"vigie_hash", {simple(DUCKDB_TYPE_VARCHAR)}, simple(DUCKDB_TYPE_VARCHAR), guarded<hash_texts>},
      kept(), Calls::with_effects));
  VIGIE_CHECK(add_function(
      connection,
      {"vigie_without_addresses", {simple(DUCKDB_TYPE_VARCHAR)}, simple(DUCKDB_TYPE_VARCHAR), guarded<take_addresses>},
      kept(), Calls::with_effects));
  return add_function(connection,
                      {"vigie_pseudonym",
                       {simple(DUCKDB_TYPE_VARCHAR), simple(DUCKDB_TYPE_VARCHAR), simple(DUCKDB_TYPE_VARCHAR)},
                       simple(DUCKDB_TYPE_VARCHAR),
                       guarded<name_erased>},
                      kept(), Calls::with_effects);
}

}  // namespace vigie::ingest
