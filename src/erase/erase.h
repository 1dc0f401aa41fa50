#pragma once
// erase/ — a customer goes (GDPR, article 17), and no figure changes.
//
//   erase.h         the order, the receipt, one transaction; receipt_json.h
//   subjects.h      which rows are about the person: through the references of the model
//   fields.cpp      what is personal in them; names and addresses in other texts
//   rename.cpp      keys that tell who it is → pseudonyms, wherever they stand
//   records.cpp     records kept as their source gave them: the quarantine, rows of Singer taps, receipts
//   copies.cpp      copies of files that the workspace holds (files/), and the last runs of sources (data/syncs/)
//   beyond.cpp      what Vigie cannot reach: the files and systems that the rows came from
//
// The model says what is personal (`personal: true`, `person: true`, `subject: false` in model/*.yaml): nothing here
// names a table, but the one of customers.
//
// What has gone must not come back with the next import: ingest/privacy.h.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ingest/privacy.h"
#include "model/model.h"
#include "store/database.h"

namespace vigie::erase {

struct Order {
  std::string id, source;  ///< source: "" where one alone has that id
  bool dry_run = false;
  std::string by;
  std::int64_t events_waiting = 0;  ///< told in the receipt
};

/// How many values went, or were changed, where.
struct Cleared {
  std::string place, column;
  std::int64_t rows = 0;
};

/// Files and systems that the rows came from.
struct Beyond {
  std::string source, map;
  std::vector<std::string> files;
};

/// Without a word of who it was; but files are called as they are called. In the one that is kept, they are not.
struct Receipt {
  std::int64_t id = 0;  ///< 0: of a dry run
  Instant at{};
  bool dry_run = false;
  std::string by, source, pseudonym;
  std::int64_t customers = 0;        ///< records of the person: more than one where some were merged
  std::vector<Cleared> rows;         ///< that are about the person, of each table; they stay
  std::vector<Cleared> fields;       ///< values that went
  std::vector<Cleared> keys;         ///< keys that are pseudonyms now, of each name space
  std::vector<Cleared> texts;        ///< other texts and records out of which a name or address was taken
  std::vector<std::string> kept;     ///< columns of the person's rows that stay, for figures are split by them
  std::vector<std::string> copies;   ///< files of the workspace that were written anew
  std::vector<std::string> removed;  ///< files of the workspace that went whole
  std::int64_t events_waiting = 0;   ///< in the journal: applied later, without what is personal
  std::vector<std::string> others;   ///< sources that have a customer under an address of theirs: asked for by itself
  std::vector<Beyond> beyond;
};

/// What a warehouse is changed through. Everything happens in the transaction that is open on the connection.
struct Erasing {
  store::Connection& connection;
  const model::Model& model;
  ingest::Privacy& privacy;  ///< of this erasure alone, for it learns what goes
  Instant now;
  std::filesystem::path workspace;
};

/// A copy that is to take the place of a file of the workspace once the erasure is committed.
struct Draft {
  std::string draft, file, old;  ///< paths in the workspace: the new text, its place, and the one that goes
  bool takes_a_place() const { return !draft.empty(); }  ///< else the old one goes, and nothing comes for it
};

/// Erases in the open transaction; `drafts`: the copies written anew, still beside the old ones (of a dry run none).
/// The secret must be known.
///
/// Errors: erase.unmarked (the model does not say what is personal), erase.unknown (with the nearest id),
/// erase.several_sources, erase.already, file.unreadable, file.unwritable.
Result<Receipt> erase(const Erasing& erasing, const Order& order, std::vector<Draft>& drafts);

/// Those that were made, the latest first: each the JSON of its receipt.
Result<std::vector<std::string>> receipts(store::Connection& connection);

/// What was committed and is not done beside the warehouse: copies that wait to take their place. Idempotent.
Result<> finish(store::Database& database, const std::filesystem::path& workspace);

}  // namespace vigie::erase
