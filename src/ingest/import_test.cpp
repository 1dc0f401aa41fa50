#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

constexpr std::string_view kOrdersOfShop = R"(
map: shop_orders
source: shop
table: orders
input: {files: orders.csv, delimiter: ";"}
decimal: ","
thousands: " "
date_format: "%d/%m/%Y"
columns:
  key: numero
  customer_key: client
  ordered_at: {from: date, as: date}
  status: {from: etat, values: {payée: confirmed, annulée: cancelled}}
  amount_net: total
)";

TEST_F(ImportTest, AFrenchExportBecomesOrders) {
  file("orders.csv",
       "numero;client;date;etat;total\n"
       "1;Dupont;31/01/2025;payée;1 184,50\n"
       "2;Dupont;01/02/2025;annulée;20\n");
  const Receipt receipt = take(kOrdersOfShop);
  EXPECT_EQ(receipt.read, 2);
  EXPECT_EQ(receipt.loaded, 2);
  EXPECT_EQ(rows("SELECT source, source_key, ordered_at_day, ordered_at_off, ordered_at_bare, status, amount_net, "
                 "amount_net_base, "
                 "currency, document FROM orders ORDER BY source_key"),
            // 2025-01-31 is day 20119; Paris is one hour east of UTC in winter
            "shop|1|20119|60|true|confirmed|1184.5|1184.5|EUR|order\n"
            "shop|2|20120|60|true|cancelled|20|20|EUR|order");
  // The day's first instant in Paris is 23:00 UTC of the day before.
  EXPECT_EQ(rows("SELECT ordered_at FROM orders WHERE source_key = '1'"),
            std::to_string(parse_instant("2025-01-30T23:00:00Z")->micros));
  EXPECT_EQ(rows("SELECT k.source_key FROM orders o JOIN _keys_customers k ON k.key = o.customer_key WHERE "
                 "o.source_key = '1'"),
            "Dupont");
}

TEST_F(ImportTest, BadRowsGoToQuarantineWithTheirPlaceAndTheOthersGoOn) {
  file("orders.csv",
       "numero;client;date;etat;total\n"
       "1;a;31/01/2025;payée;10\n"
       "2;a;31/02/2025;payée;10\n"
       "3;a;31/01/2025;perdue;10,123456\n"
       ";a;31/01/2025;payée;10\n"
       "5;a;;payée;10\n"
       "6;a;31/01/2025;payée\n"
       "7;a;31/01/2025;payée;10;12\n"
       "8;a;31/01/2025;payée;8\n");
  const Receipt receipt = take(kOrdersOfShop);
  EXPECT_EQ(receipt.read, 8);
  EXPECT_EQ(receipt.loaded, 2);
  EXPECT_EQ(receipt.quarantined, 6);
  EXPECT_EQ(quarantine(),
            "cast.date|date|3\n"
            "cast.enum|etat|4\n"
            "cast.precision|total|4\n"
            "key.missing|numero|5\n"
            "check.required|date|6\n"
            "csv.columns||7\n"
            "csv.columns||8");
  EXPECT_EQ(rows("SELECT value, message, record FROM _quarantine WHERE row = 3"),
            "31/02/2025|not a date in the declared format, or a day that does not exist|"
            "{\"numero\":\"2\",\"client\":\"a\",\"date\":\"31/02/2025\",\"etat\":\"payée\",\"total\":\"10\"}");
  EXPECT_EQ(rows("SELECT message FROM _quarantine WHERE code = 'cast.enum'"), "not one of: payée, annulée");
  const auto torn = std::ranges::find(receipt.refusals, "csv.columns", &Refusal::code);
  ASSERT_NE(torn, receipt.refusals.end());
  EXPECT_EQ(torn->rows, 2);
  EXPECT_EQ(torn->first_row, 7);
  EXPECT_EQ(torn->next_rows, std::vector<std::int64_t>{8});
  EXPECT_EQ(place_of(*torn), fmt::format("2 × csv.columns ({}:7; also 8)", (folder_ / "orders.csv").string()));
  ASSERT_FALSE(receipt.refusals.empty());
  EXPECT_EQ(receipt.refusals[0].code, "csv.columns");
  EXPECT_EQ(receipt.refusals[0].rows, 2);
  EXPECT_EQ(receipt.refusals[0].first_row, 7);
}

