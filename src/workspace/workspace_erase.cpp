// The front door of an erasure: nobody writes meanwhile, and while the file is put in another one's place nobody reads
// either.
#include "workspace/erasure.h"
#include "workspace/impl.h"

namespace vigie::workspace {

void Workspace::when_erased(std::function<std::int64_t()> told) { impl_->told_of_erasures = std::move(told); }

Result<std::vector<std::string>> Workspace::erasures() {
  const Gate::Pass pass(impl_->gate);
  VIGIE_TRY(store::Connection connection, impl_->database->connect());
  return erase::receipts(connection);
}

Result<std::shared_ptr<ingest::Privacy>> Workspace::privacy() {
  const Gate::Pass pass(impl_->gate);
  VIGIE_TRY(store::Connection connection, impl_->database->connect());
  VIGIE_CHECK(impl_->privacy->know_secret(connection));
  return impl_->privacy;
}

Result<erase::Receipt> Workspace::erase(const erase::Order& order) {
  constexpr std::chrono::seconds kLongest{30};
  VIGIE_TRY(const auto guard, impl_->begin_writing());
  const Impl::UnderWay under_way(*impl_, "the erasure of a customer");
  Erasure erasure{*impl_->database, impl_->model, impl_->folder, impl_->settings.privacy_secret,
                  impl_->clock,     order,        std::nullopt};
  VIGIE_TRY(erase::Receipt foreseen, erasure.look());
  if (order.dry_run) return foreseen;
  // Who asks would be kept waiting for as long as that takes.
  if (const std::set<std::string> read = sources_under_way(); !read.empty())
    return fail(ErrorKind::unavailable, "import.busy",
                fmt::format("the source {} is being read: nothing was erased", *read.begin()), {},
                "ask again when that has ended");
  if (impl_->told_of_erasures) erasure.events_waiting = impl_->told_of_erasures();
  VIGIE_CHECK(erasure.prepare());
  const Gate::Closed closed(impl_->gate, kLongest);
  if (!closed)
    return fail(ErrorKind::unavailable, "import.busy",
                "the workspace is being read, or a source is: nothing was erased", {}, "ask again when that has ended");
  auto receipt = erasure.carry_out();
  const std::lock_guard known(impl_->holding_mutex);
  impl_->holding.reset();
  impl_->holding_batch = -1;
  return receipt;
}

}  // namespace vigie::workspace
