// Values that are hashed at import, and people who were erased and are sent again.
#include "ingest/privacy.h"

#include <sys/stat.h>

#include "base/file.h"
#include "ingest/import_fixture.h"
#include "ingest/mend.h"

namespace vigie::ingest {
namespace {

constexpr std::string_view kHashedPeople = R"(
map: people
source: shop
table: customers
input: people.csv
columns:
  key: {from: mail, privacy: hash}
  name: {from: name, privacy: hash}
  city: town
)";

constexpr std::string_view kHashedSales = R"(
map: sales
source: shop
table: orders
input: sales.csv
columns:
  key: id
  ordered_at: day
  customer_key: {from: client, privacy: hash}
  amount_net: net
)";

class PrivacyTest : public ImportTest {
 protected:
  /// Columns that say it; a digest may have any letters.
  std::string tables_with(std::string_view text) {
    std::string out;
    const auto columns = connection_->query(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' AND NOT internal ORDER BY "
        "ALL");
    EXPECT_TRUE(columns);
    for (std::size_t row = 0; row < columns->rows(); ++row) {
      const std::string table = columns->text(row, 0), column = columns->text(row, 1);
      if (rows(fmt::format(
              "SELECT count(*) FROM {} WHERE contains(regexp_replace(lower({}), '[0-9a-f]{{16,}}', '', 'g'), '{}')",
              store::quote_identifier(table), store::quote_identifier(column), text)) != "0")
        out += table + "." + column + " ";
    }
    return out;
  }

  void erase_key(const std::string& space, const std::string& natural, const std::string& pseudonym) {
    ASSERT_TRUE(privacy_->know_secret(*connection_));
    ASSERT_TRUE(connection_->execute(fmt::format("INSERT INTO _erased VALUES ('key', '{}', '{}', 1)",
                                                 privacy_->key_digest("shop", space, natural), pseudonym)));
  }
};

TEST_F(PrivacyTest, HashedKeysOfTwoMapsJoinAndNoTextIsStored) {
  file("people.csv", "mail,name,town\nAda@Example.org ,Ada Byron,Lyon\nbob@example.org,Bob Stone,Paris\n");
  file("sales.csv", "id,day,client,net\n1,2025-01-02,ada@example.org,10\n2,2025-01-03,bob@example.org,20\n");
  EXPECT_EQ(take(kHashedPeople).loaded, 2);
  EXPECT_EQ(take(kHashedSales).loaded, 2);
  EXPECT_EQ(
      rows("SELECT c.city, o.amount_net FROM orders AS o JOIN customers AS c ON c.key = o.customer_key ORDER BY 1"),
      "Lyon|10\nParis|20");
  EXPECT_EQ(rows("SELECT count(*) FROM customers WHERE regexp_full_match(source_key, 'hash-[0-9a-f]{32}') AND "
                 "regexp_full_match(name, 'hash-[0-9a-f]{32}')"),
            "2");
  EXPECT_EQ(tables_with("ada"), "");
  EXPECT_EQ(tables_with("example.org"), "");
  struct stat known{};
  ASSERT_EQ(::stat((folder_ / kSecretFile).c_str(), &known), 0);
  EXPECT_EQ(known.st_mode & 0777, 0600U);
}

TEST_F(PrivacyTest, WhatIsRefusedIsHashedInTheQuarantineAndComesInFromThere) {
  file("sales.csv", "id,day,client,net\n1,31/02/2025,ada@example.org,10\n2,2025-01-03,bob@example.org,20\n");
  const Receipt receipt = take(kHashedSales);
  EXPECT_EQ(receipt.quarantined, 1);
  EXPECT_EQ(tables_with("example.org"), "");
  const std::string hashed = rows("SELECT json_extract_string(record, 'client') FROM _quarantine");
  EXPECT_TRUE(is_hashed(hashed)) << hashed;
  EXPECT_EQ(privacy_->hashed("ADA@example.org"), hashed);
  EXPECT_EQ(privacy_->hashed(hashed), hashed);  // what was hashed once can be read again
}

TEST_F(PrivacyTest, AValueThatAPersonGivesIsHashedToo) {
  file("sales.csv", "id,day,client,net\n1,31/02/2025,,10\n2,2025-01-03,bob@example.org,20\n");
  ASSERT_EQ(take(kHashedSales).quarantined, 1);
  const FixedClock clock(now_);
  QueueOrder order;
  order.which.map = "sales";
  order.set = {{"client", "Ada@example.org"}, {"day", "2025-02-28"}};
  const auto fixed = fix({*database_, *model_, *calendar_, currency_, clock, false, privacy_}, order);
  ASSERT_TRUE(fixed) << fixed.error().text();
  EXPECT_EQ(tables_with("ada@"), "");
  EXPECT_EQ(rows("SELECT json_extract_string(fixed, 'client'), json_extract_string(fixed, 'day') FROM _waiting"),
            privacy_->hashed("ada@example.org") + "|2025-02-28");
}

