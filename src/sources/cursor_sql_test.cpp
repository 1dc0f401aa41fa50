// What a server is asked for, without one.
#include "sources/cursor_sql.h"

#include <gtest/gtest.h>

namespace vigie::sources {
namespace {

constexpr Dialect kDialect{'"', "interval '{} seconds'", "now() + interval '1 day'"};

std::vector<Column> columns() {
  return {{"id", Column::Kind::number, "CAST({} AS text)", "CAST({} AS bigint)", ""},
          {"updated", Column::Kind::moment, "CAST({} AS text)", "CAST({} AS timestamptz)", "{} = 'infinity'"},
          {"score", Column::Kind::number, "CAST({} AS text)", "CAST({} AS numeric)", "{} = 'NaN'"},
          {"uid", Column::Kind::bytes, "HEX({})", "x{}", ""},
          {"note", Column::Kind::text, "{}", "{}", ""}};
}

Feed feed_of(const std::string& cursor, const std::string& tie = {}, std::optional<Overlap> overlap = {}) {
  Feed out;
  out.table = "sales.orders";
  out.mode = Mode::cursor;
  out.cursor = cursor;
  out.tie_break = tie;
  out.overlap = overlap;
  return out;
}

std::string where(const Feed& feed, const std::optional<Position>& since) {
  const auto sql = cursor_sql(kDialect, feed, columns(), since);
  if (!sql) return sql.error().code + ": " + sql.error().message;
  const std::string all = kDialect.rows(feed);
  return sql->rows.starts_with(all) ? sql->rows.substr(all.size()) : sql->rows;
}

std::string last(const Feed& feed) { return cursor_sql(kDialect, feed, columns(), std::nullopt)->last; }

TEST(CursorSql, AsksForAllAtFirst) {
  EXPECT_EQ(where(feed_of("id"), std::nullopt), "");
  EXPECT_EQ(last(feed_of("id")),
            "SELECT CAST(p.\"id\" AS text), NULL FROM (SELECT * FROM \"sales\".\"orders\" AS q) AS p WHERE p.\"id\" IS "
            "NOT NULL ORDER BY p.\"id\" DESC LIMIT 1")
      << "in the order of the column, which is not that of its texts";
  Feed whole = feed_of("");
  whole.mode = Mode::snapshot;
  EXPECT_EQ(last(whole), "");
}

TEST(CursorSql, AsksForWhatIsBeyondAPlace) {
  EXPECT_EQ(where(feed_of("id"), Position{"7", {}}), " WHERE \"id\" >= CAST('7' AS bigint) OR \"id\" IS NULL");
  EXPECT_EQ(where(feed_of("id", "", Overlap{600, false}), Position{"7", {}}),
            " WHERE \"id\" >= CAST('7' AS bigint) - 600 OR \"id\" IS NULL");
  EXPECT_EQ(where(feed_of("note"), Position{"it's", {}}), " WHERE \"note\" >= 'it''s' OR \"note\" IS NULL");
}

TEST(CursorSql, RowsOfOneMomentAreToldApartAlsoWhereTheyHaveNothingToTellThemApart) {
  EXPECT_EQ(where(feed_of("id", "uid"), Position{"7", "00ff"}),
            " WHERE \"id\" > CAST('7' AS bigint) OR (\"id\" = CAST('7' AS bigint) AND (\"uid\" > x'00ff' OR \"uid\" IS "
            "NULL)) OR \"id\" IS NULL");
  EXPECT_EQ(where(feed_of("id", "uid"), Position{"7", {}}), " WHERE \"id\" >= CAST('7' AS bigint) OR \"id\" IS NULL")
      << "nobody knows which of that moment were read";
  EXPECT_TRUE(
      last(feed_of("id", "uid")).ends_with(" ORDER BY p.\"id\" DESC, p.\"uid\" IS NULL, p.\"uid\" DESC LIMIT 1"))
      << last(feed_of("id", "uid"));
  EXPECT_TRUE(last(feed_of("id", "uid")).starts_with("SELECT CAST(p.\"id\" AS text), HEX(p.\"uid\") FROM "));
}

TEST(CursorSql, WhatStandsAtNoPlaceIsReadEachTimeAndMovesNothing) {
  EXPECT_EQ(where(feed_of("score"), Position{"1.5", {}}),
            " WHERE \"score\" >= CAST('1.5' AS numeric) OR \"score\" IS NULL OR \"score\" = 'NaN'");
  EXPECT_NE(last(feed_of("score")).find(" AND NOT (p.\"score\" = 'NaN') "), std::string::npos);
  EXPECT_NE(last(feed_of("updated")).find(" AND p.\"updated\" <= now() + interval '1 day' "), std::string::npos);
  EXPECT_EQ(last(feed_of("id")).find("now()"), std::string::npos);
}

TEST(CursorSql, RefusesAnOverlapThatTheCursorCannotHave) {
  const auto refusal = [](const char* cursor, bool is_time) {
    return where(feed_of(cursor, "", Overlap{60, is_time}), std::nullopt);
  };
  EXPECT_EQ(refusal("updated", false), "source.value: the cursor \"updated\" is a time, and its overlap is none");
  EXPECT_EQ(refusal("id", true), "source.value: the cursor \"id\" is no time, and its overlap is one");
  EXPECT_EQ(refusal("note", false), "source.value: the cursor \"note\" is a text: nothing comes so much before one");
  EXPECT_EQ(refusal("uid", false), "source.value: the cursor \"uid\" is a text: nothing comes so much before one");
  EXPECT_EQ(refusal("updated", true), "");
  EXPECT_EQ(where(feed_of("updatd"), std::nullopt), "source.rows: sales.orders has no column \"updatd\"");
  EXPECT_EQ(where(feed_of("id", "uuid"), std::nullopt), "source.rows: sales.orders has no column \"uuid\"");
}

}  // namespace
}  // namespace vigie::sources
