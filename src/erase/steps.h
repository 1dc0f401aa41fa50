#pragma once
// Private to erase/: its steps, in their order, and what they share.
#include "erase/erase.h"
#include "ingest/traces.h"

namespace vigie::erase {

/// Temporary tables: rows about the person, as (t, key), t a table or the name space of keys that reference none; and
/// keys that get another number and text, as (space, old, new, source, old_text, new_text).
constexpr std::string_view kRows = "erase_rows", kRenamed = "erase_renamed";

/// A text column of a table as the warehouse has it.
struct TextColumn {
  std::string name;
  bool personal = false, attribute = false;
};
/// A text out of which a name or an address was taken. Where the source sends it again, it is known as a whole (by its
/// digest), and what stands in its place. `place`: kTheirs of a name; of an address the column, or kAnybodys of a
/// record that waits, or of a tap's, whose members no map has named yet.
struct Reworded {
  std::string table, place, before, now;
  std::int64_t erasure = 0;
};
Result<> remember(const Erasing& erasing, const Reworded& text);
Result<std::vector<TextColumn>> text_columns(const Erasing& erasing, const model::Table& table);
std::string rows_of(std::string_view table);  ///< "(SELECT key FROM erase_rows WHERE t = '…')"
Result<std::int64_t> count(store::Connection& connection, const std::string& sql);
Result<std::vector<std::string>> texts(store::Connection& connection, const std::string& sql);
/// The files of a folder in the order of their names, but hidden ones; none where there is no such folder. Errors:
/// file.unreadable.
Result<std::vector<std::filesystem::path>> files_in(const std::filesystem::path& folder);
std::unexpected<Error> cannot_read(const std::filesystem::path& file);
/// Adds to the list where there were any.
void note(std::vector<Cleared>& list, std::string place, std::string column, std::int64_t rows);

/// The customer's own number. Errors: as erase().
Result<std::int64_t> find_customer(const Erasing& erasing, const Order& order, Receipt& receipt);
/// Fills erase_rows. `addresses`: keys that are one of them are theirs too.
Result<> find_rows(const Erasing& erasing, std::int64_t customer);
Result<> find_rows_by_address(const Erasing& erasing, const std::vector<std::string>& addresses);
/// What is known of them; addresses that another person has too are left out.
Result<ingest::Person> person_of(const Erasing& erasing, const std::string& pseudonym);

Result<> clear_fields(const Erasing& erasing, const ingest::Traces& traces, Receipt& receipt);
/// What stands in the place of each of their keys; "" where that is two things.
Result<> pair_keys(const Erasing& erasing, ingest::Person& person);
/// Fills erase_renamed, and suppresses those keys from now on.
Result<> name_anew(const Erasing& erasing, std::int64_t customer, const std::string& pseudonym, std::int64_t erasure);
Result<> rename(const Erasing& erasing, Receipt& receipt);
Result<> clear_records(const Erasing& erasing, const ingest::Traces& traces, std::int64_t erasure, Receipt& receipt);
Result<> copy_files(const Erasing& erasing, const ingest::Traces& traces, bool write, Receipt& receipt,
                    std::vector<Draft>& drafts);
/// Copies of the warehouse from before an upgrade hold everybody, and nobody reads them: they go whole.
Result<> remove_earlier_warehouses(const Erasing& erasing, bool write, Receipt& receipt, std::vector<Draft>& drafts);
Result<> clear_last_runs(const Erasing& erasing, const ingest::Traces& traces, bool write, Receipt& receipt,
                         std::vector<Draft>& drafts);
Result<> tell_beyond(const Erasing& erasing, Receipt& receipt);
Result<> tell_own_files(const Erasing& erasing, const ingest::Traces& traces, Receipt& receipt);

}  // namespace vigie::erase
