// The books of a small company (FEC), from the proposal to the rows: what each map takes of them, and what it leaves.
#include "ingest/import_fixture.h"
#include "propose/propose_fixture.h"

namespace vigie::propose {
namespace {

struct Line {
  std::string journal, number, date, account, auxiliary, name, debit, credit;
};

class BooksTest : public ingest::ImportTest {
 protected:
  /// Imports what is proposed for these entries.
  Proposal keep(const std::vector<Line>& lines) {
    const std::vector<std::string> names = split(
        "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|"
        "EcritureLib|Debit|Credit|"
        "EcritureLet|DateLet|ValidDate|Montantdevise|Idevise",
        '|');
    std::string text = join(names, "\t") + "\n";
    TableSketch sketch(names, shipped_vocabulary());
    for (const Line& one : lines) {
      const std::vector<std::string> cells{one.journal,   "journal",   one.number,
                                           one.date,      one.account, "compte " + one.account,
                                           one.auxiliary, one.name,    "P" + one.number,
                                           one.date,      "écriture",  one.debit,
                                           one.credit,    "",          "",
                                           one.date,      "",          ""};
      text += join(cells, "\t") + "\n";
      const std::vector<std::string_view> views(cells.begin(), cells.end());
      sketch.add(views);
    }
    file("123456789FEC20251231.txt", text);
    FileFacts facts;
    facts.files = "123456789FEC20251231.txt";
    facts.delimiter = "\t";
    auto p = propose(sketch, facts, {}, model::shipped_model(), shipped_vocabulary());
    EXPECT_TRUE(p) << p.error().text();
    for (const ProposedMap& map : p->maps) {
      ingest::Request request;
      request.folder = folder_;
      const ingest::Receipt receipt = take(map.yaml, request);
      EXPECT_EQ(receipt.quarantined, 0) << map.yaml << quarantine();
    }
    return std::move(*p);
  }
};

const std::vector<Line> kYear{// A sale of 100.00 and its credit note of 50.00.
                              {"VE", "1", "20250103", "411000", "C1", "Dupont", "120,00", "0,00"},
                              {"VE", "1", "20250103", "706000", "", "", "0,00", "100,00"},
                              {"VE", "1", "20250103", "445710", "", "", "0,00", "20,00"},
                              {"VE", "2", "20250110", "411000", "C1", "Dupont", "0,00", "60,00"},
                              {"VE", "2", "20250110", "706000", "", "", "50,00", "0,00"},
                              {"VE", "2", "20250110", "445710", "", "", "10,00", "0,00"},
                              // Revenue moved from one account to another.
                              {"VE", "3", "20250131", "706000", "", "", "40,00", "0,00"},
                              {"VE", "3", "20250131", "701000", "", "", "0,00", "40,00"},
                              // Dupont pays.
                              {"BQ", "4", "20250120", "512000", "", "", "60,00", "0,00"},
                              {"BQ", "4", "20250120", "411000", "C1", "Dupont", "0,00", "60,00"},
                              // Announcements, a fair, a gift.
                              {"AC", "5", "20250105", "623100", "", "", "300,00", "0,00"},
                              {"AC", "5", "20250105", "445660", "", "", "60,00", "0,00"},
                              {"AC", "5", "20250105", "401000", "F1", "Régie", "0,00", "360,00"},
                              {"AC", "6", "20250106", "623300", "", "", "500,00", "0,00"},
                              {"AC", "6", "20250106", "401000", "F2", "Foire de Lyon", "0,00", "500,00"},
                              // Payroll and a commission.
                              {"OD", "7", "20250131", "641100", "", "", "5000,00", "0,00"},
                              {"OD", "7", "20250131", "645000", "", "", "2000,00", "0,00"},
                              {"OD", "7", "20250131", "421000", "", "", "0,00", "7000,00"},
                              {"OD", "8", "20250131", "622200", "", "", "90,00", "0,00"},
                              {"OD", "8", "20250131", "401000", "F3", "Agent", "0,00", "90,00"},
                              // The end of the year: an invoice still to be written, and the closing of the accounts.
                              {"OD", "9", "20251231", "418100", "", "", "999,00", "0,00"},
                              {"OD", "9", "20251231", "706000", "", "", "0,00", "999,00"},
                              {"AN", "10", "20251231", "706000", "", "", "1009,00", "0,00"},
                              {"AN", "10", "20251231", "701000", "", "", "40,00", "0,00"},
                              {"AN", "10", "20251231", "641100", "", "", "0,00", "5000,00"},
                              {"AN", "10", "20251231", "120000", "", "", "3951,00", "0,00"}};

TEST_F(BooksTest, OneFileGivesSalesCreditNotesCustomersPaymentsSpendAndCosts) {
  const Proposal p = keep(kYear);
  EXPECT_EQ(p.maps.size(), 6U);
  EXPECT_EQ(rows("SELECT document, amount_net, amount_tax, amount_gross FROM orders"), "invoice|100|20|120")
      << "neither what moves between accounts, nor what adjusts and closes the year, is a sale";
  EXPECT_EQ(rows("SELECT kind, amount_net, amount_tax FROM refunds"), "credit_note|50|10");
  EXPECT_EQ(rows("SELECT name FROM customers"), "Dupont");
  EXPECT_EQ(rows("SELECT count(*) FROM orders o JOIN customers c ON c.key = o.customer_key"), "1");
  EXPECT_EQ(rows("SELECT amount FROM payments"), "60");
  EXPECT_EQ(rows("SELECT channel, platform, spend FROM channel_spend ORDER BY spend"),
            "advertising|Régie|300\nevents|Foire de Lyon|500");
}

TEST_F(BooksTest, ThePayrollHasNoShareUntilSomebodySaysIt) {
  const Proposal p = keep(kYear);
  EXPECT_EQ(rows("SELECT kind, function, share, amount FROM costs ORDER BY amount"),
            "commission|sales|1|90\nsalaries|-|-|2000\nsalaries|-|-|5000");
  ASSERT_EQ(p.questions.size(), 1U);
  EXPECT_EQ(p.questions[0].code, "share");
}

TEST_F(BooksTest, EntriesWithoutNumbersAreKnownByTheirPiece) {
  std::vector<Line> lines(kYear.begin(), kYear.begin() + 3);
  for (Line line : std::vector<Line>(lines)) {
    line.date = "20250104";
    lines.push_back(line);
  }
  for (Line& line : lines) line.number = "0";  // PieceRef is then P0 on every line: the day parts them
  keep(lines);
  EXPECT_EQ(rows("SELECT count(*), sum(amount_net) FROM orders"), "2|200");
}

}  // namespace
}  // namespace vigie::propose