TEST_F(PrivacyTest, RecordsThatNobodyTookApartAreNotKept) {
  file("sales.csv", "id,day,client,net\n1,2025-01-02,\"ada@example.org\" x,10,7\n2,2025-01-03,bob@example.org,20\n");
  const Receipt receipt = take(kHashedSales);
  EXPECT_EQ(receipt.quarantined, 1);
  EXPECT_EQ(tables_with("ada"), "");
  ASSERT_EQ(receipt.refusals.size(), 1U);
  EXPECT_EQ(receipt.refusals.front().example.find("ada@"), std::string::npos);
  EXPECT_EQ(receipt.refusals.front().message.find("ada@"), std::string::npos);
}

TEST_F(PrivacyTest, OnlyTextsAndKeysAreHashed) {
  const auto refused = [&](const std::string& column) {
    const auto receipt = import(fmt::format(
        "map: m\nsource: s\ntable: orders\ninput: f.csv\ncolumns:\n  key: id\n  ordered_at: day\n  {}\n", column));
    return receipt ? std::string("taken") : receipt.error().code + ": " + receipt.error().message;
  };
  file("f.csv", "id,day,net,mail\n1,2025-01-01,3,a@b.org\n");
  EXPECT_EQ(refused("amount_net: {from: net, privacy: hash}"),
            "map.option: `privacy: hash` is for texts and keys; amount_net is money");
  EXPECT_EQ(refused("x_mail: {from: mail, privacy: secret}"), "map.value: \"secret\" is no way to protect a column");
  EXPECT_EQ(refused("channel: {from: mail, privacy: personal}"),
            "map.option: `privacy: personal` is for free attributes; the model says of channel whether it is personal");
  EXPECT_EQ(refused("channel: {from: mail, privacy: hash, default: web}"),
            "map.option: `default` means nothing beside privacy: hash");
  EXPECT_EQ(refused("channel: mail\n  customer_key: {from: mail, privacy: hash}"),
            "map.privacy: \"mail\" is hashed for another column, and channel reads it in clear");
}

TEST_F(PrivacyTest, AnotherSecretIsRefused) {
  file("people.csv", "mail,name,town\nada@example.org,Ada Byron,Lyon\n");
  ASSERT_EQ(take(kHashedPeople).loaded, 1);
  std::filesystem::remove(folder_ / kSecretFile);
  privacy_ = std::make_shared<Privacy>(folder_, std::nullopt);
  EXPECT_EQ(import(kHashedPeople).error().code, "privacy.secret_lost");
  file(std::string(kSecretFile), "another\n");
  std::filesystem::permissions(folder_ / kSecretFile, std::filesystem::perms(0600));
  EXPECT_EQ(import(kHashedPeople).error().code, "privacy.other_secret");
}

TEST_F(PrivacyTest, WhoWasErasedComesBackWithoutAName) {
  const std::string people =
      "map: people\nsource: shop\ntable: customers\ninput: people.csv\ncolumns:\n  key: id\n"
      "  name: name\n  city: town\n  x_mail: {from: mail, privacy: personal}\n  employees: size\n";
  const std::string sales =
      "map: sales\nsource: shop\ntable: orders\ninput: sales.csv\ncolumns:\n  key: id\n"
      "  ordered_at: day\n  customer_key: client\n  amount_net: net\n";
  file("people.csv",
       "id,name,town,mail,size\nC1,Ada Byron,Lyon,ada@example.org,3\nC2,Bob Stone,Paris,bob@example.org,4\n");
  ASSERT_EQ(take(people).loaded, 2);
  ASSERT_TRUE(connection_->execute("DELETE FROM customers WHERE source_key = 'C1'"));
  const std::string pseudonym = "erased-0123456789abcdef";
  erase_key("customers", "C1", pseudonym);

  file("people.csv",
       "id,name,town,mail,size\nC1,Ada Byron,Nice,ada@example.org,5\nC2,Bob Stone,Paris,bob@example.org,4\n");
  const Receipt again = take(people);
  EXPECT_EQ(again.erased, 1);
  EXPECT_EQ(rows("SELECT source_key, name, city, x_mail, employees FROM customers ORDER BY source_key"),
            "C2|Bob Stone|Paris|bob@example.org|4\n" + pseudonym + "|-|Nice|-|5");
  file("sales.csv", "id,day,client,net\n1,2025-01-02,C1,10\n2,2025-01-03,C2,20\n");
  EXPECT_EQ(take(sales).erased, 1);
  EXPECT_EQ(rows("SELECT c.source_key, o.amount_net FROM orders AS o JOIN customers AS c ON c.key = o.customer_key "
                 "ORDER BY o.amount_net"),
            pseudonym + "|10\nC2|20");

  // Refused, it waits without what is personal, under the pseudonym.
  file("people.csv",
       "id,name,town,mail,size\nC1,Ada Byron,Nice,ada@example.org,many\nC2,Bob Stone,Paris,bob@example.org,4\n");
  EXPECT_EQ(take(people).quarantined, 1);
  EXPECT_EQ(tables_with("ada"), "");
  EXPECT_EQ(
      rows("SELECT json_extract_string(record, 'id'), json_extract_string(record, 'town'), own_key FROM _quarantine "
           "JOIN _waiting USING (batch, file, row)"),
      pseudonym + "|Nice|" + pseudonym);
}

}  // namespace
}  // namespace vigie::ingest
