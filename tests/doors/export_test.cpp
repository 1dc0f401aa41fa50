// What leaves: answers and tables as files, the same from the command, through a server and over the API; and back in
// again to the same figures.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/file.h"
#include "doors/company.h"
#include "reading/workbook.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// What sales rest on.
const Words kTablesOfSales{"customers", "fx_rates", "order_lines", "orders", "refunds"};

class Export : public testing::Test {
 protected:
  Ran run(Words words, Language language = Language::en) const { return vigie(words, folder_.path(), language); }
  Ran export_(Words words) const {
    words.insert(words.begin(), "export");
    return run(std::move(words));
  }
  std::string of_atelier(const std::string& what) const {
    const Ran ran = shell("vigie " + what + " -w " + atelier().string(), folder_.path());
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.out;
  }
  const Folder folder_;
};

TEST_F(Export, WritesAnAnswerToStandardOutputOrToAFile) {
  make_shop(folder_);
  const Words question{"kpi",  "revenue",    "-w",      "shop",  "--from", "2025-02-01",
                       "--to", "2025-04-01", "--grain", "month", "--by",   "channel"};
  const Ran out = export_(question);
  ASSERT_EQ(out.code, 0) << out.err;
  // February: web 200, shop 100; March: web 120, shop 150; and what they come to.
  const auto first = out.out.substr(0, out.out.find("\r\n"));
  EXPECT_EQ(first.substr(0, first.find(",complete")),
            "kpi,label,variant,version,part,period,period_to,channel,others,unit,currency,value,value_exact,numerator,"
            "denominator,n,ci_low,ci_high,ci_kind");
  for (const char* line : {"revenue,Revenue,default,1,period,2025-02-01,2025-03-01,web,false,money,EUR,200,200,",
                           "revenue,Revenue,default,1,period,2025-03-01,2025-04-01,shop,false,money,EUR,150,150,",
                           "revenue,Revenue,default,1,split_total,2025-02-01,2025-04-01,web,false,money,EUR,320,320,",
                           "revenue,Revenue,default,1,total,2025-02-01,2025-04-01,,false,money,EUR,570,570,"})
    EXPECT_NE(out.out.find(line), std::string::npos) << line << "\n" << out.out;
  Words to_file = question;
  to_file.insert(to_file.end(), {"-o", "revenue.csv"});
  const Ran told = export_(to_file);
  EXPECT_EQ(told.out, "revenue.csv: 7 rows\n") << told.err;
  EXPECT_EQ(folder_.read("revenue.csv"), out.out);
  const Ran again = export_(to_file);
  EXPECT_EQ(again.code, 2);
  EXPECT_EQ(again.err,
            "vigie: revenue.csv is there already, and is left as it is; name another file, or say --force to "
            "replace it\n");
  to_file.emplace_back("--force");
  EXPECT_EQ(export_(to_file).code, 0);
  Words french = to_file;
  french.insert(french.begin(), "export");
  french.insert(french.end(), {"--for", "excel-fr", "--headers", "labels"});
  EXPECT_EQ(run(french, Language::fr).out, "revenue.csv\u00a0: 7 lignes\n");
  EXPECT_TRUE(folder_.read("revenue.csv").starts_with("\xEF\xBB\xBFKPI;Nom;Variante;Version;Partie;Du;Avant le;Canal;"))
      << folder_.read("revenue.csv");
}

