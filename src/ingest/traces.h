#pragma once
// What tells of one person in records that are kept as their source gave them: JSON, or a text that was not taken
// apart.
//
// A record is theirs when it holds an address or a number of theirs (e-mail, phone), or says a key of theirs and all
// words of their name. Of a record that is theirs, members that the model calls personal by their names
// (model/personal_names.yaml) are emptied, and their name is taken out of the others; an address gives way to a
// stand-in that is the same wherever it stood, so that records that were joined by it still are; a key of theirs that
// is no mere number gives way to its pseudonym. Of any other record the address alone is taken. Nothing that is no text
// is touched.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/privacy.h"
#include "model/model.h"

namespace vigie::ingest {

struct Person {
  std::string pseudonym;
  /// Natural keys, and what stands in their place; "": the key stays where records have it.
  std::vector<std::pair<std::string, std::string>> keys;
  std::vector<std::string> names;      ///< as customers and leads have them
  std::vector<std::string> addresses;  ///< e-mails and numbers: nobody else has them
};

class Traces {
 public:
  Traces(Person person, const model::Model& model, const Privacy& privacy)
      : person_(std::move(person)), model_(model), privacy_(privacy) {}
  const Person& person() const { return person_; }
  /// The same, that leaves keys as they are: of records that their source knows by them.
  Traces leaving_keys() const;

  bool is_theirs(std::string_view record) const;
  /// The record without them; nothing where nothing of it changes. `theirs`: whatever it holds.
  std::optional<std::string> without(std::string_view record, bool theirs = false) const;
  /// The same of a text that is no JSON.
  std::optional<std::string> out_of_text(std::string_view text, bool theirs) const;
  /// As SQL, the condition that a text column may hold something of theirs.
  std::string may_hold(const std::string& column) const;

 private:
  Person person_;
  const model::Model& model_;
  const Privacy& privacy_;
};

/// A record that a source sends after its person was erased: what stands in it of addresses that were erased gives way,
/// and then what is personal by its name goes too. Nothing: it is of nobody who was erased. `known`: it is, by its key.
std::optional<std::string> without_erased(std::string_view record, const model::Model& model, const Privacy& privacy,
                                          bool known);

/// The object, in which those of its members that are to be hashed are.
std::string with_hashed(std::string_view object, const std::function<bool(std::string_view)>& is_hashed,
                        const Privacy& privacy);

/// A JSON text in which texts are other ones: `text` is given the name of the member (of a list, the list's) and the
/// text, and gives what it becomes: std::nullopt as it is, an empty one null.
using OtherText = std::function<std::optional<std::string>(std::string_view name, std::string_view text)>;
std::string rewritten_json(std::string_view json, const OtherText& other);

}  // namespace vigie::ingest