TEST_F(ImportTest, OfAKeyOfSeveralColumnsTheEmptyPartsAreNamed) {
  file("quotas.csv",
       "Vendeur,Equipe,Du,Au,Montant\n"
       "ana,nord,2025-01-01,2025-02-01,100\n"
       "ana,,2025-02-01,2025-03-01,100\n"
       ",nord,2025-02-01,2025-03-01,100\n"
       ",,2025-03-01,2025-04-01,100\n");
  const Receipt receipt = take(
      "map: q\nsource: crm\ntable: quotas\ninput: quotas.csv\ncolumns: {key: [Vendeur, Equipe, Du], "
      "owner_key: Vendeur, team_key: Equipe, from_date: Du, to_date: Au, amount: Montant}\n");
  EXPECT_EQ(receipt.loaded, 1);
  EXPECT_EQ(quarantine(), "key.missing|Equipe|3\nkey.missing|Vendeur|4\nkey.missing|Vendeur, Equipe|5");
  EXPECT_EQ(rows("SELECT DISTINCT message FROM _quarantine"), "a part of the key of the row is empty");
}

TEST_F(ImportTest, AKeyMadeInSqlOrTheTablesOwnTakesRowsOfAnEmptyColumn) {
  const auto quotas_of = [&](std::string_view company) {
    file("quotas.csv", fmt::format("Vendeur,Equipe,Du,Au,Montant\n"
                                   "ana,,2025-01-01,2025-02-01,100\n"
                                   ",nord,2025-01-01,2025-02-01,300\n"
                                   ",,2025-01-01,2025-02-01,{}\n",
                                   company));
  };
  const std::string columns = "owner_key: Vendeur, team_key: Equipe, from_date: Du, to_date: Au, amount: Montant}\n";
  const std::string own = "map: own\nsource: crm\ntable: quotas\ninput: quotas.csv\ncolumns: {" + columns,
                    made =
                        "map: made\nsource: other\ntable: quotas\ninputs: {q: quotas.csv}\nquery: |\n  SELECT *, "
                        "coalesce('person ' || Vendeur, 'team ' || Equipe, 'company') AS whose FROM q\n"
                        "columns: {key: [whose, Du], " +
                        columns;
  for (const std::string& map : {own, made}) {
    quotas_of("900");
    EXPECT_EQ(take(map).loaded, 3);
    quotas_of("950");
    const Receipt next = take(map);
    EXPECT_EQ(next.updated, 1);
    EXPECT_EQ(next.unchanged, 2);
  }
}

TEST_F(ImportTest, RowsAfterARecordThatTheReaderRefusedKeepTheirNumber) {
  file("orders.csv",
       "numero;client;date;etat;total\n"
       "1;a;31/01/2025;payée;10\n"
       "2;a\n"
       "3;a;31/01/2025;payée;10\n"
       "4;a\n"
       "5;a;99/01/2025;payée;10\n");
  take(kOrdersOfShop);
  EXPECT_EQ(quarantine(), "csv.columns||3\ncsv.columns||5\ncast.date|date|6");
}

TEST_F(ImportTest, ABadDateAtRow1234IsTold) {
  std::string csv = "numero;client;date;etat;total\n";
  for (int row = 2; row <= 3000; ++row)
    csv += fmt::format("{};c{};{};payée;1\n", row, row % 7, row == 1234 ? "30/02/2025" : "28/02/2025");
  file("orders.csv", csv);
  const Receipt receipt = take(kOrdersOfShop);
  EXPECT_EQ(receipt.loaded, 2998);
  ASSERT_EQ(receipt.refusals.size(), 1U);
  EXPECT_EQ(receipt.refusals[0].first_row, 1234);
  EXPECT_EQ(receipt.refusals[0].example, "30/02/2025");
  EXPECT_EQ(receipt.refusals[0].column, "date");
}

