// Rows that are taken, and told: no figure can take them rightly.
#include "ingest/doubts.h"

#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

class DoubtsTest : public ImportTest {
 protected:
  /// The receipt's warnings for a file of that table whose columns are called as the model's.
  std::vector<std::string> warnings(std::string_view table, std::string_view columns, std::string_view csv) {
    file("t.csv", csv);
    const Receipt receipt =
        take(fmt::format("map: {0}\nsource: s\ntable: {0}\ninput: t.csv\ncolumns: {{{1}}}\n", table, columns));
    EXPECT_EQ(receipt.quarantined, 0) << "nothing that was taken before is refused";
    return receipt.warnings;
  }
  /// The codes of what a check finds.
  std::string check(bool names_sale_event = false) {
    const auto query = [&](const std::string& sql) { return connection_->query(sql); };
    const auto found = doubtful_rows(query, *model_, {now_, names_sale_event});
    if (!found) return found.error().text();
    std::string out;
    for (const Error& one : *found) out += (out.empty() ? "" : " ") + one.code;
    return out;
  }
};

using Warnings = std::vector<std::string>;

TEST_F(DoubtsTest, AStatusThatNeedsADate) {
  const std::string_view columns =
      "key: id, customer_key: who, started_at: begin, ended_at: end, mrr: mrr, status: status, past_due_since: due, "
      "is_trial: {from: trial, default: \"false\"}";
  EXPECT_EQ(warnings("subscriptions", columns,
                     "id,who,begin,end,mrr,status,due,trial\n"
                     "s1,a,2025-01-01,,10,cancelled,,\n"
                     "s2,b,2025-01-01,2025-02-01,10,cancelled,,\n"
                     "s3,c,2025-01-01,,10,past_due,,\n"
                     "s4,d,2025-01-01,,10,past_due,2025-02-01,\n"
                     "s5,e,2025-01-01,,10,trial,,\n"
                     "s6,f,2025-01-01,,10,cancelled,,yes\n"
                     "s7,g,2025-01-01,,0,cancelled,,\n"
                     "s8,h,2025-01-01,,10,cancelled,,\n"),
            (Warnings{"subscriptions that are cancelled and have no end: 2 (such as s1), which go on for ever, paid "
                      "unless they were trials; "
                      "map ended_at: the first instant that is no longer paid",
                      "subscriptions that are past due, nobody knows since when: 1 (such as s3), which count as paid "
                      "for ever; map past_due_since"}));
  EXPECT_EQ(check(), "subscriptions.cancelled_without_end subscriptions.past_due_without_date");
  EXPECT_EQ(warnings("subscriptions", columns,
                     "id,who,begin,end,mrr,status,due,trial\n"
                     "s1,a,2025-01-01,2025-03-01,10,cancelled,,\n"
                     "s9,i,2025-01-01,,10,active,,\n"),
            Warnings{})
      << "of what this file brought";
  EXPECT_EQ(check(), "subscriptions.cancelled_without_end subscriptions.past_due_without_date") << "s8 is still there";
}

TEST_F(DoubtsTest, DealsWhoseDatesAndOutcomeDoNotFit) {
  EXPECT_EQ(
      warnings("opportunities", "key: id, outcome: outcome, closed_at: closed, created_at: created, amount: amount",
               "id,outcome,closed,created,amount\n"
               "d1,won,,2025-01-01,100\n"
               "d2,lost,,2025-01-01,100\n"
               "d3,open,2025-02-01,2025-01-01,100\n"
               "d4,won,2025-02-01,,100\n"
               "d5,won,2025-02-01,2025-01-01,100\n"
               "d6,open,,2025-01-01,100\n"),
      (Warnings{"deals that are won or lost, nobody knows when: 2 (such as d1), which count as open; map closed_at",
                "deals without a created_at: 1 (such as d4), which the pipeline, win rates and what was signed leave "
                "out; map created_at"}));
  EXPECT_EQ(check(), "opportunities.closed_without_date opportunities.undated");
}

TEST_F(DoubtsTest, AKeyOfSeveralPartsIsShownPartByPart) {
  EXPECT_EQ(warnings("opportunities",
                     "key: [shop, id], outcome: outcome, closed_at: closed, created_at: created, amount: amount",
                     "shop,id,outcome,closed,created,amount\n3,17,won,,2025-01-01,100\n"),
            Warnings{"deals that are won or lost, nobody knows when: 1 (such as 3 / 17), which count as open; "
                     "map closed_at"});
}

TEST_F(DoubtsTest, StagesThatNobodyImported) {
  const std::string_view log = "id,deal,at,stage\n1,d1,2025-01-01,new\n2,d1,2025-01-05,won\n3,d2,2025-01-05,talks\n";
  const std::string_view columns = "key: id, opportunity_key: deal, entered_at: at, stage_key: stage";
  EXPECT_EQ(warnings("opportunity_stage_changes", columns, log),
            Warnings{"changes to stages that the table stages does not hold: 3 (such as 1), among which won and lost "
                     "count as stages like others; import stages: its key, label, position and outcome"});
  warnings("stages", "key: id, label: id, position: n", "id,n\nnew,1\nwon,2\n");
  EXPECT_EQ(check(), "opportunity_stage_changes.unknown_stage");
  warnings("stages", "key: id, label: id, position: n", "id,n\ntalks,3\n");
  EXPECT_EQ(check(), "");
  EXPECT_EQ(warnings("opportunities", "key: id, stage_key: stage, created_at: at",
                     "id,stage,at\nd1,won,2025-01-01\nd2,talk,2025-01-01\nd3,,2025-01-01\n"),
            Warnings{"deals in stages that the table stages does not hold: 1 (such as d2), whose stages have no name "
                     "and no place; import stages: its key, label, position and outcome"});
}

