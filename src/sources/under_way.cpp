#include "sources/under_way.h"

namespace vigie::sources {

UnderWay::Hold::~Hold() {
  if (all_ == nullptr) return;
  const std::lock_guard guard(all_->mutex_);
  for (const std::string& source : sources_) all_->sources_.erase(source);
}

Result<UnderWay::Hold> UnderWay::begin(const std::vector<std::string>& sources) {
  const std::lock_guard guard(mutex_);
  for (const std::string& source : sources)
    if (sources_.contains(source))
      return fail(ErrorKind::unavailable, "import.busy", fmt::format("the source {} is being read already", source), {},
                  "ask again when that has ended");
  sources_.insert(sources.begin(), sources.end());
  return Hold(*this, sources);
}

std::set<std::string> UnderWay::now() const {
  const std::lock_guard guard(mutex_);
  return sources_;
}

}  // namespace vigie::sources
