#include "demo/exports.h"

namespace vigie::demo {

/// The shop's come from its payment service, those of companies from the bank's book.
Result<> Exports::write_payments() {
  const std::string cards = "shop/payments.csv", bank = "compta/reglements.csv";
  VIGIE_TRY(CsvFile shop, open(cards, kEnglishTool,
                               {"id", "created_at", "type", "order_number", "customer_id", "amount", "currency"}));
  VIGIE_TRY(CsvFile book,
            open(bank, kFrenchTool, {"Règlement", "Date", "Commande", "Compte CRM", "Mode", "Montant TTC", "Devise"}));
  for (std::size_t i = 0; i < world_.payments.size(); ++i) {
    const Payment& one = world_.payments[i];
    const std::string document = one.sale == kNobody ? std::string() : number_of(one.sale);
    const std::string_view currency = one.swiss ? "CHF" : "EUR";
    if (one.method == PayMethod::card) {
      shop.field(fmt::format("pay_{:07}", i + 1))
          .field(utc(one.at))
          .field(one.amount < 0 ? "refund" : "charge")
          .field(document)
          .field(customer(one.customer))
          .field(money(one.amount))
          .field(currency)
          .end_row();
      continue;
    }
    const bool in_crm = one.customer != kNobody && world_.customers[one.customer].in_crm;
    book.field(fmt::format("RG{:07}", i + 1))
        .field(french(day_of(one.at)))
        .field(document)
        .field(in_crm ? customer(one.customer) : "")
        .field(one.method == PayMethod::transfer ? "Virement" : "Prélèvement")
        .field(french_money(one.amount))
        .field(currency)
        .end_row();
  }
  VIGIE_CHECK(close(cards, shop));
  return close(bank, book);
}

}  // namespace vigie::demo