TEST_F(Export, RefusesWhatCannotBeWrittenAndLeavesNothing) {
  make_shop(folder_);
  EXPECT_EQ(export_({"table", "orders", "-w", "shop", "-o", "no/orders.csv"}).code, 4);
  EXPECT_EQ(export_({"table", "orders", "-w", "shop", "-o", "no/orders.csv"}).err,
            "vigie: cannot write no/orders.csv: No such file or directory; check that the folder is there and may be "
            "written, or write to another one\n");
  EXPECT_EQ(export_({"table", "ordrs", "-w", "shop", "-o", "orders.csv"}).err,
            "vigie: there is no table \"ordrs\"; did you mean \"orders\"?\n");
  EXPECT_EQ(export_({"table", "orders", "-w", "shop", "--columns", "key,amount"}).err,
            "vigie: orders has no column \"amount\"; did you mean \"amount_net\"?\n");
  EXPECT_EQ(export_({"table", "orders", "-w", "shop", "--where", "chanel = 'web'"}).err,
            "vigie: 1:1: unknown column \"chanel\" in orders; did you mean \"channel\"?\n");
  EXPECT_EQ(export_({"table", "orders", "-w", "shop", "--format", "xlsx"}).err,
            "vigie: standard output takes CSV alone; name a file with -o FILE\n");
  for (const char* file : {"orders.csv", "orders.xlsx", "orders.parquet"}) {
    const Ran full =
        vigie({"export", "table", "orders", "-w", "shop", "-o", file}, folder_.path(), Limits{.largest_file_kib = 0});
    EXPECT_EQ(full.code, 4) << file << ": " << full.err;
    EXPECT_FALSE(fs::exists(folder_.path() / file));
  }
  // What it says goes through a pipe, which has no limit.
  EXPECT_EQ(
      shell("(trap '' XFSZ; ulimit -f 0; vigie export table orders -w shop -o orders.csv) 2>&1 | cat", folder_.path())
          .out,
      "vigie: cannot write orders.csv: File too large; raise the limit on the size of files (ulimit -f), or write "
      "to a file system that takes larger ones, then export again; nothing was left half-written\n");
  const Ran no_room = shell("vigie export table orders -w shop > /dev/full", folder_.path());
  EXPECT_EQ(no_room.code, 4);
  EXPECT_EQ(no_room.err,
            "vigie: cannot write standard output: No space left on device; make room on that disk, or write to another "
            "one, then export again; nothing was left half-written\n");
  for (const auto& entry : fs::directory_iterator(folder_.path()))
    EXPECT_FALSE(entry.path().filename().string().starts_with(".vigie-export")) << entry.path();
}

TEST_F(Export, ReadsTheRowsThatAreAskedForInTheColumnsThatAreNamed) {
  make_shop(folder_);
  const Ran some = export_({"table", "orders", "-w", "shop", "--columns", "key,ordered_at,amount_net", "--where",
                            "channel = 'web' and ordered_at >= '2025-03-01'"});
  EXPECT_EQ(some.code, 0) << some.err;
  EXPECT_EQ(std::ranges::count(some.out, '\n'), 2) << some.out;
  EXPECT_TRUE(some.out.starts_with("key,ordered_at,amount_net\r\n")) << some.out;
  EXPECT_NE(some.out.find(",120\r\n"), std::string::npos) << some.out;
}

/// Tables out, with the maps that bring them back, into an empty workspace with the same settings: the same rows, and
/// the same figures to the last digit. As CSV; of all tables as Parquet, and the whole board, that is what the example
/// does.
TEST_F(Export, ComesBackToTheSameFigures) {
  const std::string range = " --from 2025-01-01 --to 2026-01-01 --grain quarter --compare previous_year";
  fs::create_directories(folder_.path() / "out");
  for (const std::string& table : kTablesOfSales)
    of_atelier(fmt::format("export table {0} -o out/{0}.csv --maps maps", table));
  ASSERT_EQ(run({"init", "again", "--currency", "EUR", "--time-zone", "Europe/Paris"}).code, 0);
  fs::copy_file(atelier() / "vigie.yaml", folder_.path() / "again" / "vigie.yaml",
                fs::copy_options::overwrite_existing);
  const Ran back = run({"import", "-w", "again", "--map", "maps", "--format", "json"});
  ASSERT_EQ(back.code, 0) << back.err;
  for (const boost::json::value& receipt : boost::json::parse(back.out).as_array())
    EXPECT_EQ(receipt.at("quarantined").to_number<int>(), 0) << receipt;
  for (const std::string kpi : {"revenue", "average_sale:with_tax_and_shipping"})
    EXPECT_EQ(shell("vigie kpi " + kpi + " -w again" + range + " --format csv", folder_.path()).out,
              of_atelier("kpi " + kpi + range + " --format csv"));
  for (const std::string& table : kTablesOfSales)
    EXPECT_EQ(shell("vigie export table " + table + " -w again | sort", folder_.path()).out,
              shell("vigie export table " + table + " -w " + atelier().string() + " | sort", folder_.path()).out)
        << table;
}

TEST_F(Export, TheExampleRunsAsItIs) {
  const Ran ran =
      shell("VIGIE=$(command -v vigie) " + std::string(VIGIE_SOURCE_DIR) + "/examples/export/run.sh w", folder_.path());
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_TRUE(ran.err.ends_with("Both answer the same.\n")) << ran.err;
}

