// A world as tables of the import.
#include <set>

#include "reference/generate.h"

namespace vigie::reference {
namespace {

using golden::Cell;
using golden::Sheet;
using golden::TableStep;

const std::string kFirstTold = "2000-01-01T00:00:00Z", kYetToCome = "2099-01-01T00:00:00Z";

/// Instants are written in UTC, bare dates as days of the reporting zone.
class Sheets {
 public:
  explicit Sheets(const World& world) : world_(world) {}

  TableStep table(std::string name, std::vector<std::string> header) const {
    TableStep out;
    out.table = std::move(name);
    out.rows.header = std::move(header);
    out.options = {{"map", out.table + "_map"}};
    return out;
  }
  static void add(TableStep& table, const std::vector<std::string>& cells) {
    Sheet::Line line;
    for (const std::string& cell : cells) line.cells.push_back({cell, false});
    table.rows.lines.push_back(std::move(line));
  }
  static std::string text(const Name& name) { return name.value_or(""); }
  std::string text(const Moment& moment) const {
    // A bare date is midnight of its day in Paris: twelve hours on, it is the same day in UTC.
    if (moment.bare)
      return to_string(Date{static_cast<std::int32_t>((moment.at.micros + kMicrosPerDay / 2) / kMicrosPerDay)});
    return to_string(moment.at);
  }
  std::string text(const std::optional<Moment>& moment) const { return moment ? text(*moment) : ""; }
  static std::string text(const std::optional<Instant>& at) { return at ? to_string(*at) : ""; }
  static std::string text(const std::optional<Date>& day) { return day ? to_string(*day) : ""; }
  static std::string text(const Money& money) { return money.amount ? money.amount->to_string() : ""; }

  std::vector<TableStep> all() const {
    std::vector<TableStep> out{rates()};
    for (auto& several : {customers(), sellers(), orders(), subscriptions(), deals()})
      for (const TableStep& one : several) out.push_back(one);
    for (TableStep one : {lines(), refunds(), payments(), leads(), spend(), costs(), touches(), answers(), staff()})
      if (!one.rows.lines.empty()) out.push_back(std::move(one));
    return out;
  }

 private:
  TableStep rates() const {
    TableStep out = table("fx_rates", {"date", "currency", "per_euro"});
    for (const Rate& one : world_.rates) add(out, {to_string(one.day), one.currency, one.per_euro.to_string()});
    return out;
  }

  std::vector<TableStep> customers() const {
    TableStep first = table("customers", {"key", "segment", "country", "acquisition_channel", "updated_at"}),
              later = first;
    for (const Customer& one : world_.customers) {
      add(first, {one.key, text(one.segment), text(one.country), text(one.acquisition_channel), kFirstTold});
      if (one.moved)
        add(later, {one.key, text(one.later_segment), text(one.country), text(one.acquisition_channel),
                    to_string(*one.moved)});
    }
    std::vector<TableStep> out{first};
    if (!later.rows.lines.empty()) out.push_back(later);
    return out;
  }

  /// A table as first told, and again with the rows that were told otherwise since.
  static std::vector<TableStep> told(TableStep first, TableStep later) {
    std::vector<TableStep> out;
    for (TableStep* one : {&first, &later})
      if (!one->rows.lines.empty()) out.push_back(std::move(*one));
    return out;
  }

  std::vector<TableStep> sellers() const {
    TableStep first = table("employees", {"key", "team_key", "updated_at"}), later = first;
    for (const Seller& one : world_.sellers) {
      add(first, {one.key, text(one.team), kFirstTold});
      if (one.moved) add(later, {one.key, text(one.later_team), to_string(*one.moved)});
    }
    return told(std::move(first), std::move(later));
  }

