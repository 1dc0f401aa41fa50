#pragma once
#include "base/time.h"

namespace vigie {

/// "Now", handed in by whoever opens a workspace, so that a computation never reads the machine's clock and a test can
/// stand still.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant at) : at_(at) {}
  Instant now() const override { return at_; }

 private:
  Instant at_;
};

}  // namespace vigie
