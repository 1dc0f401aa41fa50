// The presets of databases against real servers that hold small tables in the shape of Odoo's and Dolibarr's.
#include <sys/stat.h>

#include "base/text.h"
#include "shell.h"
#include "sources/servers.h"
#include "sources/sync_fixture.h"

namespace vigie::sources {
namespace {

std::string sql_of(const char* name) {
  return text_of(std::filesystem::path(VIGIE_SOURCE_DIR) / "tests" / "sources" / name);
}

/// What the servers of both suites share: tables made anew for each test, and rows of the warehouse as texts.
class PresetTest : public SyncTest {
 protected:
  std::string shown(const std::string& sql) { return rows("SELECT COLUMNS(*)::VARCHAR FROM (" + sql + ")"); }

  /// Runs a file of statements, each of which ends its line.
  static void load(const char* name, const std::function<void(const std::string&)>& run) {
    const std::string text = sql_of(name);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(";\n", at), text.size());
      const std::string statement = text.substr(at, end - at);
      at = end + 2;
      if (const auto table = statement.find("CREATE TABLE "); table != std::string::npos)
        run("DROP TABLE IF EXISTS " + statement.substr(table + 13, statement.find('(', table) - table - 13));
      run(statement);
    }
  }
};

class OdooPreset : public PresetTest {
 protected:
  void SetUp() override {
    if (!PostgresServer::is_installed())
      GTEST_SKIP() << "PostgreSQL is not installed: scripts/setup.sh --for test installs it";
    SyncTest::SetUp();
    if (!server_) server_ = std::make_unique<PostgresServer>();
    load("odoo.sql", [](const std::string& statement) { server_->run(statement); });
    ::chmod(folder_.write("secret", "of the admin\n").c_str(), 0600);
    follow("settings: {language: fr_FR}\n");
  }
  void follow(const std::string& more) {
    folder_.write("sources/crm.yaml",
                  fmt::format("source: crm\nkind: postgres\ndatabase: erp\nhost: {}\nuser: admin\npassword: "
                              "file:secret\npreset: odoo\n{}",
                              server_->folder().string(), more));
  }
  std::string stages() {
    return shown(
        "SELECT o.source_key || ': ' || string_agg(s.label || ' ' || strftime(make_timestamp(c.entered_at), '%m-%d') "
        "|| ' ' || c.origin, ', ' ORDER BY c.entered_at) FROM opportunity_stage_changes c JOIN opportunities o ON "
        "o.key = c.opportunity_key JOIN stages s ON s.key = c.stage_key GROUP BY o.source_key ORDER BY 1");
  }
  std::string deals() {
    return shown(
        "SELECT source_key, outcome, amount, currency, strftime(make_timestamp(created_at), '%m-%d %H:%M'), "
        "strftime(make_timestamp(closed_at), '%m-%d %H:%M'), lost_reason FROM opportunities ORDER BY source_key");
  }
  static void TearDownTestSuite() { server_.reset(); }
  static std::unique_ptr<PostgresServer> server_;
};
std::unique_ptr<PostgresServer> OdooPreset::server_;

constexpr const char* kOdooDeals =
    "20|won|1000.0000|EUR|01-05 23:30|02-10 09:00|-\n"
    "21|lost|400.0000|EUR|01-07 09:00|02-01 10:00|Trop cher\n"
    "22|open|700.0000|EUR|02-15 09:00|-|-\n"
    "25|open|90.0000|EUR|03-02 09:00|-|-";

