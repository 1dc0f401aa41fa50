#pragma once
// For tests: a machine that has no thread left.
#include <pthread.h>

#include <cstddef>
#include <stdexcept>

namespace vigie {

/// As long as it lives no thread of this process can be started: each would ask for a stack of the whole address space.
class NoThreads {
 public:
  NoThreads() {
    ::pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    ::pthread_attr_init(&huge);
    constexpr std::size_t kAddressSpace = std::size_t{1} << 47U;
    const bool set = ::pthread_attr_setstacksize(&huge, kAddressSpace) == 0 && ::pthread_setattr_default_np(&huge) == 0;
    ::pthread_attr_destroy(&huge);
    if (!set) throw std::runtime_error("the system takes no such size for its stacks");
  }
  ~NoThreads() {
    ::pthread_setattr_default_np(&before_);
    ::pthread_attr_destroy(&before_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_;
};

}  // namespace vigie