  std::vector<TableStep> orders() const {
    TableStep first = table("orders", {"key", "document", "customer_key", "ordered_at", "status", "amount_net",
                                       "amount_tax", "shipping", "discount", "currency", "channel", "owner_key",
                                       "team_key", "updated_at", "deleted_at", "service_from", "service_to"}),
              later = first;
    const auto row = [&](TableStep& step, const Order& one, const std::string& status, const Name& seller,
                         const std::string& updated) {
      add(step, {one.key, one.document, text(one.customer), text(one.at), status, text(one.net), text(one.tax),
                 text(one.shipping), text(one.discount), one.net.currency, text(one.channel), text(seller),
                 text(one.team), updated, text(one.deleted), text(one.service_from), text(one.service_to)});
    };
    for (const Order& one : world_.orders) {
      row(first, one, one.status, one.seller, kFirstTold);
      std::set<Instant> told;
      for (const auto& at : {one.changed, one.passed})
        if (at) told.insert(*at);
      for (const Instant at : told)
        row(later, one, one.changed && *one.changed <= at ? one.later_status : one.status, one.seller_at(at),
            to_string(at));
    }
    return told(std::move(first), std::move(later));
  }
  TableStep lines() const {
    TableStep out = table("order_lines", {"order_key", "amount_net", "currency"});
    for (const Line& one : world_.lines) add(out, {one.order, text(one.net), one.net.currency});
    return out;
  }
  TableStep refunds() const {
    TableStep out = table("refunds", {"key", "order_key", "customer_key", "refunded_at", "amount_net", "currency"});
    for (const Refund& one : world_.refunds)
      add(out, {one.key, text(one.order), text(one.customer), text(one.at), text(one.net), one.net.currency});
    return out;
  }
  TableStep payments() const {
    TableStep out = table("payments", {"key", "order_key", "customer_key", "paid_at", "amount", "currency"});
    for (const Payment& one : world_.payments)
      add(out, {one.key, text(one.order), text(one.customer), text(one.at), text(one.amount), one.amount.currency});
    return out;
  }
  /// One file a word of each row, for what nobody dates is the later the later it is imported.
  std::vector<TableStep> subscriptions() const {
    std::vector<TableStep> out;
    for (const bool elsewhere : {false, true})
      for (std::size_t round = 0;; ++round) {
        const TableStep step = words_of_round(round, elsewhere);
        if (step.rows.lines.empty()) break;
        out.push_back(step);
      }
    return out;
  }
  TableStep words_of_round(std::size_t round, bool elsewhere) const {
    TableStep out = table("subscriptions", {"key", "customer_key", "started_at", "ended_at", "mrr", "currency",
                                            "status", "is_trial", "trial_end_at", "updated_at", "deleted_at"});
    if (elsewhere) out.options = {{"map", "subscriptions_elsewhere"}, {"source", "elsewhere"}};
    for (const Subscription& one : world_.subscriptions) {
      if (one.elsewhere != elsewhere) continue;
      for (std::size_t i = 0; i < one.said.size(); ++i) {
        const Subscription::Said& said = one.said[i];
        if ((one.together ? std::min<std::size_t>(i, 1) : i) != round) continue;
        add(out, {one.key, one.customer, text(one.start), text(one.end), text(one.mrr), one.mrr.currency, said.status,
                  said.is_trial ? "true" : "false", text(said.trial_end), said.slip ? kYetToCome : text(said.at),
                  text(one.deleted)});
      }
    }
    return out;
  }
  std::vector<TableStep> deals() const {
    TableStep first = table("opportunities",
                            {"key", "customer_key", "lead_key", "created_at", "first_contact_at", "outcome",
                             "closed_at", "amount", "currency", "source_channel", "updated_at", "deleted_at"}),
              later = first;
    const auto row = [&](TableStep& step, const Deal& one, const std::string& outcome,
                         const std::optional<Moment>& closed, const Money& amount, const std::string& updated) {
      add(step, {one.key, text(one.customer), text(one.lead), text(one.created), text(one.first_contact), outcome,
                 text(closed), text(amount), amount.currency, text(one.channel), updated, text(one.deleted)});
    };
    for (const Deal& one : world_.deals) {
      if (one.corrected) {
        row(first, one, one.first_outcome, one.first_closed, one.amount, kFirstTold);
        row(later, one, one.outcome, one.closed, one.amount, to_string(*one.corrected));
        continue;
      }
      if (!one.lost) {
        row(first, one, one.outcome, one.closed, one.amount, kFirstTold);
        continue;
      }
      row(first, one, "lost", one.lost, one.lost_amount, kFirstTold);
      row(later, one, one.outcome, one.closed, one.amount, to_string(*one.undone));
    }
    return told(std::move(first), std::move(later));
  }
  TableStep leads() const {
    TableStep out =
        table("leads", {"key", "created_at", "source_channel", "customer_key", "opportunity_key", "converted_at"});
    for (const Lead& one : world_.leads)
      add(out,
          {one.key, text(one.created), text(one.channel), text(one.customer), text(one.deal), text(one.converted)});
    return out;
  }
  TableStep spend() const {
    TableStep out = table("channel_spend", {"date", "channel", "spend", "currency"});
    for (const Spend& one : world_.spend)
      add(out, {to_string(one.day), one.channel, text(one.amount), one.amount.currency});
    return out;
  }
  TableStep costs() const {
    TableStep out = table("costs", {"booked_on", "amount", "currency", "function", "share", "channel"});
    for (const Cost& one : world_.costs)
      add(out, {to_string(one.day), text(one.amount), one.amount.currency, one.function,
                one.share ? one.share->to_string() : "", text(one.channel)});
    return out;
  }
  TableStep touches() const {
    TableStep out = table("touchpoints", {"key", "visitor_key", "customer_key", "lead_key", "occurred_at", "channel"});
    for (const Touch& one : world_.touches)
      add(out, {one.key, text(one.visitor), text(one.customer), text(one.lead), text(one.at), text(one.channel)});
    return out;
  }
  TableStep answers() const {
    TableStep out =
        table("survey_responses", {"key", "respondent_key", "customer_key", "wave", "score", "answered_at"});
    for (const Answer& one : world_.answers)
      add(out, {one.key, one.respondent, text(one.customer), one.wave, fmt::format("{}", one.score), text(one.at)});
    return out;
  }
  TableStep staff() const {
    TableStep out =
        table("headcount", {"employee_key", "from_date", "to_date", "fte", "kind", "function", "deleted_at"});
    for (const Employment& one : world_.staff)
      add(out, {one.person, to_string(one.from), one.to ? to_string(*one.to) : "", one.fte.to_string(), one.kind,
                one.function, text(one.deleted)});
    return out;
  }