TEST_F(ImportTest, TheSameFilesAgainChangeNothing) {
  file("orders.csv", "numero;client;date;etat;total\n1;a;31/01/2025;payée;10\n");
  const Receipt first = take(kOrdersOfShop);
  const Receipt second = take(kOrdersOfShop);
  EXPECT_TRUE(second.already_imported);
  EXPECT_EQ(second.batch, first.batch);
  EXPECT_EQ(rows("SELECT count(*) FROM orders"), "1");
  EXPECT_EQ(rows("SELECT count(*) FROM _batches"), "1");
}

TEST_F(ImportTest, TheNextExportUpdatesWhatChanged) {
  file("orders.csv", "numero;client;date;etat;total\n1;a;31/01/2025;payée;10\n2;a;31/01/2025;payée;20\n");
  take(kOrdersOfShop);
  file("orders.csv",
       "numero;client;date;etat;total\n1;a;31/01/2025;payée;10\n2;b;31/01/2025;annulée;20\n3;c;01/03/2025;payée;30\n");
  const Receipt receipt = take(kOrdersOfShop);
  EXPECT_EQ(receipt.loaded, 1);
  EXPECT_EQ(receipt.updated, 1);
  EXPECT_EQ(receipt.unchanged, 1);
  EXPECT_EQ(rows("SELECT source_key, status, batch FROM orders ORDER BY source_key"),
            "1|confirmed|1\n2|cancelled|2\n3|confirmed|2");
}

TEST_F(ImportTest, OfSeveralVersionsTheLastByUpdatedAtWinsThenTheLaterRow) {
  const std::string map = R"(
map: crm
source: crm
table: customers
input: customers.csv
columns: {key: id, name: name, updated_at: changed}
)";
  file("customers.csv",
       "id,name,changed\n"
       "1,late news,2025-03-02T10:00:00\n"
       "1,old news,2025-03-01T10:00:00\n"
       "2,first,2025-03-01T10:00:00\n"
       "2,second,2025-03-01T10:00:00\n");
  const Receipt first = take(map);
  EXPECT_EQ(first.loaded, 2);
  EXPECT_EQ(first.unchanged, 2);
  EXPECT_EQ(first.merged, 2);
  EXPECT_EQ(rows("SELECT name FROM customers ORDER BY source_key"), "late news\nsecond");

  file("customers.csv",
       "id,name,changed\n1,an older version arrives late,2025-02-01T10:00:00\n2,third,2025-03-05T10:00:00\n");
  const Receipt second = take(map);
  EXPECT_EQ(second.updated, 1);
  EXPECT_EQ(second.unchanged, 1);
  EXPECT_EQ(rows("SELECT name FROM customers ORDER BY source_key"), "late news\nthird");
}

TEST_F(ImportTest, RowsWithoutAKeyStayEvenWhenEqual) {
  const std::string map = R"(
map: till
source: till
table: orders
input: till.csv
columns: {customer_key: who, ordered_at: day, amount_net: amount}
)";
  file("till.csv", "who,day,amount\nann,1997-01-01,12.00\nann,1997-01-01,12.00\nbob,1997-01-02,5\n");
  const Receipt first = take(map);
  EXPECT_EQ(first.loaded, 3);
  EXPECT_EQ(first.exact_duplicates, 1);
  EXPECT_TRUE(take(map).already_imported);
  EXPECT_EQ(rows("SELECT right(source_key, 2) FROM orders ORDER BY 1"), ":2\n:3\n:4");
  // The same bytes through an edited map are the same rows.
  const Receipt edited = take(map + "currency: USD\n");
  EXPECT_EQ(edited.loaded, 0);
  EXPECT_EQ(rows("SELECT count(*) FROM orders"), "3");
}

