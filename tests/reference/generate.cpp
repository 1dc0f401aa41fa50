#include "reference/generate.h"

#include "reference/derived.h"

namespace vigie::reference {
namespace {

const std::vector<std::string> kChannels{"web", "shop", "mail"};
const std::vector<std::string> kSellers{"ana", "bob", "cid"};
const std::vector<std::string> kTeams{"north", "south"};
const std::vector<std::string> kSegments{"small", "large"};
constexpr int kNeverEmpty = 0;

class Maker {
 public:
  Maker(std::uint64_t seed, const Moments& moments) : dice_(seed), moments_(moments) {
    world_.seed = seed;
    world_.trade = dice_.one_of<Trade>({Trade::shop, Trade::subscription, Trade::deals});
    world_.inactivity_days = dice_.one_of<int>({30, 45, 90});
    first_ = date_of(2024, dice_.between(1, 12), dice_.between(1, 28));
    last_ = first_ + dice_.between(250, 500);
    world_.complete_until = last_ + dice_.between(0, 20);
    few_ = world_.trade == Trade::subscription && dice_.once_in(3);
    // Declared complete to a day that has not come yet.
    if (world_.trade == Trade::subscription && dice_.once_in(3)) {
      world_.complete_until = last_ + dice_.between(200, 230);
      world_.now = Instant{moments.start_of(last_ + 199).micros + dice_.between(0, 86'399) * kMicrosPerSecond};
    }
  }

  World make() {
    make_rates();
    make_customers();
    if (world_.trade != Trade::deals) make_orders();
    if (world_.trade == Trade::subscription) make_subscriptions(), move_elsewhere();
    make_deals();
    make_leads();
    make_costs();
    make_answers();
    make_staff();
    make_touches();
    make_deletions();
    make_sellers();
    return std::move(world_);
  }

 private:
  Name maybe(const std::vector<std::string>& from, int nothing_once_in) {
    if (dice_.once_in(nothing_once_in)) return std::nullopt;
    return dice_.one_of(from);
  }

  /// A day of the company's life; often the first or last of a month, or one on which clocks change.
  Date day() {
    const Date any = first_ + dice_.between(0, last_ - first_);
    const auto [y, m, d] = civil(any);
    Date out = any;
    if (dice_.once_in(5)) out = date_of(y, m, 1);
    else if (dice_.once_in(6)) out = date_of(y, m, days_in_month(y, m));
    else if (dice_.once_in(12))
      out = dice_.one_of<Date>(
          {date_of(2024, 3, 31), date_of(2024, 10, 27), date_of(2025, 3, 30), date_of(2025, 10, 26)});
    return out < first_ || last_ < out ? any : out;
  }

  Moment moment_on(Date on) {
    // Half past two of the night on which clocks go back: the first time it comes, or the second.
    const bool goes_back = on == date_of(2024, 10, 27) || on == date_of(2025, 10, 26);
    if (goes_back && dice_.once_in(2)) {
      constexpr std::int64_t kHour = 3'600 * kMicrosPerSecond;
      const Instant first = moments_.calendar().zone().from_local(on.days * kMicrosPerDay + 5 * kHour / 2);
      return {dice_.once_in(2) ? first : Instant{first.micros + kHour}, false};
    }
    if (dice_.once_in(3)) return moments_.bare(on);
    const int minutes = dice_.one_of<int>({0, 1, 9 * 60, 12 * 60 + 30, 18 * 60, 23 * 60 + 59});
    return {moments_.calendar().zone().from_local(on.days * kMicrosPerDay + minutes * 60 * kMicrosPerSecond), false};
  }
  Moment moment() { return moment_on(day()); }

  Money money(int highest, Date on, int nothing_once_in = 12) {
    Money out;
    out.on = on;
    if (dice_.once_in(6)) out.currency = dice_.once_in(4) ? "GBP" : "USD";
    if (nothing_once_in > 0 && dice_.once_in(nothing_once_in)) return out;
    const int cents =
        dice_.once_in(10) ? 0 : dice_.between(1, highest) * 100 + (dice_.once_in(3) ? dice_.between(0, 99) : 0);
    out.amount = Decimal(static_cast<Int128>(cents) * 100, 4);
    price(out, on);
    return out;
  }

  void price(Money& money, Date on) const {
    money.on = on;
    if (money.amount) money.base = converted(world_, money, "EUR");
  }

  void make_rates() {
    for (Date on = first_ - 10; on < last_ + 10; on = on + dice_.between(1, 11))
      world_.rates.push_back({on, "USD", Decimal(dice_.between(95'000'000, 125'000'000), 8)});
  }

  void make_customers() {
    const int count = dice_.between(4, 10);
    for (int i = 0; i < count; ++i) {
      Customer one;
      one.key = fmt::format("c{}", i);
      one.segment = maybe(kSegments, 5);
      one.country = maybe({"FR", "DE"}, 6);
      one.acquisition_channel = maybe(kChannels, 5);
      if (one.segment && dice_.once_in(3)) {
        one.moved = moments_.start_of(day());
        one.later_segment = *one.segment == "small" ? "large" : "small";
      }
      world_.customers.push_back(std::move(one));
    }
  }

  /// Some buyers are in no customer file, and some are not known at all.
  Name buyer(int unknown_once_in) {
    if (few_) return fmt::format("c{}", dice_.between(0, 1));
    if (dice_.once_in(unknown_once_in)) return std::nullopt;
    if (dice_.once_in(8)) return fmt::format("x{}", dice_.between(0, 1));
    return dice_.one_of(world_.customers).key;
  }

  void make_orders() {
    const int count = few_ ? dice_.between(1, 3) : dice_.between(5, 45);
    std::set<std::pair<Name, std::int64_t>> taken;
    for (int i = 0; i < count; ++i) {
      Order one;
      one.key = fmt::format("o{}", i);
      one.customer = buyer(12);
      one.channel = maybe(kChannels, 6);
      one.at = moment();
      // Two first orders at one instant are told apart by a hash that is no part of the handbook.
      if (!taken.insert({one.customer, one.at.at.micros}).second) continue;
      if (dice_.once_in(8)) one.status = dice_.one_of<std::string>({"cancelled", "draft", "test"});
      if (dice_.once_in(12)) one.document = "quote";
      if (dice_.once_in(6)) change_status(one);
      set_sellers(one);
      const Date on = moments_.day_of(one.at.at);
      one.net = money(80, on);
      if (dice_.once_in(2)) one.tax = same_currency(one.net, on), one.shipping = same_currency(one.net, on);
      if (dice_.once_in(2)) one.discount = same_currency(one.net, on);
      world_.orders.push_back(one);
      add_lines(one, on);
      add_refund(one);
    }
    if (dice_.once_in(2)) add_loose_refund();
    make_services();
    make_payments();
  }

  /// Some documents tell the time that they serve: before or after their date (also before the first document of all),
  /// for no day, or only its beginning.
  void make_services() {
    for (Order& one : world_.orders) {
      if (!dice_.once_in(3)) continue;
      one.service_from = moments_.day_of(one.at.at) + dice_.between(-60, 60);
      if (!dice_.once_in(8)) one.service_to = *one.service_from + dice_.one_of<int>({0, 1, 7, 30, 31, 90, 365});
    }
  }

  /// Of documents of every kind in parts, and now and then of none; some are given back.
  void make_payments() {
    for (int i = dice_.between(0, 25); i > 0; --i) {
      Payment one;
      one.key = fmt::format("p{}", i);
      Date on = day();
      if (!dice_.once_in(8) && !world_.orders.empty()) {
        const Order& order = dice_.one_of(world_.orders);
        one.order = order.key;
        on = std::min(last_, moments_.day_of(order.at.at) + dice_.between(-5, 60));
      }
      if (dice_.once_in(2)) one.customer = buyer(3);
      one.at = moment_on(on);
      one.amount = money(60, moments_.day_of(one.at.at), kNeverEmpty);
      if (dice_.once_in(6)) {
        one.amount.amount = Decimal(-one.amount.amount->units(), one.amount.amount->scale());
        price(one.amount, one.amount.on);
      }
      world_.payments.push_back(std::move(one));
    }
  }

  /// Some documents pass to somebody else, or come to be nobody's; of some that was before their own date.
  void set_sellers(Order& order) {
    order.seller = maybe(kSellers, 8);
    if (!dice_.once_in(4)) return;
    order.passed = Instant{order.at.at.micros + dice_.between(-30 * 24, 90 * 24) * 3'600 * kMicrosPerSecond};
    if (dice_.once_in(6)) order.passed = order.at.at;
    order.later_seller = maybe(kSellers, 8);
  }

  /// Some change teams, before or after what they sold; some are in none, or nobody tells of them. Some documents name
  /// a team themselves.
  void make_sellers() {
    for (const std::string& key : kSellers) {
      if (dice_.once_in(8)) continue;
      Seller one{key, maybe(kTeams, 6), {}, {}};
      if (dice_.once_in(2)) {
        one.moved = dice_.once_in(4) && !world_.orders.empty() ? dice_.one_of(world_.orders).at.at : moment().at;
        one.later_team = maybe(kTeams, 6);
      }
      world_.sellers.push_back(std::move(one));
    }
    // Teams that are told of nobody at first are told of all their time (docs/import.md, Modes).
    if (std::ranges::none_of(world_.sellers, [](const Seller& one) { return one.team.has_value(); }))
      for (Seller& one : world_.sellers) one.team = one.later_team;
    for (Order& one : world_.orders)
      if (dice_.once_in(10)) one.team = dice_.one_of(kTeams);
  }

  void change_status(Order& order) {
    order.changed = Instant{order.at.at.micros + dice_.between(1, 90 * 24) * 3'600 * kMicrosPerSecond};
    order.later_status =
        order.status == "confirmed" ? dice_.one_of<std::string>({"cancelled", "cancelled", "draft"}) : "confirmed";
  }

  Money same_currency(const Money& like, Date on) {
    Money out = money(9, on, 100);
    out.currency = like.currency;
    price(out, on);
    return out;
  }

  void add_lines(const Order& order, Date on) {
    if (!dice_.once_in(order.net.amount ? 8 : 2)) return;
    const int count = dice_.between(1, 3);
    for (int i = 0; i < count; ++i) {
      Line line{order.key, money(30, on, 6)};
      line.net.currency = order.net.currency;
      price(line.net, on);
      world_.lines.push_back(std::move(line));
    }
  }

  void add_refund(const Order& order) {
    if (!dice_.once_in(5)) return;
    Refund one;
    one.key = fmt::format("r{}", world_.refunds.size());
    one.order = order.key;
    if (dice_.once_in(2)) one.customer = order.customer;
    one.at = moment_on(std::min(last_, moments_.day_of(order.at.at) + dice_.between(0, 90)));
    one.net = money(20, moments_.day_of(one.at.at), 100);
    world_.refunds.push_back(std::move(one));
  }

  void add_loose_refund() {
    Refund one;
    one.key = fmt::format("r{}", world_.refunds.size());
    one.customer = buyer(3);
    one.at = moment_on(last_ - dice_.between(0, 60));
    one.net = money(20, moments_.day_of(one.at.at), 100);
    world_.refunds.push_back(std::move(one));
  }

  void make_subscriptions() {
    for (const Customer& customer : world_.customers) {
      if (few_ && customer.key != "c0" && customer.key != "c1") continue;
      const int rows = few_ ? dice_.between(0, 2) : dice_.between(0, 4);
      Date at = day();
      for (int i = 0; i < rows; ++i) {
        Subscription one;
        one.key = fmt::format("s{}", world_.subscriptions.size());
        one.customer = customer.key;
        one.start = moment_on(at);
        one.mrr = money(50, moments_.day_of(one.start.at), 30);
        one.said.push_back(first_word(at));
        if (dice_.once_in(3)) say_more(one);
        if (!dice_.once_in(3)) {
          const Date until = at + dice_.between(1, 150);
          one.end = moment_on(until);
          // Mostly a new price from the same instant on, or a gap, or a second one beside it.
          at = dice_.once_in(3) ? until + dice_.between(1, 60) : dice_.once_in(4) ? at + dice_.between(0, 20) : until;
        } else {
          at = at + dice_.between(0, 40);
        }
        if (last_ < at) at = last_;
        world_.subscriptions.push_back(std::move(one));
      }
    }
  }

  /// Some ends of trials lie before the start, or after the end of the subscription.
  std::optional<Moment> end_of_trial(Date from) {
    return moment_on(from + (dice_.once_in(8) ? -dice_.between(1, 9) : dice_.between(1, 60)));
  }

  Subscription::Said first_word(Date from) {
    Subscription::Said out{.at = Instant{date_of(2000, 1, 1).days * kMicrosPerDay},
                           .status = dice_.once_in(6)    ? "trial"
                                     : dice_.once_in(12) ? "paused"
                                                         : "active",
                           .is_trial = dice_.once_in(10)};
    if (dice_.once_in(5)) out.trial_end = end_of_trial(from);
    if (dice_.once_in(4)) out.at = std::nullopt;
    out.slip = !out.at && dice_.once_in(3);
    return out;
  }

  /// What later words of its row say: half of the rows are told by dated ones alone, some of these in one file.
  void say_more(Subscription& one) {
    const bool dated = dice_.once_in(2);
    one.together = dated && dice_.once_in(2);
    Instant last = one.start.at;
    for (int more = dice_.between(1, 4); more > 0; --more) {
      Subscription::Said said = one.said.back();
      last = Instant{last.micros + dice_.between(1, 40) * kMicrosPerDay + dice_.between(0, 9'999) * kMicrosPerSecond};
      said.at = dated || !dice_.once_in(3) ? std::optional(last) : std::nullopt;
      said.slip = !said.at && dice_.once_in(2);
      said.status = dice_.one_of<std::string>({"trial", "active", "active", "past_due", "cancelled", "paused"});
      said.is_trial = dice_.once_in(4);
      const Date day = moments_.day_of(last);
      if (dice_.once_in(3)) said.trial_end = dice_.once_in(3) ? std::nullopt : end_of_trial(day - dice_.between(0, 40));
      one.said.push_back(std::move(said));
    }
  }

  /// Some subscriptions are told by another source, whose customers nobody else tells of.
  void move_elsewhere() {
    if (!dice_.once_in(3)) return;
    for (Subscription& one : world_.subscriptions)
      if (dice_.once_in(4)) one.elsewhere = true, one.customer += "_elsewhere";
  }

  void make_deals() {
    const int count = world_.trade == Trade::deals ? dice_.between(6, 40) : dice_.between(0, 10);
    for (int i = 0; i < count; ++i) {
      Deal one;
      one.key = fmt::format("d{}", i);
      one.customer = buyer(8);
      one.channel = maybe(kChannels, 6);
      const Date from = day();
      one.created = moment_on(from);
      if (dice_.once_in(5)) one.first_contact = moment_on(from - dice_.between(0, 40));
      one.outcome = dice_.one_of<std::string>({"open", "won", "won", "lost"});
      if (one.outcome != "open")
        one.closed =
            moment_on(std::min(last_, from + (dice_.once_in(15) ? -dice_.between(1, 9) : dice_.between(0, 120))));
      one.amount = money(300, moments_.day_of(one.closed ? one.closed->at : one.created.at));
      one.while_open = one.amount;
      price(one.while_open, moments_.day_of(one.created.at));
      if (dice_.once_in(4)) lose_first(one);
      else if (dice_.once_in(4)) correct_close(one);
      world_.deals.push_back(std::move(one));
    }
  }

  /// Lost between its creation and its last close; or reopened, where it is open.
  void lose_first(Deal& deal) {
    if (deal.outcome == "lost") return;
    const Moment lost = moment_on(moments_.day_of(deal.created.at) + dice_.between(1, 60));
    const Instant until = deal.closed ? deal.closed->at : moment_on(moments_.day_of(lost.at) + dice_.between(1, 90)).at;
    if (until <= lost.at) return;
    deal.lost = lost;
    deal.undone = until;
    deal.lost_amount = deal.amount;
    if (dice_.once_in(2)) deal.lost_amount = money(300, moments_.day_of(lost.at));
    deal.lost_while_open = deal.lost_amount;
    price(deal.lost_amount, moments_.day_of(lost.at));
    price(deal.lost_while_open, moments_.day_of(deal.created.at));
  }

  /// Its row told another day of its close first, or another outcome of a close no earlier than the last one told.
  void correct_close(Deal& deal) {
    if (!deal.closed) return;
    const Date last = moments_.day_of(deal.closed->at);
    const bool other_outcome = dice_.once_in(3);
    deal.first_closed = moment_on(last + dice_.between(other_outcome ? 1 : -20, 20));
    if (deal.first_closed->at == deal.closed->at) {
      deal.first_closed.reset();
      return;
    }
    deal.first_outcome = deal.outcome;
    if (other_outcome) deal.first_outcome = deal.outcome == "won" ? "lost" : "won";
    deal.first_amount = deal.amount;
    price(deal.first_amount, moments_.day_of(deal.first_closed->at));
    const Date told = std::max(last, moments_.day_of(deal.first_closed->at)) + dice_.between(1, 60);
    deal.corrected = moment_on(told).at;
  }

  void make_leads() {
    const int count = dice_.between(0, 20);
    for (int i = 0; i < count; ++i) {
      Lead one;
      one.key = fmt::format("l{}", i);
      one.created = moment();
      one.channel = maybe(kChannels, 6);
      const int link = dice_.between(1, 4);
      if (link == 1) one.customer = buyer(1000);
      if (link == 2 && !world_.deals.empty()) one.deal = dice_.one_of(world_.deals).key;
      if (link == 3 && !world_.deals.empty()) {
        Deal& deal =
            world_.deals[static_cast<std::size_t>(dice_.between(0, static_cast<int>(world_.deals.size()) - 1))];
        if (!deal.lead) deal.lead = one.key;
      }
      if (link == 4) one.converted = moment();
      world_.leads.push_back(std::move(one));
    }
  }

  void make_costs() {
    for (int i = dice_.between(0, 12); i > 0; --i) {
      const Date on = day();
      world_.spend.push_back({on, dice_.one_of(kChannels), money(90, on, kNeverEmpty)});
    }
    for (int i = dice_.between(0, 6); i > 0; --i) {
      const Date on = day();
      Cost one{on, dice_.one_of<std::string>({"sales", "marketing", "other", ""}), money(400, on, kNeverEmpty),
               std::nullopt, std::nullopt};
      if (!dice_.once_in(4)) one.share = Decimal(dice_.between(0, 4) * 25'000'000, 8);
      world_.costs.push_back(std::move(one));
    }
  }

  void make_answers() {
    std::set<std::int64_t> taken;
    for (int i = dice_.between(0, 30); i > 0; --i) {
      Answer one;
      one.key = fmt::format("a{}", world_.answers.size());
      one.respondent = fmt::format("p{}", dice_.between(0, 12));
      one.wave = dice_.once_in(3) ? "w1" : "w2";
      one.customer = buyer(6);
      one.at = moment();
      one.score = dice_.between(0, 10);
      if (taken.insert(one.at.at.micros).second) world_.answers.push_back(std::move(one));
    }
  }

  void make_staff() {
    for (int i = dice_.between(0, 6); i > 0; --i) {
      Employment one;
      one.person = fmt::format("e{}", i);
      one.kind = dice_.once_in(4) ? "contractor" : "employee";
      one.function = dice_.one_of<std::string>({"sales", "marketing", "other"});
      one.from = dice_.once_in(2) ? first_ - 400 : day();
      if (dice_.once_in(3)) one.to = std::max(one.from, day());
      one.fte = Decimal(dice_.between(1, 4) * 2500, 4);
      world_.staff.push_back(std::move(one));
    }
  }

  /// Some rows were deleted by their source: mostly after the day on which they begin; an order also before it.
  void make_deletions() {
    const auto later = [&](Instant begun, int least) {
      return Instant{begun.micros + dice_.between(least, 150) * kMicrosPerDay +
                     dice_.between(1, 9'999) * kMicrosPerSecond};
    };
    for (Order& one : world_.orders)
      if (!one.changed && dice_.once_in(15)) one.deleted = later(one.at.at, -20);
    for (Subscription& one : world_.subscriptions)
      if (dice_.once_in(8)) one.deleted = later(one.start.at, 0);
    for (Deal& one : world_.deals)
      if (!one.lost && !one.corrected && dice_.once_in(8)) one.deleted = later(one.created.at, 0);
    for (Employment& one : world_.staff)
      if (dice_.once_in(8)) one.deleted = later(moments_.start_of(one.from), 1);
  }

  /// Mostly in the weeks before some purchase of the customer; some of leads, some of nobody; half of them by a
  /// visitor, who names nobody every third time. No two at one instant, which only a hash would tell apart. One company
  /// in six has none.
  void make_touches() {
    for (Cost& one : world_.costs) one.channel = maybe(kChannels, 2);
    if (dice_.once_in(6)) return;
    std::set<std::int64_t> taken;
    for (int i = dice_.between(5, 60); i > 0; --i) {
      Touch one;
      one.key = fmt::format("t{}", i);
      one.channel = dice_.once_in(5) ? Name("direct") : maybe(kChannels, 8);
      Date near = day();
      if (dice_.once_in(5) && !world_.leads.empty()) {
        one.lead = dice_.one_of(world_.leads).key;
      } else if (!world_.orders.empty() && !dice_.once_in(4)) {
        const Order& order = dice_.one_of(world_.orders);
        one.customer = order.customer;
        near = moments_.day_of(order.at.at);
      } else {
        one.customer = buyer(10);
      }
      one.at = moment_on(near - dice_.between(0, 45));
      if (dice_.once_in(2)) one.visitor = fmt::format("v{}", dice_.between(1, 12));
      if (one.visitor && dice_.once_in(3)) one.customer = one.lead = std::nullopt;
      if (taken.insert(one.at.at.micros).second) world_.touches.push_back(std::move(one));
    }
  }

  Dice dice_;
  const Moments& moments_;
  World world_;
  Date first_, last_;
  /// Two customers have all orders and subscriptions: what kind of company it is hangs on each of them.
  bool few_ = false;
};

}  // namespace

calendar::CalendarSettings calendar_of(std::uint64_t seed) {
  calendar::CalendarSettings out;
  if (seed % 3 == 1) out.fiscal_month = 4, out.fiscal_day = 6;
  if (seed % 3 == 2) out.pattern = calendar::WeekPattern::p445;
  return out;
}

World generate(std::uint64_t seed, const Moments& moments) { return Maker(seed, moments).make(); }

namespace {

/// What a euro is worth on a day, in units of eight decimals: the last quote on or before it, at most seven days old.
std::optional<Int128> rate_of(const World& world, const std::string& currency, Date day) {
  if (currency == "EUR") return Int128{100'000'000};
  const Rate* best = nullptr;
  for (const Rate& rate : world.rates)
    if (rate.currency == currency && rate.day <= day && day - rate.day <= 7 && (!best || best->day < rate.day))
      best = &rate;
  return best ? std::optional(best->per_euro.units()) : std::nullopt;
}

}  // namespace

std::optional<Decimal> converted(const World& world, const Money& money, const std::string& into) {
  if (!money.amount) return std::nullopt;
  if (money.currency == into) return Decimal(money.amount->units() * 100, 6);
  const auto from = rate_of(world, money.currency, money.on), to = rate_of(world, into, money.on);
  if (!from || !to) return std::nullopt;
  // From four decimals to six, by the ratio of the two rates: half to even.
  return Decimal(half_to_even(money.amount->units() * 100 * *to, *from), 6);
}

World in_currency(World world, const std::string& currency) {
  const auto price = [&](Money& money) { money.base = converted(world, money, currency); };
  for (Order& one : world.orders)
    for (Money* money : {&one.net, &one.tax, &one.shipping, &one.discount}) price(*money);
  for (Line& one : world.lines) price(one.net);
  for (Refund& one : world.refunds) price(one.net);
  for (Payment& one : world.payments) price(one.amount);
  for (Subscription& one : world.subscriptions) price(one.mrr);
  for (Deal& one : world.deals)
    for (Money* money : {&one.amount, &one.while_open, &one.lost_amount, &one.lost_while_open, &one.first_amount})
      price(*money);
  for (Spend& one : world.spend) price(one.amount);
  for (Cost& one : world.costs) price(one.amount);
  return world;
}

World as_known(World world, Instant as_of) {
  for (Order& one : world.orders)
    if (one.changed && *one.changed < as_of) one.status = one.later_status;
  for (Deal& one : world.deals) {
    if (one.corrected && as_of <= *one.corrected) {
      one.outcome = one.first_outcome;
      one.closed = one.first_closed;
      one.amount = one.first_amount;
    }
    // A close after the deletion of the deal never was.
    const bool closed = one.closed && one.closed->at < as_of && !(one.deleted && *one.deleted <= one.closed->at);
    if (one.closed && !closed) one.amount = one.while_open;
    if (!one.lost || *one.undone < as_of) continue;
    const bool lost = one.lost->at < as_of;
    one.outcome = lost ? "lost" : "open";
    one.closed = lost ? one.lost : std::nullopt;
    one.amount = lost ? one.lost_amount : one.lost_while_open;
    one.while_open = one.lost_while_open;
    one.lost.reset();
  }
  return world;
}

}  // namespace vigie::reference
