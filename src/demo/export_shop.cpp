#include <fstream>

#include "base/json_writer.h"
#include "demo/exports.h"

namespace vigie::demo {
namespace {

std::string_view status_of(const Sale& sale, Date end) {
  switch (sale.state) {
    case SaleState::cancelled: return "cancelled";
    case SaleState::test: return "test";
    case SaleState::confirmed: break;
  }
  return end - day_of(sale.at) > 6 ? "fulfilled" : "paid";
}

constexpr int kRepeatedDays = 7;  // each year's file begins with the last week of the year before

}  // namespace

Result<> Exports::write_shop() {
  const std::string customers = "shop/customers.csv", products = "shop/products.csv";
  VIGIE_TRY(CsvFile file, open(customers, kEnglishTool,
                               {"id", "created_at", "type", "name", "country", "region", "city", "segment", "employees",
                                "first_source"}));
  for (const Customer& one : world_.customers) {
    if (one.in_crm) continue;
    const bool person = one.segment == Segment::private_person;
    file.field(one.key)
        .field(utc(one.created))
        .field(person ? "person" : "company")
        .field(one.name)
        .field(one.country)
        .field(one.region)
        .field(one.city);
    file.field(name_of(one.segment))
        .field(person ? std::string() : std::to_string(one.employees))
        .field(web_name(one.channel))
        .end_row();
  }
  VIGIE_CHECK(close(customers, file));
  VIGIE_TRY(CsvFile list, open(products, kEnglishTool, {"sku", "name", "category", "price", "cost", "recurring"}));
  for (const Product& one : world_.products)
    list.field(one.key)
        .field(one.name)
        .field(name_of(one.category))
        .field(money(one.list_price))
        .field(money(one.cost))
        .field(one.recurring ? "true" : "false")
        .end_row();
  return close(products, list);
}

Result<> Exports::write_shop_orders() {
  const std::vector<std::string> header{"number",   "created_at", "customer_id", "status", "currency", "subtotal",
                                        "discount", "shipping",   "tax",         "total",  "source",   "updated_at"};
  std::map<int, CsvFile> years;
  const std::string items = "shop/order_items.csv";
  VIGIE_TRY(CsvFile lines,
            open(items, kEnglishTool,
                 {"order_number", "position", "sku", "quantity", "unit_price", "discount", "amount", "currency"}));
  const auto path_of = [](int year) { return fmt::format("shop/orders-{}.csv", year); };
  for (std::size_t i = 0; i < world_.sales.size(); ++i) {
    const Sale& sale = world_.sales[i];
    if (sale.kind != SaleKind::shop) continue;
    const Date day = day_of(sale.at);
    std::set<int> in{civil(day).year};
    if (civil(day + kRepeatedDays).year <= civil(world_.time.end - 1).year) in.insert(civil(day + kRepeatedDays).year);
    for (const int year : in) {
      if (!years.contains(year)) {
        VIGIE_TRY(CsvFile made, open(path_of(year), kEnglishTool, header));
        years.emplace(year, std::move(made));
      }
      CsvFile& file = years.at(year);
      file.field(number_of(i))
          .field(utc(sale.at))
          .field(customer(sale.customer))
          .field(status_of(sale, world_.time.end))
          .field(sale.swiss ? "CHF" : "EUR");
      file.field(sale.amount_known ? money(sale.net) : std::string())
          .field(sale.amount_known ? money(sale.discount) : std::string())
          .field(money(sale.shipping));
      file.field(sale.amount_known ? money(sale.tax) : std::string())
          .field(sale.amount_known ? money(sale.net + sale.shipping + sale.tax) : std::string());
      file.field(web_name(sale.channel)).field(utc(sale.at + 3'600)).end_row();
    }
    if (!sale.lines_known) continue;
    for (std::uint32_t n = 0; n < sale.lines; ++n) {
      const Line& line = world_.lines[sale.first_line + n];
      lines.field(number_of(i))
          .field(std::int64_t{n + 1})
          .field(world_.products[line.product].key)
          .field(std::int64_t{line.quantity});
      lines.field(money(line.unit_price))
          .field(money(line.discount))
          .field(money(line.net))
          .field(sale.swiss ? "CHF" : "EUR")
          .end_row();
    }
  }
  for (auto& [year, file] : years) VIGIE_CHECK(close(path_of(year), file));
  return close(items, lines);
}

Result<> Exports::write_shop_refunds() {
  const std::string refunds = "shop/refunds.jsonl";
  std::string text;
  std::int64_t count = 0;
  for (std::size_t i = 0; i < world_.refunds.size(); ++i) {
    const Refund& refund = world_.refunds[i];
    const bool of_shop = refund.sale != kNobody ? world_.sales[refund.sale].kind == SaleKind::shop
                                                : !world_.customers[refund.customer].in_crm;
    if (!of_shop) continue;
    ++count;
    JsonWriter json(text);
    json.begin_object().key("id").text(fmt::format("R{:06}", i + 1)).key("created_at").text(utc(refund.at));
    json.key("order_number");
    if (refund.sale == kNobody) json.null();
    else json.text(number_of(refund.sale));
    json.key("customer_id").text(customer(refund.customer)).key("currency").text(refund.swiss ? "CHF" : "EUR");
    json.key("amount")
        .text(money(refund.net))
        .key("tax")
        .text(money(refund.tax))
        .key("reason")
        .text(refund.reason)
        .end_object();
    text += '\n';
  }
  std::ofstream out(folder_ / refunds, std::ios::binary);
  out << text << std::flush;
  if (!out)
    return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", (folder_ / refunds).string()),
                {}, "is the disk full?");
  rows_[refunds] = count;
  return {};
}

}  // namespace vigie::demo
