// What a company expects of its data, as a person meets it: in receipts, beside figures, in lists, through a server.
#include <gtest/gtest.h>

#include "doors/program.h"

namespace vigie::doors {
namespace {

using Words = std::vector<std::string>;

class Checks : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(vigie({"init", "shop"}, folder_.path()).code, 0);
    folder_.write("shop/maps/orders.yaml", kMap +
                                               "checks:\n  - not_null: channel\n  - {unique: [customer_key, "
                                               "ordered_at], severity: error}\n");
  }
  Ran import(const std::string& lines, const std::string& name = "orders.csv", Language language = Language::en) const {
    folder_.write(name, "id,day,who,amount,channel\n" + lines);
    return vigie({"import", "-w", "shop", "--map", "shop/maps/orders.yaml", name}, folder_.path(), language);
  }
  Ran run(Words words, Language language = Language::en) const {
    words.insert(words.begin() + 1, {"-w", "shop"});
    return vigie(words, folder_.path(), language);
  }
  Ran revenue(Language language = Language::en) const {
    return run({"kpi", "revenue", "--from", "2025-06-01", "--to", "2025-07-01", "--grain", "total"}, language);
  }

  inline static const std::string kMap =
      "map: orders\nsource: till\ntable: orders\ninput: orders.csv\ncolumns: {key: id, ordered_at: day, customer_key: "
      "who, amount_net: amount, channel: channel}\n";
  const Folder folder_;
};

TEST_F(Checks, AreToldInTheReceiptBesideFiguresAndInLists) {
  const std::string sentence = "rows of orders without channel: 1 (such as 2), says a check of the map orders";
  const Ran taken = import("1,2025-06-01,a,10,web\n2,2025-06-02,a,20,\n");
  EXPECT_EQ(taken.code, 0) << taken.err;
  EXPECT_NE(taken.out.find("  ! " + sentence), std::string::npos) << taken.out;
  EXPECT_NE(revenue().out.find("! " + sentence), std::string::npos) << revenue().out;
  EXPECT_NE(revenue(Language::fr)
                .out.find("! lignes de orders sans channel\u00a0: 1 (comme 2), dit un contrôle de la "
                          "carte orders"),
            std::string::npos)
      << revenue(Language::fr).out;
  EXPECT_NE(run({"board"}).out.find(sentence), std::string::npos);
  const Ran listed = run({"checks"});
  EXPECT_NE(listed.out.find("orders  not_null channel"), std::string::npos) << listed.out;
  EXPECT_NE(listed.out.find("orders, not_null channel: " + sentence), std::string::npos) << listed.out;
  EXPECT_NE(run({"checks"}, Language::fr).out.find("en défaut"), std::string::npos);
  const Ran checked = run({"check"});
  EXPECT_EQ(checked.code, 3);
  EXPECT_EQ(checked.err, "vigie: " + sentence + "; see how it stands: vigie checks\n");
}

TEST_F(Checks, ARefusedBatchIsMissingUntilItComes) {
  ASSERT_EQ(import("1,2025-06-01,a,10,web\n").code, 0);
  const Ran refused = import("2,2025-06-02,b,20,web\n3,2025-06-02,b,20,web\n", "june.csv");
  EXPECT_EQ(refused.code, 3);
  EXPECT_NE(
      refused.err.find("nothing of this batch is taken: rows of orders that have the same customer_key, ordered_at "
                       "as another one: 2 (such as 2), says a check of the map orders"),
      std::string::npos)
      << refused.err;
  EXPECT_NE(refused.err.find("orders.yaml:8:5: "), std::string::npos) << refused.err;
  EXPECT_NE(import("2,2025-06-02,b,20,web\n3,2025-06-02,b,20,web\n", "june.csv", Language::fr)
                .err.find("rien de ce lot n'est pris\u00a0: lignes de orders qui ont le même customer_key, ordered_at"),
            std::string::npos);
  EXPECT_NE(revenue().out.find("! nothing of june.csv of the map orders is in, for it was refused: "),
            std::string::npos)
      << revenue().out;
  EXPECT_NE(run({"checks", "--format", "json"}).out.find("\"state\":\"refused\""), std::string::npos);
  ASSERT_EQ(import("2,2025-06-02,b,20,web\n3,2025-06-03,b,20,web\n", "june.csv").code, 0);
  EXPECT_EQ(revenue().out.find("refused"), std::string::npos) << revenue().out;
}

