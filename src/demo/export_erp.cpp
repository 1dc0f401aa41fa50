#include "demo/exports.h"

namespace vigie::demo {

Result<> Exports::write_erp_orders() {
  const std::string orders = "erp/commandes.csv", items = "erp/lignes.csv";
  VIGIE_TRY(CsvFile file,
            open(orders, kFrenchTool,
                 {"N°", "Date", "Compte CRM", "Client boutique", "Activité", "Total HT", "Remise HT", "TVA",
                  "Total TTC", "Devise", "Affaire", "Origine", "Commercial", "Service du", "Service au"}));
  VIGIE_TRY(CsvFile lines,
            open(items, kFrenchTool,
                 {"Commande", "Ligne", "Article", "Quantité", "PU HT", "Remise HT", "Montant HT", "Nature", "Devise"}));
  for (std::size_t i = 0; i < world_.sales.size(); ++i) {
    const Sale& sale = world_.sales[i];
    if (sale.kind == SaleKind::shop) continue;
    const bool contract = sale.kind == SaleKind::contract, in_crm = world_.customers[sale.customer].in_crm;
    file.field(number_of(i))
        .field(french(day_of(sale.at)))
        .field(in_crm ? customer(sale.customer) : "")
        .field(in_crm ? "" : customer(sale.customer));
    file.field(contract ? "Contrats" : sale.kind == SaleKind::deal ? "Aménagement" : "Réassort");
    file.field(french_money(sale.net))
        .field(french_money(sale.discount))
        .field(french_money(sale.tax))
        .field(french_money(sale.net + sale.tax))
        .field(sale.swiss ? "CHF" : "EUR");
    file.field(sale.deal == kNobody ? std::string() : world_.deals[sale.deal].key)
        .field(sale.channel ? crm_name(sale.channel) : "")
        .field(email(sale.owner));
    file.field(contract ? french(sale.service_from) : std::string())
        .field(contract ? french(sale.service_to - 1) : std::string())
        .end_row();
    for (std::uint32_t n = 0; n < sale.lines; ++n) {
      const Line& line = world_.lines[sale.first_line + n];
      const Product& product = world_.products[line.product];
      const bool service = product.category == Category::care || product.category == Category::fitting;
      lines.field(number_of(i))
          .field(std::int64_t{n + 1})
          .field(product.key)
          .field(std::int64_t{line.quantity})
          .field(french_money(line.unit_price));
      lines.field(french_money(line.discount))
          .field(french_money(line.net))
          .field(service ? "Prestation" : "Article")
          .field(sale.swiss ? "CHF" : "EUR")
          .end_row();
    }
  }
  VIGIE_CHECK(close(orders, file));
  return close(items, lines);
}

Result<> Exports::write_credit_notes() {
  const std::string notes = "erp/avoirs.csv";
  VIGIE_TRY(CsvFile credit, open(notes, kFrenchTool,
                                 {"Avoir", "Date", "Commande", "Compte CRM", "Montant HT", "TVA", "Devise", "Motif"}));
  for (std::size_t i = 0; i < world_.refunds.size(); ++i) {
    const Refund& refund = world_.refunds[i];
    const bool of_shop = refund.sale != kNobody ? world_.sales[refund.sale].kind == SaleKind::shop
                                                : !world_.customers[refund.customer].in_crm;
    if (of_shop) continue;
    credit.field(fmt::format("AV{:06}", i + 1))
        .field(french(day_of(refund.at)))
        .field(refund.sale == kNobody ? std::string() : number_of(refund.sale))
        .field(customer(refund.customer));
    credit.field(french_money(refund.net))
        .field(french_money(refund.tax))
        .field(refund.swiss ? "CHF" : "EUR")
        .field(refund.reason)
        .end_row();
  }
  return close(notes, credit);
}

Result<> Exports::write_contracts() {
  const std::string path = "facturation/contrats.csv";
  VIGIE_TRY(CsvFile file, open(path, kEnglishTool,
                               {"id", "contract", "account", "shop_customer", "plan", "start", "end", "mrr", "quantity",
                                "status", "trial", "change", "cancel_requested", "cancel_reason", "past_due_since",
                                "renews_on", "term_months", "owner"}));
  std::map<std::uint32_t, int> rows_of;
  for (const ContractPeriod& one : world_.contract_periods) {
    const int row = ++rows_of[one.contract];
    const PlanTruth& plan = world_.truth.plans[one.plan];
    const bool in_crm = world_.customers[one.customer].in_crm;
    const std::string_view status = one.past_due_since ? "past_due"
                                    : one.ended        ? "ended"
                                    : one.trial        ? "trial"
                                                       : "active";
    file.field(fmt::format("S{:05}-{}", one.contract + 1, row))
        .field(fmt::format("S{:05}", one.contract + 1))
        .field(in_crm ? customer(one.customer) : "")
        .field(in_crm ? "" : customer(one.customer));
    file.field(plan.key)
        .field(to_string(one.from))
        .field(one.ended ? to_string(one.to) : std::string())
        .field(money(one.mrr))
        .field(std::int64_t{one.quantity})
        .field(status);
    file.field(one.trial ? "yes" : "no")
        .field(one.change)
        .field(one.cancel_requested ? to_string(*one.cancel_requested) : std::string())
        .field(one.cancel_reason);
    file.field(one.past_due_since ? to_string(*one.past_due_since) : std::string())
        .field(to_string(one.renews_on))
        .field(std::int64_t{one.trial ? 1 : plan.term_months})
        .field(email(one.owner))
        .end_row();
  }
  return close(path, file);
}

}  // namespace vigie::demo
