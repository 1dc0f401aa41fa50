#include "reading/sqlite_tables.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/text.h"
#include "reading/test_archive.h"

namespace vigie::reading {
namespace {

void make_database(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  char* said = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &said), SQLITE_OK) << said;
  sqlite3_close(database);
}

std::string records_in(const std::filesystem::path& file, std::string_view table = "") {
  const auto database = SqliteDatabase::open(file);
  if (!database) return database.error().code + ": " + database.error().message;
  const auto records = database->records(table);
  if (!records) return records.error().code + ": " + records.error().message;
  std::string out = join((*records)->columns(), "|") + "\n" + all_of(**records);
  for (const std::string& code : codes_of((*records)->notices())) out += code + "\n";
  return out;
}

TEST(SqliteTables, ValuesAreTypedByWhatTheyAre) {
  const TestFolder folder;
  make_database(folder / "a.db",
                "CREATE TABLE v (id INTEGER, amount, note TEXT, photo BLOB);"
                "INSERT INTO v(rowid, id, amount, note, photo) VALUES (3, 9007199254740993, 0.1 + 0.2, 'é', x'00ff'), "
                "(7, NULL, '12,5', '', 2);");
  EXPECT_EQ(records_in(folder / "a.db"),
            "id|amount|note|photo\n3: number:9007199254740993 number:0.3 text:é -\n7: - text:12,5 - "
            "number:2\nsqlite.blobs v\n");
}

TEST(SqliteTables, TablesAndViewsAreListed) {
  const TestFolder folder;
  make_database(
      folder / "a.db",
      "CREATE TABLE \"Order \"\"x\"\"\" (rowid TEXT, \"select\" INT); INSERT INTO \"Order \"\"x\"\"\" VALUES ('a', 1);"
      "CREATE TABLE k (a TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO k VALUES ('z'), ('b');"
      "CREATE VIEW w AS SELECT a || '!' AS b FROM k; CREATE TABLE s (i INTEGER PRIMARY KEY AUTOINCREMENT);"
      "CREATE VIRTUAL TABLE f USING fts5(t);");
  const auto database = SqliteDatabase::open(folder / "a.db");
  ASSERT_TRUE(database) << database.error().text();
  std::string names;
  for (const SqliteTable& table : database->tables()) names += table.name + (table.is_view ? "(view) " : " ");
  EXPECT_EQ(names, "Order \"x\" k s w(view) ");
  EXPECT_EQ(records_in(folder / "a.db", "order \"X\""), "rowid|select\n1: text:a number:1\n");
  EXPECT_EQ(records_in(folder / "a.db", "k"), "a\n1: text:b\n2: text:z\n");
  EXPECT_EQ(records_in(folder / "a.db", "w"), "b\n1: text:b!\n2: text:z!\n");
  EXPECT_EQ(records_in(folder / "a.db"),
            "sqlite.which: the database a.db holds 4 tables and views: Order \"x\", k, s, w");
  EXPECT_EQ(records_in(folder / "a.db", "orders"), "sqlite.unknown_table: the database a.db has no table \"orders\"");
  EXPECT_EQ((*database->records("k"))->place(2, 0), "k, row 2, a");
}

TEST(SqliteTables, AreOnlyRead) {
  const TestFolder folder;
  make_database(folder / "a?#%.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1);");
  const std::string before = folder.read("a?#%.db");
  EXPECT_EQ(records_in(folder / "a?#%.db"), "a\n1: number:1\n");
  EXPECT_EQ(folder.read("a?#%.db"), before);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(folder.path())) ++files;
  EXPECT_EQ(files, 1U) << "nothing is put beside it";
}

TEST(SqliteTables, WhatIsStillInTheLogIsRead) {
  const TestFolder folder;
  sqlite3* writer = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "a.db").c_str(), &writer), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(writer, "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  EXPECT_EQ(records_in(folder / "a.db"), "a\n1: number:1\n");
  sqlite3_close(writer);
}

TEST(SqliteTables, ViewsMayNotDoWhatTheyLike) {
  const TestFolder folder;
  make_database(
      folder / "a.db",
      "CREATE TABLE t (a); CREATE VIEW v AS SELECT load_extension('x') AS a; CREATE VIEW u AS SELECT absent FROM t;");
  EXPECT_EQ(records_in(folder / "a.db", "v"),
            "sqlite.refused: a view of a.db does what is not allowed here (unsafe use of load_extension())");
  EXPECT_TRUE(records_in(folder / "a.db", "u")
                  .starts_with("sqlite.unreadable: the database a.db cannot be read (no such column"));
}

TEST(SqliteTables, WhatIsNoneOrDamagedSaysSo) {
  const TestFolder folder;
  folder.write("a.db", "id,name\n");
  EXPECT_EQ(records_in(folder / "a.db"), "sqlite.not_a_database: a.db is no database of SQLite, or an encrypted one");
  EXPECT_EQ(records_in(folder / "b.db"), "file.missing: there is no file b.db");
  make_database(folder / "c.db",
                "CREATE TABLE t (a TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                "3000) INSERT INTO t SELECT 'row ' || i FROM n;");
  std::string bytes = folder.read("c.db");
  ASSERT_GT(bytes.size(), 20'000U);
  for (std::size_t i = 12'288; i < 20'000; ++i) bytes[i] = static_cast<char>(0xFF);
  EXPECT_TRUE(records_in(folder.write("c.db", bytes)).find("sqlite.damaged") != std::string::npos);
  make_database(folder / "d.db", "VACUUM");
  EXPECT_EQ(records_in(folder / "d.db").substr(0, 7), "sqlite.");
}

TEST(SqliteTables, AViewWithoutEndIsLeft) {
  const TestFolder folder;
  make_database(folder / "a.db",
                "CREATE TABLE t (a); CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                "SELECT i FROM n WHERE i < 0;");
  const auto database = SqliteDatabase::open(folder / "a.db", {.with_a_row = std::chrono::milliseconds(50)});
  ASSERT_TRUE(database) << database.error().text();
  const auto records = database->records("v");
  ASSERT_TRUE(records) << records.error().text();
  TypedRecord record;
  EXPECT_EQ((*records)->next(record).error().code, "sqlite.slow");
}

TEST(SqliteTables, AWriterIsNotWaitedForForever) {
  const TestFolder folder;
  make_database(folder / "a.db", "CREATE TABLE t (a)");
  sqlite3* writer = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "a.db").c_str(), &writer), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(writer, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO t VALUES (1)", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  const auto database = SqliteDatabase::open(folder / "a.db", {.with_writers = std::chrono::milliseconds(100)});
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().code, "sqlite.busy");
  sqlite3_close(writer);
}

}  // namespace
}  // namespace vigie::reading
