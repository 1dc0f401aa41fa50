#include "ingest/traces.h"

#include "base/json_text.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "store/database.h"

namespace vigie::ingest {
namespace {

constexpr std::size_t kLeastWord = 3;

/// Walks a text that is JSON and copies it, all that is no text letter by letter.
class Rewriter {
 public:
  Rewriter(std::string_view json, const OtherText& other) : json_(json), other_(other) {}
  std::string whole() {
    value("");
    out_.append(json_.substr(at_));
    return std::move(out_);
  }

 private:
  void blanks() {
    while (at_ < json_.size() && (json_[at_] == ' ' || json_[at_] == '\t' || json_[at_] == '\n' || json_[at_] == '\r'))
      out_ += json_[at_++];
  }
  /// A text with its quotes, as it stands.
  std::string_view quoted() {
    const std::size_t begin = at_++;
    while (at_ < json_.size() && json_[at_] != '"') at_ += json_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, json_.size());
    return json_.substr(begin, at_ - begin);
  }
  void members(const std::string& name, bool named) {
    const char end = named ? '}' : ']';
    out_ += json_[at_++];
    while (at_ < json_.size()) {
      blanks();
      if (at_ >= json_.size()) return;
      if (json_[at_] == end || json_[at_] == ',') {
        const bool last = json_[at_] == end;
        out_ += json_[at_++];
        if (last) return;
        continue;
      }
      std::string member = name;
      if (named) {
        const std::string_view text = quoted();
        member = json_as_text(text);
        out_ += text;
        blanks();
        if (at_ < json_.size()) out_ += json_[at_++];  // the colon
      }
      const std::size_t before = at_;
      value(member);
      if (at_ == before) return;  // no JSON: nothing is lost of it
    }
  }
  void value(const std::string& name) {
    blanks();
    if (at_ >= json_.size()) return;
    switch (json_[at_]) {
      case '{': return members(name, true);
      case '[': return members(name, false);
      case '"': {
        const std::string_view text = quoted();
        const auto other = other_(name, json_as_text(text));
        if (!other) {
          out_ += text;
        } else {
          JsonWriter writer(out_);
          other->empty() ? writer.null() : writer.text(*other);
        }
        return;
      }
      default:
        while (at_ < json_.size() && std::string_view(",]} \t\r\n").find(json_[at_]) == std::string_view::npos)
          out_ += json_[at_++];
    }
  }

  std::string_view json_;
  const OtherText& other_;
  std::size_t at_ = 0;
  std::string out_;
};

bool is_part_of_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) > 127;
}

/// Where `wanted` stands as a word of its own, any case; npos: nowhere.
std::size_t find_word(std::string_view folded, std::string_view wanted, std::size_t from = 0) {
  for (std::size_t at = folded.find(wanted, from); at != std::string_view::npos; at = folded.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    if ((at == 0 || !is_part_of_word(folded[at - 1])) && (end == folded.size() || !is_part_of_word(folded[end])))
      return at;
  }
  return std::string_view::npos;
}

/// Every word `wanted` of the text gives way; whether there was one.
bool replace_word(std::string& text, std::string_view wanted, std::string_view by) {
  const std::string word = lower_ascii(wanted);
  bool found = false;
  for (std::size_t from = 0;;) {
    const std::size_t at = find_word(lower_ascii(text), word, from);
    if (at == std::string::npos) return found;
    text.replace(at, word.size(), by);
    from = at + by.size();
    found = true;
  }
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> out;
  for (const std::string& word : split(lower_ascii(name), ' '))
    if (word.size() >= kLeastWord) out.push_back(word);
  return out;
}

bool is_personal_name(const model::Model& model, std::string_view name) {
  const std::string folded = model::personal_name(name);
  return !folded.empty() && std::ranges::binary_search(model.personal_names(), folded);
}

/// What becomes of a member that is personal by its name: an address still joins.
std::string emptied(const Privacy& privacy, std::string_view text) {
  return is_address(text) ? privacy.stand_in(text) : std::string();
}

/// A key that no quantity is taken for.
bool tells_apart(std::string_view key) { return key.size() > 1 && !whole_number(key); }

}  // namespace

