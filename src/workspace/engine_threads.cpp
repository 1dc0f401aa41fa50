#include "workspace/engine_threads.h"

#include <algorithm>
#include <thread>

namespace vigie::workspace {

Result<> EngineThreads::put(Rows rows) {
  if (rows == now_) return {};
  const unsigned threads = rows == Rows::few ? 1 : std::max(1U, std::thread::hardware_concurrency());
  VIGIE_TRY(store::Connection connection, database_.connect());
  VIGIE_CHECK(connection.execute(fmt::format("SET GLOBAL threads = {}", threads)));
  now_ = rows;
  return {};
}

Result<> EngineThreads::suit(Rows rows) {
  const std::lock_guard lock(mutex_);
  return imports_ > 0 ? Result<>() : put(rows);
}

Result<EngineThreads::Import> EngineThreads::import() {
  const std::lock_guard lock(mutex_);
  VIGIE_CHECK(put(Rows::many));
  ++imports_;
  return Import(*this);
}

void EngineThreads::end_import() {
  const std::lock_guard lock(mutex_);
  --imports_;
}

}  // namespace vigie::workspace