  const World& world_;
};

}  // namespace

/// How many of the stretches in which subscriptions are paid at the end of a period lie over others of the same row.
constexpr std::string_view kPaidTwice = R"(
id: paid_twice
effective_from: 2000-01-01
unit: count
direction: down
label: {en: Paid twice, fr: Payés deux fois}
description: {en: Subscriptions paid twice at once, fr: Abonnements payés deux fois à la fois}
measures:
  stretches: {from: subscription_periods, count: rows, where: closing_in_force}
  subscriptions: {from: subscription_periods, distinct: key, where: closing_in_force}
variants:
  default:
    label: {en: Paid twice, fr: Payés deux fois}
    words: {en: paid twice, fr: payés deux fois}
    value: stretches - subscriptions
)";

golden::Setup setup_of(const World& world) {
  golden::Setup out;
  out.settings = {{"inactivity_days", fmt::format("{}", world.inactivity_days)}};
  if (world.trade == Trade::deals) out.settings.emplace_back("sale_event", "won_deal");
  if (world.trade != Trade::deals) out.settings.emplace_back("sale_event", "order");
  out.settings.emplace_back("profile", world.trade == Trade::subscription ? "subscription"
                                       : world.trade == Trade::deals      ? "deals"
                                                                          : "shop");
  const calendar::CalendarSettings calendar = calendar_of(world.seed);
  out.settings.emplace_back("fiscal_start", fmt::format("{:02}-{:02}", calendar.fiscal_month, calendar.fiscal_day));
  if (calendar.pattern == calendar::WeekPattern::p445) out.settings.emplace_back("week_pattern", "4-4-5");
  out.complete_until = to_string(world.complete_until);
  out.now = to_string(world.now);
  out.files = {{"kpis/paid_twice.yaml", std::string(kPaidTwice)}};
  out.history_complete = true;
  return out;
}

std::vector<golden::TableStep> tables_of(const World& world) { return Sheets(world).all(); }

}  // namespace vigie::reference
