// How documents are paid: those of the shop by card, at once; orders of companies by transfer when they are due, or
// later; contracts by direct debit. What was given back leaves as it came.
#include <cmath>
#include <map>
#include <set>

#include "demo/ordering.h"
#include "demo/sales.h"

namespace vigie::demo {
namespace {

constexpr int kDebitAfter = 3, kDebitWithin = 5;          // days after the bill
constexpr int kPunctualBefore = 8, kPunctualWithin = 11;  // days around the due date
constexpr int kDepositAfter = 3, kDepositWithin = 7;
constexpr int kGivenBackAfter = 4, kGivenBackWithin = 9;

std::int64_t with_tax(const Sale& sale) { return sale.net + sale.shipping + sale.tax; }

/// Writes down what is paid, as long as it is before the end of the data.
class Till {
 public:
  explicit Till(World& world) : world_(world) {}

  void pay_by_card(std::uint32_t number, Random& random) {
    const Sale& sale = world_.sales[number];
    add({sale.at + 20 + random.below(100), number, sale.customer, with_tax(sale), sale.swiss, PayMethod::card});
  }
  void pay_by_debit(std::uint32_t number, Random& random) {
    const Sale& sale = world_.sales[number];
    add({bank_day(day_of(sale.at) + kDebitAfter + random.below(kDebitWithin)), number, sale.customer, with_tax(sale),
         sale.swiss, PayMethod::direct_debit});
  }
  void pay_by_transfer(std::uint32_t number, Random& random, bool pays_late) {
    const PaymentTruth& truth = world_.truth.payments;
    const Sale& sale = world_.sales[number];
    std::int64_t owed = with_tax(sale);
    const Date ordered = day_of(sale.at);
    const bool deposit = sale.kind == SaleKind::deal && static_cast<double>(sale.net) >= truth.deposit_above * 100;
    if (deposit) {
      const auto part = static_cast<std::int64_t>(std::floor(static_cast<double>(owed) * truth.deposit_share + 0.5));
      add({bank_day(ordered + kDepositAfter + random.below(kDepositWithin)), number, sale.customer, part, sale.swiss,
           PayMethod::transfer});
      owed -= part;
    }
    if (random.chance(truth.unpaid_share)) return;
    const Date due = ordered + truth.due_days;
    const Date paid = pays_late ? due + 1 + static_cast<int>(random.exponential(truth.late_days))
                                : due - kPunctualBefore + random.below(kPunctualWithin);
    add({bank_day(paid), number, sale.customer, owed, sale.swiss, PayMethod::transfer});
  }
  /// Back on the card at once; by transfer some days later, once the document was paid in full.
  void give_back(const Refund& refund, Random& random) {
    const bool of_shop = refund.sale != kNobody ? world_.sales[refund.sale].kind == SaleKind::shop
                                                : !world_.customers[refund.customer].in_crm;
    const std::int64_t amount = -(refund.net + refund.tax);
    if (of_shop) return add({refund.at + 120, refund.sale, refund.customer, amount, refund.swiss, PayMethod::card});
    Date day = day_of(refund.at) + kGivenBackAfter + random.below(kGivenBackWithin);
    if (refund.sale != kNobody) {
      const auto paid = paid_.find(refund.sale);
      if (paid == paid_.end() || paid->second.amount < with_tax(world_.sales[refund.sale])) return;
      day = std::max(day, day_of(paid->second.last) + 1);
    }
    add({bank_day(day), refund.sale, refund.customer, amount, refund.swiss, PayMethod::transfer});
  }

 private:
  /// Banks work on weekdays.
  static WallTime bank_day(Date day) { return in_office_hours(start_of(day) + 10 * 3600); }

  void add(const Payment& payment) {
    if (payment.at >= start_of(world_.time.end)) return;
    world_.payments.push_back(payment);
    if (payment.sale == kNobody || payment.amount < 0) return;
    Paid& paid = paid_[payment.sale];
    paid.amount += payment.amount;
    paid.last = std::max(paid.last, payment.at);
  }

  struct Paid {
    std::int64_t amount = 0;
    WallTime last = 0;
  };
  World& world_;
  std::map<std::uint32_t, Paid> paid_;
};

/// Contracts that are past due, with the day since when: the bill of that term is not paid.
std::map<std::uint32_t, Date> past_due(const World& world) {
  std::map<std::uint32_t, Date> out;
  for (const ContractPeriod& one : world.contract_periods)
    if (one.past_due_since) out[one.contract] = *one.past_due_since;
  return out;
}

}  // namespace

void add_payments(World& world) {
  const std::map<std::uint32_t, Date> unpaid = past_due(world);
  Till till(world);
  Random random = world.random("payments");
  for (std::uint32_t i = 0; i < world.sales.size(); ++i) {
    const Sale& sale = world.sales[i];
    if (sale.state != SaleState::confirmed) continue;
    if (sale.kind == SaleKind::shop) {
      till.pay_by_card(i, random);
    } else if (sale.kind == SaleKind::contract) {
      const auto since = unpaid.find(sale.contract);
      if (since != unpaid.end() && sale.service_from <= since->second && since->second < sale.service_to) continue;
      till.pay_by_debit(i, random);
    } else {
      till.pay_by_transfer(i, random, world.random("payer", sale.customer).chance(world.truth.payments.late_share));
    }
  }
  for (const Refund& refund : world.refunds) till.give_back(refund, random);
  order_by(world.payments, [](const Payment& payment) { return payment.at; });
}

}  // namespace vigie::demo
