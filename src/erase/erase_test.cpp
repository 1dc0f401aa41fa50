// A person goes from the tables: which rows are theirs, what is personal in them, which keys give way, what waits.
#include "erase/erase.h"

#include <fstream>

#include "base/file.h"
#include "ingest/import_fixture.h"
#include "ingest/mend.h"

namespace vigie::erase {
namespace {

class EraseTest : public ingest::ImportTest {
 protected:
  void bring_shop() {
    bring("people", "customers",
          "  key: id\n  name: name\n  city: town\n  merged_into: same\n  parent_key: parent\n  x_mail: {from: mail, "
          "privacy: personal}\n  x_note: note\n  employees: size\n",
          "id,name,town,same,parent,mail,note,size\n"
          "C1,Ada Byron,Lyon,,,ada.byron@example.org,,3\n"
          "C1b,A. Byron,Lyon,C1,,,,1\n"
          "C2,Bob Stone,Paris,,C1,bob@example.org,friend of ada.byron@example.org,9\n"
          "C3,Ada Byron,Nice,,,other.ada@example.org,a namesake of Ada Byron,5\n"
          "C1,Ada Byron,Lyon,,,ada.byron@example.org,,many\n");
    bring("leads", "leads", "  key: id\n  name: name\n  created_at: day\n  customer_key: client\n",
          "id,name,day,client\nL1,Ada B.,2024-01-01,\nL2,Bob,2024-01-02,C2\n");
    bring(
        "deals", "opportunities",
        "  key: id\n  name: title\n  created_at: day\n  customer_key: client\n  lead_key: lead\n  owner_key: seller\n",
        "id,title,day,client,lead,seller\nD1,Ada Byron - renewal,2024-05-01,C1,L1,E1\nD2,Stone,2024-05-02,C2,L2,E1\n");
    bring("sales", "orders",
          "  key: id\n  ordered_at: day\n  customer_key: client\n  amount_net: net\n  x_memo: memo\n",
          "id,day,client,net,memo\nS1,2024-02-01,C1,100,for Ada Byron\nS2,2024-02-02,C2,50,\nS3,2024-02-03,C1b,70,\n"
          "S4,2024-02-31,C1,5,Ada Byron\n");
    bring("visits", "touchpoints",
          "  key: id\n  occurred_at: day\n  visitor_key: visitor\n  customer_key: client\n  click_id: click\n",
          "id,day,visitor,client,click\nV1,2024-01-20,ada-77,,g-123\nV2,2024-01-25,ada-77,C1,g-124\n"
          "V3,2024-02-20,bob-78,C2,g-125\nV4,2024-02-21,shared-1,C1,g-126\nV5,2024-02-22,shared-1,C2,g-127\n");
    bring("answers", "survey_responses",
          "  key: mail\n  respondent_key: mail\n  customer_key: client\n  score: score\n  answered_at: day\n"
          "  comment: words\n",
          "mail,client,score,day,words\nada.byron@example.org,,10,2025-01-10,I am Ada\n"
          "bob@example.org,C2,6,2025-01-11,ask ada.byron@example.org\n");
    bring("calls", "activities", "  key: id\n  occurred_at: day\n  opportunity_key: deal\n  outcome: words\n",
          "id,day,deal,words\nA1,2024-05-03,D1,Ada was pleased\nA2,2024-05-04,D2,Bob was not\n");
  }

  void bring(const std::string& name, const std::string& table, const std::string& columns, const std::string& text) {
    maps_[name] =
        fmt::format("map: {0}\nsource: shop\ntable: {1}\ninput: {0}.csv\ncolumns:\n{2}", name, table, columns);
    file(name + ".csv", text);
    take(maps_[name]);
  }