TEST_F(ImportTest, AppendLeavesKnownRowsAsTheyAre) {
  const std::string map =
      "map: m\nsource: s\ntable: customers\nmode: append\ninput: c.csv\ncolumns: {key: id, name: name}\n";
  file("c.csv", "id,name\n1,a\n");
  take(map);
  file("c.csv", "id,name\n1,changed\n2,b\n");
  const Receipt receipt = take(map);
  EXPECT_EQ(receipt.loaded, 1);
  EXPECT_EQ(receipt.unchanged, 1);
  EXPECT_EQ(rows("SELECT name FROM customers ORDER BY source_key"), "a\nb");
  file("c.csv", "id,name\n3,first\n3,second\n");
  EXPECT_EQ(take(map).merged, 1);
  EXPECT_EQ(rows("SELECT name FROM customers WHERE source_key = '3'"), "first") << "nothing changes what is there";
}

TEST_F(ImportTest, ASnapshotDeletesWhatIsMissingAndTakesItBack) {
  const std::string map =
      "map: m\nsource: s\ntable: customers\nmode: snapshot\ninput: c.csv\ncolumns: {key: id, name: name}\n";
  file("c.csv", "id,name\n1,a\n2,b\n3,c\n");
  take(map);
  file("c.csv", "id,name\n1,a\n3,c\n");
  Request preview;
  preview.preview = true;
  EXPECT_EQ(take(map, preview).deleted, 1) << "a preview tells";
  EXPECT_EQ(rows("SELECT count(*) FROM customers WHERE deleted_at IS NOT NULL"), "0") << "and changes nothing";
  EXPECT_EQ(take(map).deleted, 1);
  EXPECT_EQ(rows("SELECT source_key FROM customers WHERE deleted_at IS NOT NULL"), "2");
  EXPECT_EQ(rows("SELECT deleted_at FROM customers WHERE source_key = '2'"), std::to_string(now_.micros));
  EXPECT_TRUE(take(map).already_imported);
  file("c.csv", "id,name\n1,a\n2,b\n3,c\n4,d\n");
  const Receipt back = take(map);
  EXPECT_EQ(back.updated, 1);
  EXPECT_EQ(back.loaded, 1);
  EXPECT_EQ(rows("SELECT count(*) FROM customers WHERE deleted_at IS NOT NULL"), "0");
}

TEST_F(ImportTest, ASnapshotDeletesAsOfTheLastInstantItTellsOf) {
  const std::string map =
      "map: m\nsource: s\ntable: customers\nmode: snapshot\ninput: c.csv\ncolumns: {key: id}\ncomplete_until: "
      "2025-03-31\n";
  file("c.csv", "id\n1\n2\n");
  take(map);
  file("c.csv", "id\n1\n");
  EXPECT_EQ(take(map).deleted, 1);
  EXPECT_EQ(rows("SELECT deleted_at FROM customers WHERE source_key = '2'"),
            std::to_string(parse_instant("2025-03-31T22:00:00Z")->micros - 1));
}

TEST_F(ImportTest, ATruncatedSnapshotIsRefused) {
  const std::string map = "map: m\nsource: s\ntable: customers\nmode: snapshot\ninput: c.csv\ncolumns: {key: id}\n";
  std::string all = "id\n";
  for (int i = 0; i < 40; ++i) all += fmt::format("{}\n", i);
  file("c.csv", all);
  take(map);
  file("c.csv", "id\n1\n2\n");
  const auto refused = import(map);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "map.snapshot_deletes");
  EXPECT_EQ(rows("SELECT count(*) FROM customers WHERE deleted_at IS NULL"), "40");
  EXPECT_EQ(take(map + "max_deleted: 1\n").deleted, 38);
}

TEST_F(ImportTest, ASnapshotOfDatesLeavesOtherDatesAlone) {
  const std::string map =
      "map: m\nsource: s\ntable: orders\nmode: snapshot_of_dates\ninput: o.csv\ncolumns: {key: id, ordered_at: day}\n";
  file("o.csv", "id,day\n1,2025-01-01\n2,2025-01-02\n3,2025-02-01\n");
  take(map);
  file("o.csv", "id,day\n3,2025-02-01\n4,2025-02-03\n");
  EXPECT_EQ(take(map).deleted, 0);
  file("o.csv", "id,day\n1,2025-01-01\n5,2025-01-31\n");
  EXPECT_EQ(take(map).deleted, 1);
  EXPECT_EQ(rows("SELECT source_key FROM orders WHERE deleted_at IS NOT NULL"), "2");
}

