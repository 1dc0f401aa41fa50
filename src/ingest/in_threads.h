#pragma once
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace vigie::ingest {

/// work(0) … work(threads - 1), at the same time, or one after the other where no thread is to be had. What one of them
/// throws is thrown here once all have ended: out of a thread of its own it would end the program.
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
    int next = 1;
    try {
      for (; next < threads; ++next) others.emplace_back([&guarded_work, next] { guarded_work(next); });
    } catch (const std::system_error&) {  // no thread is left: what is not begun is done here
    }
    guarded_work(0);
    for (; next < threads; ++next) guarded_work(next);
  }
  for (const std::exception_ptr& one : thrown)
    if (one) std::rethrow_exception(one);
}

}  // namespace vigie::ingest