  Result<Receipt> erase(const std::string& id, bool dry = false) {
    ingest::Privacy own(folder_, std::nullopt);
    EXPECT_TRUE(dry ? own.make_believe(*connection_) : own.know_secret(*connection_));
    std::vector<Draft> drafts;
    std::optional<Receipt> out;
    const auto done = connection_->transaction([&]() -> Result<> {
      VIGIE_TRY(out, erase::erase({*connection_, *model_, own, now_, folder_}, {id, "", dry, "dpo", 0}, drafts));
      return dry ? fail(ErrorKind::internal, "undone", "") : Result<>();
    });
    if (!done && done.error().code != "undone") return std::unexpected(done.error());
    return *out;
  }
  Result<Receipt> look(const std::string& id) { return erase(id, true); }

  /// The model that is shipped, where a file says something else.
  Result<model::Model> model_where(const std::string& name, const std::string& words, const std::string& others) {
    const std::filesystem::path folder = folder_ / "model", changed = folder / name;
    std::filesystem::remove_all(folder);
    std::filesystem::copy(std::filesystem::path(VIGIE_SOURCE_DIR) / "model", folder,
                          std::filesystem::copy_options::recursive);
    std::string text = bytes_of(changed).value();
    EXPECT_TRUE(text.contains(words)) << name;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + others.size()))
      text.replace(at, words.size(), others);
    std::ofstream(changed) << text;
    return model::Model::load(folder);
  }

  /// Columns that say it; a digest may have any letters.
  std::string tables_with(std::string_view text) {
    std::string out;
    const auto columns = connection_->query(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' AND NOT internal AND NOT "
        "starts_with(table_name, 'erase_') ORDER BY ALL");
    for (std::size_t row = 0; row < columns->rows(); ++row) {
      const std::string table = columns->text(row, 0), column = columns->text(row, 1);
      if (rows(fmt::format(
              "SELECT count(*) FROM {} WHERE contains(regexp_replace(lower({}), '[0-9a-f]{{16,}}', '', 'g'), '{}')",
              store::quote_identifier(table), store::quote_identifier(column), text)) != "0")
        out += table + "." + column + " ";
    }
    return out;
  }

  std::map<std::string, std::string> maps_;
};

TEST_F(EraseTest, RowsStayAndNobodyIsInThem) {
  bring_shop();
  const std::string names = rows("SELECT name FROM customers ORDER BY source_key");
  ASSERT_TRUE(look("C1"));
  EXPECT_EQ(rows("SELECT name FROM customers ORDER BY source_key"), names) << "a look changes nothing";
  EXPECT_FALSE(std::filesystem::exists(folder_ / ingest::kSecretFile));
  ASSERT_EQ(rows("SELECT count(*) FROM _waiting"), "2");

  const std::string joined =
      "SELECT o.source_key, o.amount_net, c.city FROM orders AS o LEFT JOIN customers AS c ON c.key = o.customer_key "
      "ORDER BY 1";
  const std::string sales = rows(joined);
  const std::string visits = rows("SELECT count(DISTINCT visitor_key), count(DISTINCT customer_key) FROM touchpoints");
  const auto receipt = erase("C1");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(receipt->customers, 2) << "the record that was merged into it too";
  EXPECT_EQ(rows(joined), sales);
  EXPECT_EQ(rows("SELECT count(DISTINCT visitor_key), count(DISTINCT customer_key) FROM touchpoints"), visits);
  for (const char* text : {"ada.byron", "ada-77", "g-123", "g-124", "g-126", "ada b.", "i am ada", "ada was pleased",
                           "ada byron - renewal", "for ada byron", "a. byron"})
    EXPECT_EQ(tables_with(text), "") << text;
  // What is another's stays: a namesake, a visitor's mark that two customers have, the friend without the address.
  EXPECT_EQ(rows("SELECT name, x_mail FROM customers WHERE source_key = 'C3'"), "Ada Byron|other.ada@example.org");
  EXPECT_EQ(rows("SELECT starts_with(x_note, 'friend of erased-') FROM customers WHERE source_key = 'C2'"), "true");
  EXPECT_EQ(rows("SELECT click_id FROM touchpoints WHERE source_key = 'V5'"), "g-127");
  EXPECT_EQ(rows("SELECT source_key FROM _keys_visitor_key ORDER BY 1 LIMIT 1"), "bob-78");
  EXPECT_EQ(rows("SELECT source_key FROM _keys_employees"), "E1");
  EXPECT_EQ(rows("SELECT outcome FROM activities WHERE source_key = 'A2'"), "Bob was not");
  // The customer that has her as its parent is another one; it follows the key.
  EXPECT_EQ(
      rows("SELECT c.name, starts_with(p.source_key, 'erased-') FROM customers AS c JOIN customers AS p ON p.key = "
           "c.parent_key"),
      "Bob Stone|true");

  // What waits is hers without her name.
  EXPECT_EQ(
      rows("SELECT json_extract_string(record, 'mail') IS NULL OR starts_with(json_extract_string(record, 'mail'), "
           "'erased-'), starts_with(json_extract_string(record, 'id'), 'erased-'), json_extract_string(record, "
           "'size') FROM _quarantine WHERE map = 'people'"),
      "true|true|many");
  EXPECT_EQ(
      rows("SELECT count(*) FROM _waiting AS w JOIN customers AS c ON c.key = w.key AND c.source_key = w.own_key"),
      "1");

  // Numbers of keys are those of their texts.
  for (const char* table : {"customers", "leads", "survey_responses"})
    EXPECT_EQ(
        rows(fmt::format("SELECT count(*) FROM {0} WHERE key <> vigie_key(source || chr(31) || '{0}' || chr(31) || "
                         "source_key)",
                         table)),
        "0")
        << table;
  EXPECT_EQ(rows("SELECT count(*) FROM opportunities AS o JOIN leads AS l ON l.key = o.lead_key"), "2");
  EXPECT_EQ(rows("SELECT count(*) FROM touchpoints AS t JOIN _keys_visitor_key AS k ON k.key = t.visitor_key"), "5");
}