TEST_F(ImportTest, ARowInQuarantineIsNotMissingFromASnapshot) {
  const std::string map =
      "map: m\nsource: s\ntable: orders\nmode: snapshot\ninput: o.csv\ncolumns: {key: id, ordered_at: day}\n";
  file("o.csv", "id,day\n1,2025-01-01\n2,2025-01-02\n");
  take(map);
  file("o.csv", "id,day\n1,2025-01-01\n2,2025-01-99\n");
  const Receipt receipt = take(map);
  EXPECT_EQ(receipt.deleted, 0);
  EXPECT_EQ(receipt.quarantined, 1);
}

TEST_F(ImportTest, ASnapshotDeletesNothingWhereARefusedRecordMayBeAnyRow) {
  const auto map = [](std::string_view table, std::string_view mode, std::string_view columns) {
    return fmt::format("map: m\nsource: s\ntable: {}\nmode: {}\ninput: \"o.*\"\ncolumns: {{{}}}\n", table, mode,
                       columns);
  };
  const std::string orders = map("orders", "snapshot", "key: id, ordered_at: day");
  file("o.csv", "id,day\n1,2025-01-01\n2,2025-01-02\n3,2025-01-03\n");
  take(orders);
  const std::string told =
      "rows that this snapshot lacks: 1; none is deleted, for they may be among the refused records that have no key "
      "one could read: mend those and import again";
  for (const char* line : {"2\n", "\"2\"x,2025-01-02\n", "2,2025-01-02,x\n", "\xE9,2025-01-02\n", ",2025-01-02\n"}) {
    file("o.csv", fmt::format("id,day\n1,2025-01-01\n{}3,2025-01-03\n", line));
    for (const std::string& import : {orders, map("orders", "snapshot_of_dates", "key: id, ordered_at: day")}) {
      const Receipt receipt = take(import);
      EXPECT_EQ(receipt.deleted, 0) << line;
      EXPECT_EQ(receipt.quarantined, 1) << line;
      EXPECT_EQ(receipt.warnings, std::vector<std::string>{told}) << line;
    }
  }
  EXPECT_EQ(rows("SELECT count(*) FROM orders WHERE deleted_at IS NOT NULL"), "0");
  file("o.csv", "id,day\n1,2025-01-01\n2,2025-01-02\n3\n");
  EXPECT_EQ(take(orders).warnings, std::vector<std::string>{told}) << "now it is the third of which nobody knows";
  file("o.csv", "id,day\n1,2025-01-01\n2,2025-01-99\n");
  const Receipt mended = take(orders);
  EXPECT_EQ(mended.deleted, 1) << "the key of the refused row is known: the third is missing";
  EXPECT_EQ(rows("SELECT source_key FROM orders WHERE deleted_at IS NOT NULL"), "3");
}

TEST_F(ImportTest, ASnapshotOfRatesDeletesNothingWhereADayIsRefused) {
  const std::string map =
      "map: m\nsource: s\ntable: fx_rates\nmode: snapshot\ninput: r.csv\ncolumns: {date: day, currency: c, per_euro: "
      "rate}\n";
  file("r.csv", "day,c,rate\n2025-01-01,USD,1.1\n2025-01-02,USD,1.2\n");
  take(map);
  file("r.csv", "day,c,rate\n2025-01-01,USD,1.1\n2025-01-99,USD,1.2\n");
  EXPECT_EQ(take(map).deleted, 0) << "the day is of the key";
  file("r.csv", "day,c,rate\n2025-01-01,USD,x\n2025-01-03,USD,1.3\n");
  EXPECT_EQ(take(map).deleted, 1) << "the rate is not";
}

