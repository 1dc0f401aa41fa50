#pragma once
#include <exception>
#include <thread>
#include <vector>

namespace vigie::ingest {

/// work(0) … work(threads - 1), at the same time. What one of them throws is thrown here once all have ended: out of a
/// thread of its own it would end the program.
template <class Work>
void in_threads(int threads, const Work& work) {
  std::vector<std::exception_ptr> thrown(static_cast<std::size_t>(threads));
  const auto guarded_work = [&](int i) {
    try {
      work(i);
    } catch (...) {
      thrown[static_cast<std::size_t>(i)] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back([&guarded_work, i] { guarded_work(i); });
    guarded_work(0);
  }
  for (const std::exception_ptr& one : thrown)
    if (one) std::rethrow_exception(one);
}

}  // namespace vigie::ingest