// Under a model that marks nobody, nothing would go: that is no erasure, and is said.
TEST_F(EraseTest, AModelThatMarksNobodyIsRefused) {
  bring("people", "customers", "  key: id\n  name: name\n", "id,name\nC1,Ada Byron\n");
  auto marked = std::move(model_);
  const auto refused = [&](const std::string& name, const std::string& words, const std::string& others) {
    auto unmarked = model_where(name, words, others);
    if (!unmarked) return unmarked.error().text();
    model_ = std::make_unique<model::Model>(std::move(*unmarked));
    const auto dry = look("C1");
    const auto done = erase("C1");
    EXPECT_FALSE(dry) << name;
    if (done) return std::string("erased");
    EXPECT_FALSE(done.error().hint.empty());
    return done.error().code + ": " + done.error().message;
  };
  EXPECT_EQ(refused("customers.yaml", "person: true\n", ""),
            "erase.unmarked: the model does not say that customers are persons, so that nobody can be erased");
  EXPECT_EQ(refused("customers.yaml", "    personal: true\n", ""),
            "erase.unmarked: the model calls no column of customers personal, so that nobody can be erased");
  const auto names = bytes_of(std::filesystem::path(VIGIE_SOURCE_DIR) / "model/personal_names.yaml");
  EXPECT_EQ(refused("personal_names.yaml", names.value(), "personal_names: []\n"),
            "erase.unmarked: the model does not list what sources call personal members, so that nobody can be erased");
  EXPECT_EQ(rows("SELECT name FROM customers"), "Ada Byron");
  model_ = std::move(marked);
  EXPECT_TRUE(erase("C1"));
}