std::string rewritten_json(std::string_view json, const OtherText& other) { return Rewriter(json, other).whole(); }

Traces Traces::leaving_keys() const {
  Traces out = *this;
  for (auto& [key, pseudonym] : out.person_.keys) pseudonym.clear();
  return out;
}

bool Traces::is_theirs(std::string_view record) const {
  const std::string folded = lower_ascii(record);
  for (const std::string& address : person_.addresses)
    if (find_word(folded, lower_ascii(address)) != std::string::npos) return true;
  const bool keyed = std::ranges::any_of(
      person_.keys, [&](const auto& key) { return find_word(record, key.first) != std::string::npos; });
  return keyed && std::ranges::any_of(person_.names, [&](const std::string& name) {
           const auto words = words_of(name);
           return !words.empty() && std::ranges::all_of(words, [&](const std::string& word) {
             return find_word(folded, word) != std::string::npos;
           });
         });
}

std::optional<std::string> Traces::out_of_text(std::string_view text, bool theirs) const {
  std::string out(text);
  bool changed = false;
  for (const auto& [key, pseudonym] : person_.keys)
    if (theirs && out == key && tells_apart(key) && !pseudonym.empty()) {
      out = pseudonym;
      return out;
    }
  for (const std::string& address : person_.addresses)
    changed = replace_word(out, address, privacy_.stand_in(address)) || changed;
  if (theirs)
    for (const std::string& name : person_.names)
      changed = (name.size() >= kLeastWord && replace_word(out, name, person_.pseudonym)) || changed;
  return changed ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::string> Traces::without(std::string_view record, bool theirs) const {
  theirs = theirs || is_theirs(record);
  bool changed = false;
  std::string out = rewritten_json(record, [&](std::string_view name, std::string_view text) {
    std::optional<std::string> other = out_of_text(text, theirs);
    const bool is_key = std::ranges::any_of(person_.keys, [&](const auto& key) { return key.first == text; });
    if (theirs && !is_key && !is_erased(text) && is_personal_name(model_, name) && !text.empty())
      other = emptied(privacy_, text);
    changed = changed || other;
    return other;
  });
  return changed ? std::optional(std::move(out)) : std::nullopt;
}

std::string Traces::may_hold(const std::string& column) const {
  std::string out = "false";
  for (const auto& [key, pseudonym] : person_.keys)
    out += fmt::format(" OR contains({}, {})", column, store::quote_text(key));
  for (const std::vector<std::string>* list : {&person_.addresses, &person_.names})
    for (const std::string& text : *list)
      for (const std::string& word : list == &person_.names ? words_of(text) : std::vector{lower_ascii(text)})
        out += fmt::format(" OR contains(lower({}), lower({}))", column, store::quote_text(word));
  return out;
}

std::optional<std::string> without_erased(std::string_view record, const model::Model& model, const Privacy& privacy,
                                          bool known) {
  bool found = known;
  if (!found)
    rewritten_json(record, [&](std::string_view, std::string_view text) -> std::optional<std::string> {
      found = found || (is_address(text) && privacy.pseudonym_of_text(text));
      return std::nullopt;
    });
  if (!found) return std::nullopt;
  return rewritten_json(record, [&](std::string_view name, std::string_view text) -> std::optional<std::string> {
    if (is_address(text) && privacy.pseudonym_of_text(text)) return privacy.stand_in(text);
    if (auto other = privacy.pseudonym("value", "_singer_rows.*", trim(text))) return other;
    if (!is_personal_name(model, name) || text.empty() || is_erased(text)) return std::nullopt;
    return emptied(privacy, text);
  });
}

std::string with_hashed(std::string_view object, const std::function<bool(std::string_view)>& is_hashed,
                        const Privacy& privacy) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  for (JsonMembers members(object); members.next();) {
    writer.key(members.name());
    const bool hides = is_hashed(members.name()) && json_type(members.value()) != JsonType::null;
    const std::string text = hides ? json_as_text(members.value()) : std::string();
    if (text.empty()) writer.raw(members.value());
    else writer.text(privacy.hashed(text));
  }
  writer.end_object();
  return out;
}

}  // namespace vigie::ingest
