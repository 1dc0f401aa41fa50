#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace vigie::workspace {

/// Who has the warehouse open, so that its file can be put in another one's place when nobody has.
///
///   const Gate::Pass pass(gate);                                       // waits while it is closed
///   if (const Gate::Closed closed(gate, std::chrono::seconds(30)); closed) …
///
/// Who has a pass takes no second one: it would wait for the gate, and the gate for it.
class Gate {
 public:
  class Pass {
   public:
    explicit Pass(Gate& gate) : gate_(&gate) { gate.enter(); }
    Pass(Pass&& other) noexcept : gate_(other.gate_) { other.gate_ = nullptr; }
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (gate_ != nullptr) gate_->leave();
    }

   private:
    Gate* gate_;
  };

  /// While it lives, nobody is let in, and nobody is inside; false, and open as before, where it takes too long until
  /// all have left.
  class Closed {
   public:
    Closed(Gate& gate, std::chrono::milliseconds longest) : gate_(gate), closed_(gate.close(longest)) {}
    Closed(const Closed&) = delete;
    Closed& operator=(const Closed&) = delete;
    ~Closed() {
      if (closed_) gate_.open();
    }
    explicit operator bool() const { return closed_; }

   private:
    Gate& gate_;
    const bool closed_;
  };

 private:
  bool close(std::chrono::milliseconds longest) {
    std::unique_lock guard(mutex_);
    closed_ = true;
    if (changed_.wait_for(guard, longest, [&] { return inside_ == 0; })) return true;
    closed_ = false;
    changed_.notify_all();
    return false;
  }
  void open() {
    const std::lock_guard guard(mutex_);
    closed_ = false;
    changed_.notify_all();
  }
  void enter() {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [&] { return !closed_; });
    ++inside_;
  }
  void leave() {
    const std::lock_guard guard(mutex_);
    --inside_;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  bool closed_ = false;
};

}  // namespace vigie::workspace