TEST_F(Export, IsTheSameThroughAServerAndOverTheApi) {
  make_shop(folder_);
  const std::vector<Words> asked{
      {"kpi", "revenue", "-w", "shop", "--by", "channel"},
      {"board", "-w", "shop", "--for", "excel", "--from", "2025-01-01", "--to", "2025-07-01", "--as-of", "2025-06-15"},
      {"table", "orders", "-w", "shop", "--where", "channel = 'web'"},
      {"table", "ordrs", "-w", "shop"},
      {"table", "orders", "-w", "shop", "--where", "chanel = 'web'"},
      {"board", "-w", "shop", "--top", "3"}};
  std::vector<Ran> alone;
  for (const Words& words : asked) alone.push_back(export_(words));
  const Serving serving(folder_.path() / "shop");
  ASSERT_TRUE(serving.answers());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Ran served = export_(asked[i]);
    EXPECT_EQ(served.out, alone[i].out) << i;
    EXPECT_EQ(served.err, alone[i].err) << i;
    EXPECT_EQ(served.code, alone[i].code) << i;
  }
  EXPECT_EQ(export_({"table", "orders", "-w", "shop", "-o", "orders.parquet", "--maps", "maps"}).out,
            "orders.parquet: 8 rows\nmaps/exported_orders.yaml\n");
  EXPECT_TRUE(folder_.read("maps/exported_orders.yaml").contains("input: {files: \"../orders.parquet\"}"));
  const Reply csv = serving.get("/api/v1/export/tables/orders?where=channel+%3D+%27web%27");
  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(csv.body, alone[2].out);
  EXPECT_TRUE(csv.head.contains("Content-Disposition: attachment; filename=\"orders.csv\"")) << csv.head;
  EXPECT_TRUE(csv.head.contains("Vigie-Rows: 3")) << csv.head;
  const Reply sheet = serving.get("/api/v1/export/kpis/revenue?format=xlsx&language=fr");
  EXPECT_EQ(sheet.status, 200);
  EXPECT_TRUE(sheet.body.starts_with("PK"));
  EXPECT_EQ(serving.get("/api/v1/export/tables/orders?columns=amount").status, 400);
  EXPECT_EQ(serving.get("/api/v1/export/tables/ordrs").status, 404);
}

/// The cells of one row of a sheet, from its first column on.
std::vector<std::string> row_of(const fs::path& file, const std::string& sheet, std::int64_t number) {
  std::vector<std::string> out;
  auto book = reading::Workbook::open(file);
  if (!book) return {book.error().text()};
  auto rows = (*book)->rows(*(*book)->wanted_sheet(sheet));
  reading::SheetRow row;
  while (*(*rows)->next(row))
    if (row.number == number)
      for (const auto& cell : row.cells.from_column_a()) out.push_back(cell.text);
  return out;
}

TEST_F(Export, AWorkbookReadsBackToTheAnswersFigures) {
  of_atelier("export kpi average_sale -o a.xlsx --from 2025-01-01 --to 2026-01-01 --grain total");
  const auto head = row_of(folder_.path() / "a.xlsx", "Data", 1), total = row_of(folder_.path() / "a.xlsx", "Data", 2);
  const auto of = [&](const char* label) {
    const auto at = std::ranges::find(head, label) - head.begin();
    return at < static_cast<std::ptrdiff_t>(total.size()) ? total[static_cast<std::size_t>(at)] : "";
  };
  EXPECT_EQ(of("Value"), "14000 EUR") << "the currency of the format of the cell";
  EXPECT_EQ(of("n"), "15");
  EXPECT_EQ(of("From"), "2025-01-01");
  EXPECT_EQ(of("Unit"), "money");
  std::string about;
  for (std::int64_t row = 1; row < 40; ++row)
    for (const std::string& cell : row_of(folder_.path() / "a.xlsx", "About", row)) about += cell + "\n";
  for (const char* said : {"average_sale:default", "What a sale brings on average", "Filter\nnone", "atelier → orders",
                           "1 row has no amount", "Times are those of\nEurope/Paris"})
    EXPECT_TRUE(about.contains(said)) << said << "\n" << about;
}

}  // namespace
}  // namespace vigie::doors
