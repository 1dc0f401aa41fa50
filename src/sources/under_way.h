#pragma once
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace vigie::sources {

/// Which sources are being read, each by one at a time. Any thread.
class UnderWay {
 public:
  /// For as long as it lives, these sources are under way.
  class Hold {
   public:
    Hold(UnderWay& all, std::vector<std::string> sources) : all_(&all), sources_(std::move(sources)) {}
    Hold(Hold&& other) noexcept : all_(std::exchange(other.all_, nullptr)), sources_(std::move(other.sources_)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold();

   private:
    UnderWay* all_;
    std::vector<std::string> sources_;
  };

  /// All of them, or none: import.busy where one is under way already.
  Result<Hold> begin(const std::vector<std::string>& sources);
  std::set<std::string> now() const;

 private:
  mutable std::mutex mutex_;
  std::set<std::string> sources_;
};

}  // namespace vigie::sources
