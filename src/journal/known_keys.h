#pragma once
// Private to journal/: which idempotency keys came of late.
#include <array>
#include <chrono>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "journal/frame.h"

namespace vigie::journal {

/// 128 bits of the digest (BLAKE2b) of a source and a key: nobody can choose two keys with the same one.
using KeyPrint = std::array<std::uint64_t, 2>;
KeyPrint key_print(std::string_view source, std::string_view key);

/// The keys of late, each with the sequence of the record that brought it. Forgets those older than the window, and the
/// oldest where there are too many. In the order of the log: a time before the last one counts as that. One thread at a
/// time.
class KnownKeys {
 public:
  KnownKeys(std::chrono::hours window, std::size_t most) : window_(window), most_(most) {}

  /// The sequence that brought this key at most a window before `now`.
  std::optional<Sequence> find(const KeyPrint& print, Instant now) const;
  void add(const KeyPrint& print, Sequence sequence, Instant at);
  /// As if none of these sequences and none above had been added.
  void forget_from(Sequence first) noexcept;

  struct Entry {
    KeyPrint print;
    Sequence sequence = 0;
    Instant at{};
  };
  const std::deque<Entry>& in_order() const { return order_; }

 private:
  struct Hash {
    std::size_t operator()(const KeyPrint& print) const { return static_cast<std::size_t>(print[0]); }
  };
  struct Known {
    Sequence sequence = 0;
    Instant at{};
  };
  void forget_oldest();
  void forget(const Entry& entry);

  std::chrono::microseconds window_;
  std::size_t most_;
  std::unordered_map<KeyPrint, Known, Hash> known_;
  std::deque<Entry> order_;
};

}  // namespace vigie::journal