TEST_F(OdooPreset, BringsWhatItsTablesMean) {
  EXPECT_EQ(told(),
            "odoo_products brought 1+0=0-0!0\n"
            "odoo_teams brought 1+0=0-0!0\n"
            "odoo_employees brought 2+0=0-0!0\n"
            "odoo_customers brought 3+0=0-0!0 (2025-03-01 00:00:00)\n"
            "odoo_stages brought 4+0=0-0!0\n"
            "odoo_leads brought 3+0=0-0!0 (2025-03-03 09:00:00)\n"
            "odoo_deals brought 4+0=0-0!0 (2025-03-05 09:00:00)\n"
            "odoo_stage_changes brought 10+0=0-0!0\n"
            "odoo_orders brought 3+0=0-0!0 (2025-03-02 10:00:00)\n"
            "odoo_order_lines brought 1+0=0-0!0 (2025-01-20 10:00:00)\n"
            "odoo_invoices brought 2+0=0-0!0 (2025-03-02 10:00:00)\n"
            "odoo_invoice_lines brought 1+0=0-0!0\n"
            "odoo_credit_notes brought 1+0=0-0!0");
  EXPECT_EQ(deals(), kOdooDeals) << "archived and at 0 % is lost, archived is not; 100 % by hand is not won";
  // The stage that the first change left, at the creation; then the changes; 22 was moved by an import, without one.
  EXPECT_EQ(stages(),
            "20: Nouveau 01-05 derived, Qualified 01-12 log, Proposition 01-20 log, Gagné 02-10 log\n"
            "21: Nouveau 01-07 derived, Qualified 01-15 log\n"
            "22: Nouveau 02-15 derived, Qualified 02-20 log, Proposition 03-05 derived\n"
            "25: Nouveau 03-02 derived");
  EXPECT_EQ(shown("SELECT label, position, outcome FROM stages ORDER BY position"),
            "Nouveau|1|open\nQualified|2|open\nProposition|3|open\nGagné|4|won");
  EXPECT_EQ(shown("SELECT source_key, status_group, opportunity_key IS NOT NULL FROM leads ORDER BY source_key"),
            "20|converted|true\n23|open|false\n24|disqualified|false");
  EXPECT_EQ(shown("SELECT source_key, name, kind, country, industry FROM customers ORDER BY source_key"),
            "10|Dupont SA|company|FR|Commerce\n12|Paul|person|FR|-\n13|Martin Inc|company|US|-")
      << "neither the company and its people nor Claire, who is of Dupont";
  // A quotation is dated by its creation, an order by its confirmation; the invoice follows its order.
  EXPECT_EQ(shown("SELECT o.source_key, o.document, o.status, strftime(make_timestamp(o.ordered_at), '%m-%d %H:%M'), "
                  "o.amount_net, o.currency, f.source_key FROM orders o LEFT JOIN orders f ON f.key = o.follows_key "
                  "ORDER BY o.source_key"),
            "30|quote|confirmed|03-01 10:00|80.0000|EUR|-\n"
            "31|order|confirmed|02-10 10:00|1000.0000|EUR|-\n"
            "32|order|cancelled|01-20 10:00|400.0000|EUR|-\n"
            "invoice-60|invoice|confirmed|02-14 23:00|1000.0000|EUR|31\n"
            "invoice-62|invoice|draft|03-01 23:00|50.0000|USD|-");
  // 4 × 312.50 = 1250, less 20 % = 1000: 250 were taken off.
  EXPECT_EQ(shown("SELECT source_key, quantity, unit_price, discount, amount_net, kind FROM order_lines ORDER BY 1"),
            "40|4.0000|312.5000|250.0000|1000.0000|goods\ninvoice-70|4.0000|312.5000|250.0000|1000.0000|goods");
  EXPECT_EQ(shown("SELECT r.amount_net, o.source_key FROM refunds r JOIN orders o ON o.key = r.order_key"),
            "100.0000|invoice-60");
}

