#include "erase/erase.h"

#include "base/json_text.h"
#include "base/keyed_digest.h"
#include "base/text.h"
#include "erase/receipt_json.h"
#include "erase/steps.h"

namespace vigie::erase {
namespace {

using store::quote_text;

/// Addresses of theirs, in what a source sends from now on, are known again.
Result<> suppress_addresses(const Erasing& erasing, const ingest::Person& person, std::int64_t erasure) {
  for (const std::string& address : person.addresses)
    VIGIE_CHECK(erasing.connection.execute(fmt::format("INSERT INTO _erased VALUES ('text', {}, {}, {})",
                                                       quote_text(erasing.privacy.text_digest(address)),
                                                       quote_text(person.pseudonym), erasure)));
  VIGIE_CHECK(erasing.privacy.know_erased(erasing.connection));
  return {};
}

/// Customers of other sources that are called by the same address: perhaps the same person, and not asked for.
Result<> tell_others(const Erasing& erasing, const ingest::Person& person, Receipt& receipt) {
  if (person.addresses.empty()) return {};
  std::string list;
  for (const std::string& address : person.addresses)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", quote_text(lower_ascii(address)));
  VIGIE_TRY(receipt.others,
            texts(erasing.connection,
                  fmt::format("SELECT DISTINCT source FROM customers WHERE lower(source_key) IN ({}) AND key NOT IN {} "
                              "ORDER BY source",
                              list, rows_of("customers"))));
  return {};
}

/// Files may be called after the person.
Receipt without_names(const ingest::Traces& traces, Receipt receipt) {
  const auto clear = [&](std::string& text) {
    if (auto other = traces.out_of_text(text, true)) text = *std::move(other);
  };
  for (Cleared& one : receipt.texts) clear(one.place);
  for (std::string& one : receipt.copies) clear(one);
  for (Beyond& one : receipt.beyond)
    for (std::string& file : one.files) clear(file);
  return receipt;
}

/// Under a model that says of nobody that it is a person, nothing would go, and the receipt would say that it has.
Result<> check_marks(const model::Model& model) {
  const auto unmarked = [](std::string message, std::string hint) {
    return fail(ErrorKind::usage, "erase.unmarked", std::move(message), {}, std::move(hint));
  };
  const model::Table* customers = model.table("customers");
  if (customers == nullptr || !customers->person)
    return unmarked("the model does not say that customers are persons, so that nobody can be erased",
                    "say person: true at the head of model/customers.yaml, as the model that comes with Vigie does");
  if (std::ranges::none_of(customers->columns, &model::Column::personal))
    return unmarked("the model calls no column of customers personal, so that nobody can be erased",
                    "say personal: true of its name in model/customers.yaml, as the model that comes with Vigie does");
  if (model.personal_names().empty())
    return unmarked("the model does not list what sources call personal members, so that nobody can be erased",
                    "bring back model/personal_names.yaml, as it comes with Vigie");
  return {};
}

Result<> keep_receipt(const Erasing& erasing, const Receipt& receipt, const std::vector<Draft>& drafts) {
  std::string json, pending;
  JsonWriter out(json), waiting(pending);
  to_json(receipt, out);
  waiting.begin_array();
  for (const Draft& one : drafts)
    waiting.begin_object()
        .key("draft")
        .text(one.draft)
        .key("file")
        .text(one.file)
        .key("old")
        .text(one.old)
        .end_object();
  waiting.end_array();
  return erasing.connection.execute(fmt::format("INSERT INTO _erasures VALUES ({}, {}, {}, {})", receipt.id,
                                                receipt.at.micros, quote_text(pending), quote_text(json)));
}

}  // namespace

Result<Receipt> erase(const Erasing& erasing, const Order& order, std::vector<Draft>& drafts) {
  constexpr std::size_t kBytes = 8;
  Receipt out;
  out.at = erasing.now;
  out.by = order.by;
  out.dry_run = order.dry_run;
  out.events_waiting = order.events_waiting;
  VIGIE_CHECK(check_marks(erasing.model));
  VIGIE_CHECK(erasing.privacy.know_erased(erasing.connection));
  VIGIE_TRY(const std::int64_t customer, find_customer(erasing, order, out));
  VIGIE_TRY(out.id, count(erasing.connection, "SELECT coalesce(max(id), 0) + 1 FROM _erasures"));
  out.pseudonym = ingest::is_address(order.id) ? erasing.privacy.stand_in(order.id)
                                               : std::string(ingest::kErased) + random_hex(kBytes);
  VIGIE_CHECK(find_rows(erasing, customer));
  VIGIE_TRY(const ingest::Person known, person_of(erasing, out.pseudonym));
  VIGIE_CHECK(find_rows_by_address(erasing, known.addresses));
  VIGIE_TRY(ingest::Person person, person_of(erasing, out.pseudonym));
  VIGIE_TRY(out.customers, count(erasing.connection, "SELECT count(*) FROM " + rows_of("customers")));
  VIGIE_CHECK(suppress_addresses(erasing, person, out.id));
  VIGIE_CHECK(tell_others(erasing, person, out));
  VIGIE_CHECK(tell_beyond(erasing, out));
  VIGIE_CHECK(name_anew(erasing, customer, out.pseudonym, out.id));
  VIGIE_CHECK(pair_keys(erasing, person));
  const ingest::Traces traces(std::move(person), erasing.model, erasing.privacy);
  VIGIE_CHECK(clear_records(erasing, traces, out.id, out));
  VIGIE_CHECK(clear_fields(erasing, traces, out));
  VIGIE_CHECK(copy_files(erasing, traces, !order.dry_run, out, drafts));
  VIGIE_CHECK(clear_last_runs(erasing, traces, !order.dry_run, out, drafts));
  VIGIE_CHECK(remove_earlier_warehouses(erasing, !order.dry_run, out, drafts));
  VIGIE_CHECK(tell_own_files(erasing, traces, out));
  VIGIE_CHECK(rename(erasing, out));
  if (order.dry_run) out.id = 0;
  VIGIE_CHECK(keep_receipt(erasing, without_names(traces, out), drafts));
  return out;
}

Result<std::vector<std::string>> receipts(store::Connection& connection) {
  // One that is only read may be of a version that erased nobody.
  VIGIE_TRY(const std::int64_t known,
            count(connection, "SELECT count(*) FROM duckdb_tables() WHERE table_name = '_erasures'"));
  if (known == 0) return std::vector<std::string>{};
  return texts(connection, "SELECT receipt FROM _erasures ORDER BY id DESC");
}

}  // namespace vigie::erase