// A check tells one row that does not keep to it: by its key, which may be a mere number.
TEST_F(EraseTest, WhatChecksToldOfThemGoesToo) {
  bring("buyers", "customers", "  key: id\n  name: name\n  city: town\nchecks:\n  - not_null: city\n",
        "id,name,town\n4711,Ada Byron,\n9000,Bob Stone,\n");
  const std::string held =
      "SELECT (SELECT count(*) FROM _checks WHERE contains(told, 'such as 4711') OR example = '4711'), (SELECT "
      "count(*) FROM _batches WHERE contains(receipt, 'such as 4711') OR contains(receipt, '\"example\":\"4711\"'))";
  ASSERT_EQ(rows(held), "1|1");
  // Of files that it refused, a line each.
  const std::string line = "rows of customers without city: 1 (such as 4711), says a check of the map buyers";
  ASSERT_TRUE(connection_->execute(fmt::format(
      "UPDATE _checks SET refused_at = 1, refused_files = 'a.csv' || chr(10) || 'b.csv', refused_told = '{0}' || "
      "chr(10) || '{0}'",
      line)));
  const auto receipt = erase("4711");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(rows(held), "0|0");
  EXPECT_EQ(rows("SELECT refused_files, contains(refused_told, '4711') FROM _checks"), "a.csv\nb.csv|false");
  EXPECT_EQ(rows("SELECT example, told FROM _checks"),
            fmt::format("{0}|rows of customers without city: 2 (such as {0}), says a check of the map buyers",
                        receipt->pseudonym));
}

// A stage that was seen is called after its deal: it stays the same one when the deal comes again.
TEST_F(EraseTest, ADealCalledByAnAddressKeepsTheStagesThatWereSeen) {
  constexpr std::int64_t kHour = 3600 * kMicrosPerSecond;
  bring_shop();
  const std::string map =
      "map: offers\nsource: shop\ntable: opportunities\ninput: offers.csv\nstage_changes: from_syncs\ncolumns: "
      "{key: mail, created_at: made, stage_key: stage, customer_key: client}\n";
  const auto sync = [&](const std::string& stage) {
    now_.micros += kHour;
    file("offers.csv", "mail,made,stage,client\nada.byron@example.org,2025-02-01," + stage + ",C1\n");
    return take(map).stages_seen;
  };
  const std::string seen =
      "SELECT count(*) FROM opportunity_stage_changes AS l JOIN opportunities AS o ON o.key = l.opportunity_key WHERE "
      "l.deleted_at IS NULL AND starts_with(l.source_key, o.source_key || ' ')";
  EXPECT_EQ(sync("lead"), 0);
  EXPECT_EQ(sync("offer"), 1);
  const auto receipt = erase("C1");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(tables_with("ada.byron"), "");
  EXPECT_EQ(rows(seen), "1");
  EXPECT_EQ(sync("won"), 1);
  EXPECT_EQ(rows(seen), "2");
  EXPECT_EQ(rows("SELECT count(*) FROM opportunity_stage_changes"), "2");
  EXPECT_EQ(tables_with("ada.byron"), "");
}

// A customer may be called as a channel is, or a town: figures are split by those, and they stay.
TEST_F(EraseTest, WhatOthersSayTooIsNoName) {
  bring("people", "customers", "  key: id\n  name: name\n  city: town\n  x_note: note\n",
        "id,name,town,note\nC1,Florence,Florence,Florence;Florence;ask\nC2,Bob Stone,Florence,likes Florence\n");
  bring("sales", "orders",
        "  key: id\n  ordered_at: day\n  customer_key: client\n  amount_net: net\n  channel: channel\n",
        "id,day,client,net,channel\nS1,2024-02-01,C1,100,Florence\nS2,2024-02-02,C2,50,Florence\n"
        "S3,2024-02-02,C1,50,friends of Florence\n");
  const auto receipt = erase("C1");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(rows("SELECT city, x_note FROM customers ORDER BY x_note"),
            fmt::format("Florence|{0};{0};ask\nFlorence|likes Florence", receipt->pseudonym));
  EXPECT_EQ(rows("SELECT channel FROM orders ORDER BY source_key"),
            fmt::format("Florence\nFlorence\nfriends of {}", receipt->pseudonym));
}