TEST_F(OdooPreset, ReadsWhatIsNewAndOnceADayWhatIsGone) {
  told();
  const std::string before = batches();
  EXPECT_EQ(told().find("brought"), std::string::npos) << told();
  EXPECT_EQ(batches(), before);
  server_->run(
      "UPDATE crm_lead SET stage_id = 4, date_closed = '2025-03-20 09:00', date_last_stage_update = '2025-03-20 "
      "09:00', write_date = '2025-03-20 09:00' WHERE id = 22; INSERT INTO mail_message VALUES (9, 'crm.lead', 22, "
      "'2025-03-20 09:00', 5); INSERT INTO mail_tracking_value VALUES (10, 9, 900, 3, 4); DELETE FROM crm_lead WHERE "
      "id = 25");
  // The move of the import is told no more: what moved next left the stage, and Odoo forgot when it was entered.
  const std::string second = told();
  EXPECT_NE(second.find("odoo_deals brought 0+1=0-0!0 (2025-03-20 09:00:00)"), std::string::npos) << second;
  EXPECT_NE(second.find("odoo_stage_changes brought 1+0=8-2!0"), std::string::npos) << second;
  EXPECT_EQ(shown("SELECT outcome FROM opportunities WHERE source_key = '22'"), "won");
  EXPECT_EQ(shown("SELECT count(*) FROM opportunities WHERE deleted_at IS NULL"), "4") << "not seen yet";
  now_ = Instant{now_.micros + 2 * kMicrosPerDay};
  EXPECT_NE(told().find("odoo_deals brought 0+0=3-1!0 (2025-03-20 09:00:00)"), std::string::npos);
  EXPECT_EQ(shown("SELECT source_key FROM opportunities WHERE deleted_at IS NOT NULL"), "25");
}

TEST_F(OdooPreset, ReadsOlderVersionsAndWhatIsInstalled) {
  server_->run(
      "ALTER TABLE crm_lead RENAME expected_revenue TO planned_revenue; ALTER TABLE crm_lead RENAME lost_reason_id TO "
      "lost_reason; ALTER TABLE crm_lead DROP recurring_revenue_monthly; ALTER TABLE crm_stage ALTER name TYPE text "
      "USING name->>'en_US'; ALTER TABLE crm_lost_reason ALTER name TYPE text USING name->>'fr_FR'; ALTER TABLE "
      "account_move RENAME move_type TO type; DROP TABLE crm_team_member, utm_medium, res_partner_industry");
  told();
  EXPECT_EQ(deals(), kOdooDeals);
  EXPECT_EQ(shown("SELECT label FROM stages ORDER BY position"), "New\nQualified\nProposition\nWon");
  // Without the modules sale and account the rest is as it was.
  server_->run(
      "DROP TABLE sale_order, sale_order_line, account_move, account_move_line, sale_order_line_invoice_rel, "
      "product_product, product_template");
  const auto report = sync();
  ASSERT_TRUE(report);
  std::string absent;
  for (const FeedReport& feed : report->feeds) {
    EXPECT_TRUE(!feed.error) << feed.map << ": " << feed.error->text();
    if (feed.outcome == Outcome::absent) absent += feed.map + " (" + feed.missing + ") ";
  }
  EXPECT_EQ(absent,
            "odoo_products (products) odoo_orders (orders) odoo_order_lines (order_lines) odoo_invoices (invoices) "
            "odoo_invoice_lines (invoice_lines) odoo_credit_notes (invoices) ");
  follow("settings: {prefix: sales.}\n");
  EXPECT_TRUE(
      told().starts_with("odoo_products failed 0+0=0-0!0 source.rows: none of the tables of odoo is there, "
                         "such as sales.res_company"))
      << told();
}

