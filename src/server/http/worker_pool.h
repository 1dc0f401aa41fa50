#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace vigie::http {

/// A fixed number of threads and a queue that ends. `submit` refuses (false) when the queue is full, so that a crowd is
/// told to come back instead of being kept waiting. `stop` (and the destructor) runs what is queued, then joins.
class WorkerPool {
 public:
  WorkerPool(int threads, std::size_t queue);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  bool submit(std::function<void()> work);
  void stop();

 private:
  void run();

  const std::size_t most_queued_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  int idle_ = 0;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace vigie::http
