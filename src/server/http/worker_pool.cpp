#include "server/http/worker_pool.h"

namespace vigie::http {

WorkerPool::WorkerPool(int threads, std::size_t queue) : most_queued_(queue) {
  if (threads <= 0) threads = std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
  idle_ = threads;
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  threads_.clear();
}

bool WorkerPool::submit(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    // Work that an idle thread is about to take does not wait, so it does not count as queued.
    if (stopping_ || queue_.size() >= most_queued_ + static_cast<std::size_t>(idle_)) return false;
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    --idle_;
    lock.unlock();
    work();
    work = nullptr;  // what it holds is let go outside the lock
    lock.lock();
    ++idle_;
  }
}

}  // namespace vigie::http