/// The same tables in PostgreSQL and in MariaDB.
template <class Server>
class DolibarrPreset : public PresetTest {
 protected:
  void SetUp() override {
    if (!Server::is_installed()) GTEST_SKIP() << "no server is installed: scripts/setup.sh --for test installs it";
    SyncTest::SetUp();
    if (!server_) server_ = std::make_unique<Server>();
    load("dolibarr.sql", [this](const std::string& statement) { change(statement); });
    ::chmod(folder_.write("secret", "of the admin\n").c_str(), 0600);
    folder_.write("sources/crm.yaml", fmt::format("source: crm\n{}database: erp\nuser: admin\npassword: "
                                                  "file:secret\npreset: dolibarr\n",
                                                  place()));
  }
  static constexpr bool kIsPostgres = std::is_same_v<Server, PostgresServer>;
  std::string place() const {
    if constexpr (kIsPostgres) return fmt::format("kind: postgres\nhost: {}\n", server_->folder().string());
    else return fmt::format("kind: mysql\nhost: {}\n", server_->socket().string());
  }
  void change(std::string statement) {
    if (kIsPostgres)
      for (std::size_t at = 0; (at = statement.find("DATETIME", at)) != std::string::npos;)
        statement.replace(at, 8, "timestamp");
    server_->run(statement);
  }
  std::string deals() {
    return shown(
        "SELECT o.source_key, o.outcome, o.amount, strftime(make_timestamp(o.closed_at), '%m-%d %H:%M'), e.name, "
        "s.label FROM opportunities o LEFT JOIN employees e ON e.key = o.owner_key LEFT JOIN stages s ON s.key = "
        "o.stage_key WHERE o.deleted_at IS NULL ORDER BY o.source_key");
  }
  static void TearDownTestSuite() { server_.reset(); }
  static std::unique_ptr<Server> server_;
};
template <class Server>
std::unique_ptr<Server> DolibarrPreset<Server>::server_;
using Servers = ::testing::Types<PostgresServer, MariadbServer>;
TYPED_TEST_SUITE(DolibarrPreset, Servers);

TYPED_TEST(DolibarrPreset, BringsWhatItsTablesMean) {
  EXPECT_EQ(this->told(),
            "dolibarr_products brought 2+0=0-0!0\n"
            "dolibarr_employees brought 2+0=0-0!0\n"
            "dolibarr_customers brought 2+0=0-0!0\n"
            "dolibarr_stages brought 8+0=0-0!0\n"
            "dolibarr_deals brought 4+0=0-0!0\n"
            "dolibarr_stage_changes brought 10+0=0-0!0\n"
            "dolibarr_quotes brought 4+0=0-0!0 (2025-03-01 09:00:00)\n"
            "dolibarr_orders brought 2+0=0-0!0 (2025-01-29 09:00:00)\n"
            "dolibarr_invoices brought 7+0=0-0!0 (2025-03-07 09:00:00)\n"
            "dolibarr_credit_notes brought 1+0=0-0!0\n"
            "dolibarr_lines brought 5+0=0-0!0\n"
            "dolibarr_subscriptions brought 2+0=0-0!0");
  // No project is an opportunity: proposals are the deals. The clocks of Paris are an hour ahead.
  EXPECT_EQ(this->deals(),
            "proposal-70|won|1000.0000|01-26 08:00|Zoé Roy|Signed\n"
            "proposal-71|lost|400.0000|02-01 08:00|Admin|Refused\n"
            "proposal-72|open|90.0000|-|Admin|Draft\n"
            "proposal-73|won|200.0000|02-11 08:00|Admin|Signed");
  // Invoices: 1000, of which 300 were paid before; 200, of which 100 were paid by the credit note; the replacement of
  // 500; a bad debt of 50: 1750, and 100 back.
  EXPECT_EQ(this->shown("SELECT sum(amount_net) FILTER (WHERE document = 'invoice' AND status = 'confirmed'), "
                        "sum(amount_net) FILTER (WHERE document = 'deposit') FROM orders"),
            "1750.0000|300.0000");
  EXPECT_EQ(this->shown("SELECT sum(amount_net) FROM refunds"), "100.0000");
  EXPECT_EQ(
      this->shown("SELECT o.source_key, f.source_key, d.source_key FROM orders o LEFT JOIN orders f ON f.key = "
                  "o.follows_key LEFT JOIN opportunities d ON d.key = o.opportunity_key WHERE o.follows_key IS NOT "
                  "NULL OR o.opportunity_key IS NOT NULL ORDER BY 1"),
      "invoice-91|order-80|-\ninvoice-93|quote-73|proposal-73\norder-80|quote-70|proposal-70\n"
      "quote-70|-|proposal-70\nquote-71|-|proposal-71\nquote-72|-|proposal-72\nquote-73|-|proposal-73");
  // 5 × 250 = 1250, less 20 %; what settles a deposit or a credit note is no line.
  EXPECT_EQ(this->shown("SELECT source_key, discount, amount_net, kind FROM order_lines ORDER BY source_key"),
            "invoice-1|0.0000|300.0000|deposit\ninvoice-2|250.0000|1000.0000|goods\ninvoice-5|0.0000|200.0000|service\n"
            "invoice-7|0.0000|500.0000|goods\norder-1|250.0000|1000.0000|goods");
  EXPECT_EQ(this->shown("SELECT source_key, mrr, status, renews_on IS NOT NULL FROM subscriptions ORDER BY source_key"),
            "1|100.0000|active|true\n3|-|cancelled|false");
  EXPECT_EQ(this->shown("SELECT source_key, name, kind, segment FROM customers ORDER BY source_key"),
            "10|Dupont|company|Grand groupe\n11|Éric Petit|person|-");
  EXPECT_EQ(this->told().find("brought"), std::string::npos);
}