TEST_F(DoubtsTest, MarksThatAreNoneOfAnNps) {
  EXPECT_EQ(warnings("survey_responses", "key: id, kind: kind, score: score, max_score: best, answered_at: at",
                     "id,kind,score,best,at\n"
                     "1,nps,5,5,2025-01-01\n2,nps,8.5,10,2025-01-01\n3,nps,9,,2025-01-01\n4,csat,4.5,5,2025-01-01\n"
                     "5,nps,,5,2025-01-01\n6,nps,9.0,10,2025-01-01\n"),
            (Warnings{"NPS answers whose best mark is not 10: 1 (such as 1), whose marks are read as if it were; map "
                      "kind: csat for them, for an NPS is asked from 0 to 10",
                      "NPS marks that are no whole numbers: 1 (such as 2), of which those between 6 and 7 or between 8 "
                      "and 9 count as answers, and in no group; map the mark that was given"}));
}

TEST_F(DoubtsTest, AmountsAndRatesTheWrongWayRound) {
  EXPECT_EQ(warnings("refunds", "key: id, refunded_at: at, amount_net: amount",
                     "id,at,amount\nr1,2025-01-01,-5\nr2,2025-01-01,5\n"),
            Warnings{"refunds with an amount below 0: 1 (such as r1), which add to revenue; say factor: -1 for the "
                     "amount in the map, unless they take refunds back"});
  EXPECT_EQ(warnings("fx_rates", "date: day, currency: currency, per_euro: rate",
                     "day,currency,rate\n2025-01-01,EUR,2\n2025-01-02,EUR,1\n2025-01-01,USD,1.1\n")
                .size(),
            1U);
  EXPECT_EQ(check(), "fx_rates.euro refunds.negative");
}

TEST_F(DoubtsTest, OnePersonTwiceAtATime) {
  EXPECT_EQ(
      warnings(
          "headcount", "key: id, employee_key: who, from_date: begin, to_date: end, people: {from: n, default: \"1\"}",
          "id,who,begin,end,n\n"
          "1,ann,2025-01-01,2025-03-01,\n2,ann,2025-02-01,,\n3,bob,2025-01-01,2025-02-01,\n"
          "4,bob,2025-02-01,,\n5,cid,2025-01-01,,0.5\n6,cid,2025-01-01,,0.5\n7,,2025-01-01,,3\n8,,2025-01-01,,2\n"),
      Warnings{"rows of headcount that overlap with another one of the same person: 2 (such as 1), of which headcount "
               "counts each; end the one where the other begins, or share the person among them: people: 0.5"});
}

TEST_F(DoubtsTest, AnInvoiceBesideManyOrders) {
  const std::string_view columns = "key: id, ordered_at: at, document: kind, amount_net: amount, follows_key: after";
  const std::string orders =
      "id,at,kind,amount,after\no1,2025-01-01,order,50,\no2,2025-01-02,order,50,\no3,2025-01-03,order,50,\n";
  EXPECT_EQ(warnings("orders", columns, orders), Warnings{});
  EXPECT_EQ(check(), "");
  EXPECT_EQ(warnings("orders", columns, "id,at,kind,amount,after\ni1,2025-01-04,invoice,50,o1\n"),
            Warnings{"invoices beside orders most of which no invoice follows: 1 (such as i1), which alone are sales; "
                     "say sale_event in vigie.yaml, and follows_key in the map of invoices"});
  EXPECT_EQ(check(), "orders.beside_invoices");
  EXPECT_EQ(check(true), "") << "vigie.yaml says what makes a sale";
  EXPECT_EQ(warnings("orders", columns, "id,at,kind,amount,after\ni2,2025-01-05,invoice,50,o2\n"), Warnings{})
      << "two of three are invoiced";
  EXPECT_EQ(check(), "");
  warnings("orders", std::string(columns) + ", status: state",
           "id,at,kind,amount,after,state\ni2,2025-01-05,invoice,50,o2,cancelled\n");
  EXPECT_EQ(check(), "orders.beside_invoices") << "what is cancelled follows no order";
}

TEST_F(DoubtsTest, AChangeYetToComeHoldsNoOtherBack) {
  const std::string_view columns = "key: id, ordered_at: at, amount_net: amount, updated_at: changed";
  EXPECT_EQ(warnings("orders", columns, "id,at,amount,changed\n1,2025-01-01,5,2099-01-01\n"),
            Warnings{"rows of orders whose updated_at is yet to come: 1 (such as 1), whose place any other version "
                     "takes until then; correct the date in the source"});
  EXPECT_EQ(check(), "orders.updated_ahead");
  warnings("orders", columns, "id,at,amount,changed\n1,2025-01-01,50,2025-02-01\n");
  EXPECT_EQ(rows("SELECT amount_net FROM orders"), "50");
  EXPECT_EQ(check(), "");
  warnings("orders", columns, "id,at,amount,changed\n1,2025-01-01,7,2025-01-15\n");
  EXPECT_EQ(rows("SELECT amount_net FROM orders"), "50") << "an older version of what is no slip stays behind";
  EXPECT_EQ(warnings("orders", columns, "id,at,amount,changed\n1,2025-01-01,6,2099-01-01\n"),
            Warnings{"rows of orders that are left out, for their updated_at is yet to come and a dated version is "
                     "there: 1 (such as 1)"});
  EXPECT_EQ(rows("SELECT amount_net FROM orders"), "50") << "in whichever order they come";
  EXPECT_EQ(check(), "");
}

}  // namespace
}  // namespace vigie::ingest
