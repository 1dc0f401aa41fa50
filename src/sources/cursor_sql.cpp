#include "sources/cursor_sql.h"

namespace vigie::sources {
namespace {

std::string around(std::string_view pattern, const std::string& sql) { return fmt::format(fmt::runtime(pattern), sql); }

Result<> check_overlap(const Feed& feed, Column::Kind cursor) {
  if (!feed.overlap) return {};
  const auto refuse = [&](std::string message, std::string hint) {
    return fail(ErrorKind::usage, "source.value", std::move(message), feed.overlap_where, std::move(hint));
  };
  if (cursor == Column::Kind::moment && !feed.overlap->is_time)
    return refuse(fmt::format("the cursor \"{}\" is a time, and its overlap is none", feed.cursor),
                  "write overlap: 10 minutes");
  if (cursor != Column::Kind::moment && feed.overlap->is_time)
    return refuse(fmt::format("the cursor \"{}\" is no time, and its overlap is one", feed.cursor),
                  "write a whole number");
  if (cursor == Column::Kind::text || cursor == Column::Kind::bytes)
    return refuse(fmt::format("the cursor \"{}\" is a text: nothing comes so much before one", feed.cursor),
                  "leave the overlap out, or take a column that is a time or a number");
  return {};
}

/// Names of columns and values, as SQL.
struct Words {
  const Dialect& dialect;
  const Feed& feed;
  const Column& cursor;
  const Column* tie;  ///< null: there is none

  std::string cursor_name() const { return dialect.identifier(cursor.name); }
  std::string tie_name() const { return dialect.identifier(tie->name); }

  std::string beyond(const Position& since) const {
    const std::string reached = around(cursor.from_text, literal(since.cursor));
    if (feed.overlap) {
      const std::string back = feed.overlap->is_time ? around(dialect.seconds, std::to_string(feed.overlap->amount))
                                                     : std::to_string(feed.overlap->amount);
      return fmt::format("{} >= {} - {}", cursor_name(), reached, back);
    }
    if (tie == nullptr || !since.tie) return fmt::format("{} >= {}", cursor_name(), reached);
    return fmt::format("{0} > {1} OR ({0} = {1} AND ({2} > {3} OR {2} IS NULL))", cursor_name(), reached, tie_name(),
                       around(tie->from_text, literal(*since.tie)));
  }

  std::string last() const {
    // Of what is selected as a text, the name alone would be that of the text, and 9 would come after 10.
    const std::string name = "p." + cursor_name();
    std::string is_place = name + " IS NOT NULL", tie_text = "NULL", ties;
    if (!cursor.no_place.empty()) is_place += fmt::format(" AND NOT ({})", around(cursor.no_place, name));
    if (cursor.kind == Column::Kind::moment) is_place += fmt::format(" AND {} <= {}", name, dialect.tomorrow);
    if (tie != nullptr) {
      tie_text = around(tie->to_text, "p." + tie_name());
      ties = fmt::format(", p.{0} IS NULL, p.{0} DESC", tie_name());
    }
    return fmt::format("SELECT {}, {} FROM ({}) AS p WHERE {} ORDER BY {} DESC{} LIMIT 1", around(cursor.to_text, name),
                       tie_text, dialect.rows(feed), is_place, name, ties);
  }
};

}  // namespace

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

ingest::Supply::Written written_as(Column::Kind kind) {
  using Written = ingest::Supply::Written;
  return kind == Column::Kind::number ? Written::number : kind == Column::Kind::moment ? Written::time : Written::text;
}

Result<CursorSql> cursor_sql(const Dialect& dialect, const Feed& feed, std::span<const Column> columns,
                             const std::optional<Position>& since) {
  if (feed.mode != Mode::cursor) return CursorSql{dialect.rows(feed), {}};
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  VIGIE_CHECK(check_columns(feed, names));
  const auto named = [&](const std::string& name) { return &*std::ranges::find(columns, name, &Column::name); };
  const Words words{dialect, feed, *named(feed.cursor), feed.tie_break.empty() ? nullptr : named(feed.tie_break)};
  VIGIE_CHECK(check_overlap(feed, words.cursor.kind));
  CursorSql out{dialect.rows(feed), words.last()};
  if (!since) return out;
  out.rows += fmt::format(" WHERE {} OR {} IS NULL", words.beyond(*since), words.cursor_name());
  if (!words.cursor.no_place.empty())
    out.rows += fmt::format(" OR {}", around(words.cursor.no_place, words.cursor_name()));
  return out;
}

}  // namespace vigie::sources
