#include "sources/reader.h"

#include <condition_variable>

#include "base/text.h"

namespace vigie::sources {

StopWatch::StopWatch(const Stop& stop, std::function<void()> interrupt) {
  thread_ = std::jthread([&stop, interrupt = std::move(interrupt)](const std::stop_token& ended) {
    std::mutex mutex;
    std::condition_variable_any bell;
    std::unique_lock lock(mutex);
    while (!bell.wait_for(lock, ended, std::chrono::milliseconds(20), [&] { return ended.stop_requested(); }))
      if (stop.is_cancelled() || stop.is_late()) interrupt();
  });
}

std::unexpected<Error> stopped_or(const Stop& stop, const Source& source, Error error) {
  if (stop.is_cancelled())
    return fail(ErrorKind::unavailable, "engine.cancelled", "the sync was stopped; nothing was changed");
  if (stop.is_late())
    return fail(ErrorKind::unavailable, "source.deadline",
                fmt::format("the source {} took longer than the {} min it may take", source.id, source.longest.count()),
                source.where, "read by a cursor what changes, or allow more: longest_minutes: 240");
  return std::unexpected(std::move(error));
}

std::string Dialect::identifier(std::string_view name) const {
  std::string out(1, quote);
  for (const char c : name) {
    if (c == quote) out += c;
    out += c;
  }
  return out + quote;
}

std::string Dialect::table(std::string_view name) const {
  std::string out;
  for (const std::string& part : split(name, '.')) out += (out.empty() ? "" : ".") + identifier(part);
  return out;
}

std::string Dialect::rows(const Feed& feed) const {
  // The line break ends a comment in which the query may end.
  if (!feed.query.empty()) return fmt::format("SELECT * FROM (\n{}\n) AS q", feed.query);
  return fmt::format("SELECT * FROM {} AS q", table(feed.table));
}

std::unexpected<Error> no_such_column(const Feed& feed, const std::string& name, const SourcePosition& where,
                                      const std::vector<std::string>& columns) {
  return fail(ErrorKind::usage, "source.rows",
              feed.query.empty() ? fmt::format("{} has no column \"{}\"", feed.table, name)
                                 : fmt::format("the query gives no column \"{}\"", name),
              where, suggestion(name, columns));
}

Result<> check_columns(const Feed& feed, const std::vector<std::string>& columns) {
  const auto is_there = [&](const std::string& name) { return std::ranges::find(columns, name) != columns.end(); };
  if (!feed.cursor.empty() && !is_there(feed.cursor))
    return no_such_column(feed, feed.cursor, feed.cursor_where, columns);
  if (!feed.tie_break.empty() && !is_there(feed.tie_break))
    return no_such_column(feed, feed.tie_break, feed.tie_where, columns);
  return {};
}

}  // namespace vigie::sources