TEST_F(Checks, AreLookedAtAgainAsMapsSayThemNow) {
  ASSERT_EQ(import("1,2025-06-01,a,10,\n").code, 0);
  folder_.write("shop/maps/orders.yaml", kMap + "checks:\n  - not_null: customer_key\n");
  const Ran again = run({"checks", "--again", "--format", "json"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_NE(again.out.find("\"check\":\"not_null customer_key\""), std::string::npos) << again.out;
  EXPECT_EQ(again.out.find("not_null channel"), std::string::npos) << again.out;
  EXPECT_EQ(revenue().out.find("without channel"), std::string::npos);
}

TEST_F(Checks, ASourceSaysThemOfAMapThatIsNotItsOwn) {
  folder_.write("shop/maps/plain.yaml",
                "map: plain\nsource: till\ntable: orders\ninput: none.csv\ncolumns: {key: id, "
                "ordered_at: day, channel: channel}\n");
  folder_.write("in/a.csv", "id,day,channel\n1,2025-06-01,\n");
  const std::string source =
      "source: till\nkind: files\nfolder: ../in\nsettled: 0 seconds\nmaps:\n  - {map: "
      "maps/plain.yaml, files: \"*.csv\"}\nchecks:\n  - {map: ";
  folder_.write("shop/sources/till.yaml", source + "plian, not_null: channel}\n");
  EXPECT_NE(run({"check"}).err.find("sources/till.yaml:8:11: the source till has no map \"plian\"; did you mean "
                                    "\"plain\"?"),
            std::string::npos)
      << run({"check"}).err;
  folder_.write("shop/sources/till.yaml", source + "plain, not_null: channel}\n");
  const Ran synced = run({"sync"});
  EXPECT_NE(synced.out.find("  ! rows of orders without channel: 1 (such as 1), says a check of the map plain"),
            std::string::npos)
      << synced.out << synced.err;
  EXPECT_NE(run({"sources"}).out.find("till: rows of orders without channel: 1"), std::string::npos);
  EXPECT_NE(run({"checks", "--again"}).out.find("not_null channel"), std::string::npos);
}

TEST_F(Checks, AreTheSameThroughAServer) {
  ASSERT_EQ(import("1,2025-06-01,a,10,web\n2,2025-06-02,a,20,\n").code, 0);
  const Ran alone = run({"checks", "--format", "json"});
  const Ran figures = revenue();
  const Serving server(folder_.path() / "shop");
  ASSERT_TRUE(server.answers());
  EXPECT_EQ(run({"checks", "--format", "json"}).out, alone.out);
  EXPECT_EQ(revenue().out, figures.out);
  EXPECT_EQ(server.get("/api/v1/checks").body + "\n", alone.out);
  EXPECT_NE(server.get("/api/v1/checks?language=fr").body.find("lignes de orders sans channel"), std::string::npos);
  EXPECT_NE(server.get("/api/v1/kpis/revenue?from=2025-06-01&to=2025-07-01").body.find("\"code\":\"check_not_null\""),
            std::string::npos);
  EXPECT_EQ(server.post("/api/v1/checks", "").status, 405) << "only who may write has them looked at again";
  EXPECT_EQ(run({"checks", "--again"}).code, 0);
  const Ran refused = import("5,2025-06-02,b,20,web\n6,2025-06-02,b,20,web\n", "june.csv");
  EXPECT_EQ(refused.code, 3);
  EXPECT_NE(refused.err.find("nothing of this batch is taken"), std::string::npos) << refused.err;
  EXPECT_NE(revenue().out.find("is in, for it was refused"), std::string::npos) << "no batch was added, and it is told";
}

}  // namespace
}  // namespace vigie::doors