// Earlier versions say what a row says no more; an address goes out of anybody's.
TEST_F(EraseTest, EarlierVersionsNameNobody) {
  bring("people", "customers", "  key: id\n  name: name\n  x_mail: {from: mail, privacy: personal}\n",
        "id,name,mail\nC1,Ada Byron,ada.byron@example.org\nC2,Bob Stone,\n");
  const std::string map =
      "map: tiers\nsource: shop\ntable: customers\ninput: tiers.csv\ncolumns: {key: id, segment: tier, updated_at: "
      "at}\n";
  for (const char* told : {"2025-01-01,C1,the tier of Ada Byron\n2025-01-01,C2,with ada.byron@example.org\n",
                           "2025-02-01,C1,gold\n2025-02-01,C2,silver\n"}) {
    file("tiers.csv", std::string("at,id,tier\n") + told);
    take(map);
  }
  const std::string versions = rows("SELECT count(*) FROM customers_history");
  ASSERT_NE(tables_with("the tier of ada"), "");
  ASSERT_NE(tables_with("with ada.byron"), "");
  ASSERT_TRUE(erase("C1"));
  EXPECT_EQ(tables_with("the tier of ada"), "");
  EXPECT_EQ(tables_with("with ada.byron"), "");
  EXPECT_EQ(rows("SELECT count(*) FROM customers_history"), versions);
}

TEST_F(EraseTest, WhatComesAgainIsKnown) {
  bring_shop();
  EXPECT_EQ(erase("C11").error().hint, "did you mean \"C1\"?");
  ASSERT_TRUE(erase("C1"));
  EXPECT_EQ(erase("C1").error().code, "erase.already");
  const std::string people = rows("SELECT count(*) FROM customers");
  for (const auto& [name, map] : maps_) {
    // The same files under another digest, so that they are read again.
    const auto receipt = import(map + "\n");
    ASSERT_TRUE(receipt) << name << receipt.error().text();
    EXPECT_EQ(receipt->loaded, 0) << name;
    EXPECT_EQ(receipt->updated, 0) << name;
  }
  EXPECT_EQ(rows("SELECT count(*) FROM customers"), people);
  for (const char* text : {"ada.byron", "ada-77", "g-124", "ada b.", "i am ada", "ada byron - renewal"})
    EXPECT_EQ(tables_with(text), "") << text;
}

// A row that was refused is in no table: what it says is known all the same when it comes again, and when it is mended.
TEST_F(EraseTest, ATextOfARowThatWaitsIsKnownToo) {
  bring("people", "customers", "  key: id\n  name: name\n", "id,name\nC1,Ada Byron\n");
  bring("sales", "orders", "  key: id\n  ordered_at: day\n  customer_key: client\n  amount_net: net\n  x_memo: memo\n",
        "id,day,client,net,memo\nS1,2024-02-31,C1,5,call Ada Byron back\n");
  const auto receipt = erase("C1");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(tables_with("ada"), "");
  ASSERT_TRUE(import(maps_["sales"] + "\n"));
  EXPECT_EQ(tables_with("ada"), "");
  file("sales.csv", "id,day,client,net,memo\nS1,2024-02-28,C1,5, call Ada Byron back\n");
  ASSERT_TRUE(import(maps_["sales"]));
  EXPECT_EQ(rows("SELECT x_memo FROM orders"), "call " + receipt->pseudonym + " back");
}