TEST_F(ImportTest, TwoMapsOfOneSourceEachKeepTheirColumns) {
  file("a.csv", "id,name\n1,Ann\n");
  file("b.csv", "id,country\n1,FR\n");
  take("map: a\nsource: s\ntable: customers\ninput: a.csv\ncolumns: {key: id, name: name}\n");
  const Receipt second =
      take("map: b\nsource: s\ntable: customers\ninput: b.csv\ncolumns: {key: id, country: country}\n");
  EXPECT_EQ(second.updated, 1);
  EXPECT_EQ(rows("SELECT name, country FROM customers"), "Ann|FR");
}

TEST_F(ImportTest, FreeAttributesBecomeColumns) {
  const std::string map = R"(
map: m
source: s
table: customers
input: c.csv
columns:
  key: id
  x_store: shop
  x_surface: {from: surface, as: number, decimal: ","}
  x_opened: {from: opened, as: date, date_format: "%d/%m/%Y"}
)";
  file("c.csv", "id,shop,surface,opened\n1, Lyon ,\"12,5\",01/02/2020\n2,,,\n3,x,wide,01/02/2020\n");
  const Receipt receipt = take(map);
  EXPECT_EQ(receipt.loaded, 2);
  EXPECT_EQ(rows("SELECT x_store, x_surface, x_opened FROM customers ORDER BY source_key"), "Lyon|12.5|18293\n-|-|-");
  EXPECT_EQ(quarantine(), "cast.number|surface|4");
  const auto other = import(
      "map: n\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {key: id, x_store: {from: shop, as: date}}\n");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, "store.attribute_type");
}

TEST_F(ImportTest, TextIsTrimmedAndComposed) {
  file("c.csv", "id,name,country\n1,\" E\xCC\x81ric \",NA\n2,\xC2\xA0Zo\xC3\xA9\xC2\xA0,  \n");
  take(
      "map: m\nsource: s\ntable: customers\ninput: {files: c.csv, null_values: [NA]}\n"
      "columns: {key: id, name: name, country: country}\n");
  EXPECT_EQ(rows("SELECT name, country FROM customers ORDER BY source_key"), "\xC3\x89ric|-\nZo\xC3\xA9|-");
}

TEST_F(ImportTest, FiltersAndConditionsReadTheInput) {
  file("o.csv",
       "id,type,day,closed,stage\n1,deal,2025-01-01,2025-03-01,won\n2,quote,2025-01-01,,open\n3,deal,2025-01-01,2025-"
       "04-01,open\n"
       "4,,2025-01-01,,open\n");
  const Receipt receipt = take(R"yaml(
map: m
source: s
table: opportunities
input: o.csv
filter: "type != 'quote'"
columns:
  key: id
  created_at: day
  outcome: {from: stage}
  closed_at: {from: closed, when: "stage in ('won', 'lost')"}
  expected_close_on: {from: closed, when: "stage = 'open'"}
)yaml");
  EXPECT_EQ(receipt.read, 3) << "a row without a type is not a quote";
  EXPECT_EQ(receipt.filtered, 1);
  EXPECT_EQ(rows("SELECT source_key, closed_at_day, expected_close_on FROM opportunities ORDER BY 1"),
            "1|20148|-\n3|-|20179\n4|-|-");
}

TEST_F(ImportTest, ConstantsDefaultsAndFirstOfSeveral) {
  file("o.csv", "id,day,seller,agency,state\n1,2025-01-01,ann,,\n2,2025-01-01,,north,x\n");
  take(R"(
map: m
source: s
table: orders
input: o.csv
columns:
  key: id
  ordered_at: day
  channel: {value: web}
  owner_key: {from: [seller, agency], source: crm}
  status: {from: state, values: {x: test}, default: cancelled}
)");
  EXPECT_EQ(rows("SELECT channel, status FROM orders ORDER BY source_key"), "web|cancelled\nweb|test");
  EXPECT_EQ(rows("SELECT source, source_key FROM _keys_employees ORDER BY 2"), "crm|ann\ncrm|north");
}

