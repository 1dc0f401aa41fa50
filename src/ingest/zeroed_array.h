#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>

namespace vigie::ingest {

/// Zeroes that the system sets up as they are first touched: by the threads that fill the array, not, all of them, by
/// the one that opens it. A large one asks for large pages: what is read here and there in hundreds of megabytes spends
/// its time on finding its page.
template <class T>
class ZeroedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  explicit ZeroedArray(std::size_t size) : data_(nullptr, Unmap{std::max<std::size_t>(size, 1) * sizeof(T)}) {
    const std::size_t bytes = data_.get_deleter().bytes;
    void* const mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    constexpr std::size_t kLarge = std::size_t{64} << 20;
    if (bytes >= kLarge) madvise(mapped, bytes, MADV_HUGEPAGE);  // a wish: without them it is only slower
#endif
    data_.reset(static_cast<T*>(mapped));
  }
  T& operator[](std::size_t i) { return data_.get()[i]; }
  const T& operator[](std::size_t i) const { return data_.get()[i]; }

 private:
  struct Unmap {
    std::size_t bytes;
    void operator()(T* data) const { munmap(data, bytes); }
  };
  std::unique_ptr<T, Unmap> data_;
};

}  // namespace vigie::ingest