// What names somebody is theirs in their own rows: a namesake's row that says the same is as it was, also when it comes
// again. What holds an address of theirs is about them wherever it stands.
TEST_F(EraseTest, ANamesakesRowsSayWhatTheySaid) {
  bring("people", "customers", "  key: id\n  name: name\n  x_mail: {from: mail, privacy: personal}\n",
        "id,name,mail\nC1,Ada Byron,ada.byron@example.org\nC2,Ada Byron,\n");
  bring("sales", "orders", "  key: id\n  ordered_at: day\n  customer_key: client\n  amount_net: net\n  x_memo: memo\n",
        "id,day,client,net,memo\nS1,2024-02-01,C1,1,for Ada Byron\nS2,2024-02-01,C2,1,for Ada Byron\n"
        "S3,2024-02-01,C1,1,Ada Byron: ada.byron@example.org\nS4,2024-02-01,C2,1,Ada Byron: ada.byron@example.org\n"
        "S5,2024-02-31,C1,1,call Ada Byron\nS6,2024-02-31,C2,1,call Ada Byron\n"
        "S7,2024-02-31,C2,1,write ada.byron@example.org\n");
  const auto receipt = erase("C1");
  ASSERT_TRUE(receipt) << receipt.error().text();
  const std::string& called = receipt->pseudonym;
  const std::string memos = "SELECT x_memo FROM orders ORDER BY source_key";
  const std::string left = rows(memos);
  EXPECT_TRUE(left.starts_with(fmt::format("for {0}\nfor Ada Byron\n{0}: erased-", called))) << left;
  EXPECT_NE(left.find("\nAda Byron: erased-"), std::string::npos) << left;
  const auto again = import(maps_["sales"] + "\n");
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->updated, 0);
  EXPECT_EQ(rows(memos), left);
  file("sales.csv",
       "id,day,client,net,memo\nS5,2024-02-28,C1,1,call Ada Byron\nS6,2024-02-28,C2,1,call Ada Byron\n"
       "S7,2024-02-28,C2,1,write ada.byron@example.org\n");
  ASSERT_TRUE(import(maps_["sales"]));
  const std::string mended = rows("SELECT x_memo FROM orders WHERE source_key >= 'S5' ORDER BY source_key");
  EXPECT_TRUE(mended.starts_with(fmt::format("call {}\ncall Ada Byron\nwrite erased-", called))) << mended;
  EXPECT_EQ(tables_with("ada.byron@"), "");
}

// Of two maps of one table, one may tell whose a row is, and the other what somebody said.
TEST_F(EraseTest, AMapThatTellsOfNobodyBringsNothingBack) {
  bring("people", "customers", "  key: id\n  name: name\n", "id,name\nC1,Ada Byron\nC2,Bob Stone\n");
  bring("asked", "survey_responses", "  key: id\n  customer_key: client\n  score: score\n  answered_at: day\n",
        "id,client,score,day\nR1,C1,9,2025-01-10\nR2,C2,3,2025-01-10\n");
  bring("said", "survey_responses", "  key: id\n  comment: words\n  x_note: note\n",
        "id,words,note\nR1,I am glad,told by Ada Byron\nR2,I am not,told by Ada Byron\n");
  const auto receipt = erase("C1");
  ASSERT_TRUE(receipt) << receipt.error().text();
  const std::string said = "SELECT comment, x_note FROM survey_responses ORDER BY source_key";
  const std::string left = fmt::format("-|told by {}\nI am not|told by Ada Byron", receipt->pseudonym);
  EXPECT_EQ(rows(said), left);
  const auto again = import(maps_["said"] + "\n");
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->updated, 0);
  EXPECT_EQ(rows(said), left);
}

TEST_F(EraseTest, AnAddressAsKeyKeepsItsRowsTogether) {
  bring("buyers", "customers", "  key: mail\n  name: name\n", "mail,name\ncleo@example.org,Cleo Park\n");
  bring("carts", "orders", "  key: id\n  ordered_at: day\n  customer_key: mail\n  amount_net: net\n",
        "id,day,mail,net\nK1,2024-02-01,cleo@example.org,100\nK2,2024-02-30,cleo@example.org,1\n");
  const auto receipt = erase("cleo@example.org");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(tables_with("cleo"), "");
  EXPECT_EQ(
      rows("SELECT c.source_key, o.amount_net FROM orders AS o JOIN customers AS c ON c.key = o.customer_key WHERE "
           "o.source_key = 'K1'"),
      receipt->pseudonym + "|100");
  // The order that waits is hers under the pseudonym, and finds her when its day is mended.
  EXPECT_EQ(rows("SELECT json_extract_string(record, 'mail') FROM _quarantine WHERE map = 'carts'"),
            receipt->pseudonym);
}

}  // namespace
}  // namespace vigie::erase
