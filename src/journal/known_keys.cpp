#include "journal/known_keys.h"

#include <charconv>

#include "base/hash.h"

namespace vigie::journal {

KeyPrint key_print(std::string_view source, std::string_view key) {
  const std::string digest = text_digest(fmt::format("{}\x1F{}", source, key));
  KeyPrint out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    std::from_chars(digest.data() + 16 * i, digest.data() + 16 * (i + 1), out[i], 16);
  return out;
}

std::optional<Sequence> KnownKeys::find(const KeyPrint& print, Instant now) const {
  const auto found = known_.find(print);
  if (found == known_.end() || found->second.at.micros < now.micros - window_.count()) return std::nullopt;
  return found->second.sequence;
}

void KnownKeys::add(const KeyPrint& print, Sequence sequence, Instant at) {
  if (!order_.empty()) at = std::max(at, order_.back().at);
  order_.push_back({print, sequence, at});
  known_[print] = {sequence, at};
  while (order_.size() > most_ || order_.front().at.micros < at.micros - window_.count()) forget_oldest();
}

void KnownKeys::forget_from(Sequence first) noexcept {
  for (; !order_.empty() && order_.back().sequence >= first; order_.pop_back()) forget(order_.back());
}

void KnownKeys::forget_oldest() {
  forget(order_.front());
  order_.pop_front();
}

/// A key that came again after its window stands twice in the order; only its last telling counts.
void KnownKeys::forget(const Entry& entry) {
  if (const auto found = known_.find(entry.print); found != known_.end() && found->second.sequence == entry.sequence)
    known_.erase(found);
}

}  // namespace vigie::journal