TEST_F(ImportTest, ReferencesAndRowsMeetInOneKey) {
  file("c.csv", "id,name\n007,James\n");
  file("o.csv", "id,client,day\n1,007,2025-01-01\n2,7,2025-01-01\n");
  take("map: c\nsource: crm\ntable: customers\ninput: c.csv\ncolumns: {key: id, name: name}\n");
  take(
      "map: o\nsource: shop\ntable: orders\ninput: o.csv\n"
      "columns: {key: id, ordered_at: day, customer_key: {from: client, source: crm}}\n");
  EXPECT_EQ(
      rows("SELECT o.source_key, c.name FROM orders o LEFT JOIN customers c ON c.key = o.customer_key ORDER BY 1"),
      "1|James\n2|-")
      << "leading zeros matter";
}

TEST_F(ImportTest, ChecksAcrossColumnsHold) {
  file("h.csv", "who,from,to\na,2025-01-01,2025-02-01\nb,2025-03-01,2025-02-01\nc,2025-03-01,\n");
  const Receipt receipt = take(
      "map: h\nsource: hr\ntable: headcount\ninput: h.csv\ncolumns: {employee_key: who, from_date: from, to_date: "
      "to}\n");
  EXPECT_EQ(receipt.loaded, 2);
  EXPECT_EQ(rows("SELECT code, row FROM _quarantine").substr(0, 6), "check.");
}

TEST_F(ImportTest, NothingIsWrittenWhenOneFileOfSeveralFails) {
  file("o-1.csv", "id,day\n1,2025-01-01\n");
  file("o-2.csv", "id,date\n2,2025-01-01\n");
  const std::string map = "map: m\nsource: s\ntable: orders\ninput: o-*.csv\ncolumns: {key: id, ordered_at: day}\n";
  const auto failed = import(map);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "map.input_column");
  EXPECT_NE(failed.error().text().find("map.yaml:5:"), std::string::npos) << failed.error().text();
  EXPECT_EQ(rows("SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM _batches) + (SELECT count(*) FROM "
                 "_quarantine)"),
            "0");
  file("o-2.csv", "day,id\n2025-01-05,2\n");
  EXPECT_EQ(take(map).loaded, 2) << "columns are found by name, whatever their order";
}

TEST_F(ImportTest, ACancelledImportLeavesNothing) {
  std::string csv = "id,day\n";
  for (int i = 0; i < 200'000; ++i) csv += fmt::format("{},2025-01-01\n", i);
  file("o.csv", csv);
  const std::atomic<bool> cancelled = true;
  Request request;
  request.cancelled = &cancelled;
  const auto stopped =
      import("map: m\nsource: s\ntable: orders\ninput: o.csv\ncolumns: {key: id, ordered_at: day}\n", request);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "engine.cancelled");
  EXPECT_EQ(rows("SELECT count(*) FROM orders"), "0");
}

TEST_F(ImportTest, TheEnginesMemoryIsGivenBack) {
  rows("SET GLOBAL memory_limit = '3GiB'");
  const std::string before = rows("SELECT current_setting('memory_limit')");
  file("c.csv", "id\n1\n");
  take("map: m\nsource: s\ntable: customers\ninput: c.csv\ncolumns: {key: id}\n");
  EXPECT_EQ(rows("SELECT current_setting('memory_limit')"), before);
}

TEST_F(ImportTest, SourcesRememberHowFarTheyAreComplete) {
  file("o.csv", "id,day\n1,2025-06-12\n");
  take(
      "map: m\nsource: s\ntable: orders\ninput: o.csv\ncomplete_until: 2025-06-30\nhistory_complete: true\n"
      "columns: {key: id, ordered_at: day}\n");
  EXPECT_EQ(rows("SELECT source, table_name, map, complete_until, history_complete, last_event FROM _sources"),
            fmt::format("s|orders|m|{}|true|{}", parse_instant("2025-06-30T22:00:00Z")->micros,
                        parse_instant("2025-06-11T22:00:00Z")->micros));
}

}  // namespace
}  // namespace vigie::ingest