TYPED_TEST(DolibarrPreset, TakesProjectsForDealsOnceThereAreSome) {
  this->told();
  this->change(
      "INSERT INTO llx_projet VALUES (61, 'PJ61', 'Bureaux', 10, 6, 100, 1500, 1, '2025-01-02 10:00:00', '2025-03-01', "
      "'2025-02-02 10:00:00', 1, '2025-02-05 10:00:00', 1), (62, 'PJ62', 'Lampes', 11, 2, 20, 300, 1, '2025-02-02 "
      "10:00:00', '2025-04-01', NULL, 1, '2025-02-05 10:00:00', 1)");
  this->told();
  EXPECT_EQ(this->deals(),
            "project-61|won|1500.0000|02-02 09:00|Admin|Gagné\nproject-62|open|300.0000|-|Admin|Qualification");
  EXPECT_EQ(this->shown("SELECT count(*) FROM opportunity_stage_changes WHERE deleted_at IS NULL"), "0")
      << "of which nobody kept a history";
  // What a later sync finds moved has moved, when the project was changed last.
  this->change("UPDATE llx_projet SET fk_opp_status = 1, tms = '2025-02-20 10:00:00' WHERE rowid = 62");
  this->told();
  EXPECT_EQ(
      this->shown("SELECT o.source_key, f.label, s.label, strftime(make_timestamp(l.entered_at), '%m-%d %H:%M'), "
                  "l.origin FROM opportunity_stage_changes l JOIN opportunities o ON o.key = l.opportunity_key JOIN "
                  "stages s ON s.key = l.stage_key JOIN stages f ON f.key = l.from_stage_key WHERE l.deleted_at IS "
                  "NULL"),
      "project-62|Qualification|Prospection|02-20 09:00|seen");
}

TYPED_TEST(DolibarrPreset, ReadsOlderVersions) {
  for (const char* statement :
       {"ALTER TABLE llx_facture RENAME COLUMN ref TO facnumber",
        "ALTER TABLE llx_facture RENAME COLUMN total_ht TO total",
        "ALTER TABLE llx_facture RENAME COLUMN total_tva TO tva", "ALTER TABLE llx_propal DROP COLUMN date_signature",
        "ALTER TABLE llx_projet DROP COLUMN usage_opportunity"})
    this->change(statement);
  EXPECT_EQ(this->told().find("failed"), std::string::npos) << this->told();
  EXPECT_EQ(this->shown("SELECT x_number, amount_net, amount_tax FROM orders WHERE source_key = 'invoice-91'"),
            "FA91|1000.0000|140.0000");
  EXPECT_EQ(
      this->shown("SELECT strftime(make_timestamp(closed_at), '%m-%d %H:%M') FROM opportunities WHERE source_key = "
                  "'proposal-70'"),
      "01-26 08:05")
      << "the day of closing stands for that of the signature";
}

}  // namespace
}  // namespace vigie::sources
