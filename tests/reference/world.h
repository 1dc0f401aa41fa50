#pragma once
// tests/reference/ — the KPIs computed the slow way: plain loops over rows in memory, straight from the handbook, to
// hold the planner against on random data and random questions. It shares no code with plan/, kpi/ or stats/.
//
//   world.h      the rows of a small company
//   generate.h   random companies, made to be awkward: ties, gaps, month ends, days when clocks change, two currencies
//   moments.h    durations, windows, spans: the handbook's rules about time
//   filter.h     random filters: their text, and what they select
//   figure.h     one KPI over one span
//   trial.h      random questions, and an answer against the figures
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"
#include "base/time.h"

namespace vigie::reference {

/// A point in time as a source gives it: a bare date stands for its first instant.
struct Moment {
  Instant at;
  bool bare = false;
};

/// An amount as in the document. `base` is what the rules make of it; empty when there is no amount or no rate.
struct Money {
  std::optional<Decimal> amount;  ///< four decimals
  std::string currency = "EUR";
  Date on;  ///< the day whose rate prices it
  std::optional<Decimal>
      base;  ///< six decimals, in the currency of the answer: EUR, the company's, unless another is asked
};

using Name = std::optional<std::string>;

struct Customer {
  std::string key;
  Name segment, country, acquisition_channel;
  Name later_segment;  ///< from `moved` on
  std::optional<Instant> moved;
};

struct Order {
  std::string key;
  Name customer, channel;
  Moment at;
  std::string status = "confirmed", document = "order";
  std::optional<Instant> deleted;
  std::optional<Instant> changed;  ///< from when on its row says `later_status`
  std::string later_status;
  std::string last_status() const { return changed ? later_status : status; }
  Name seller, later_seller;  ///< the second one from `passed` on
  std::optional<Instant> passed;
  Name seller_at(Instant t) const { return passed && *passed <= t ? later_seller : seller; }
  Name team;  ///< that it names itself
  Money net, tax, shipping, discount;
  std::optional<Date> service_from, service_to;
};

struct Line {
  std::string order;
  Money net;
};

struct Refund {
  std::string key;
  Name order, customer;
  Moment at;
  Money net;
};

struct Payment {
  std::string key;
  Name order, customer;
  Moment at;
  Money amount;
};

struct Subscription {
  std::string key, customer;
  Moment start;
  std::optional<Moment> end;
  Money mrr;
  /// What its row said, in the order in which it was imported: dated by its source, or not, or by a slip, a date that
  /// is yet to come.
  struct Said {
    std::optional<Instant> at;
    bool slip = false;
    std::string status;
    bool is_trial = false;
    std::optional<Moment> trial_end = {};
  };
  std::vector<Said> said;
  bool together = false;   ///< all it said after the first word came in one file
  bool elsewhere = false;  ///< of another source
  std::optional<Instant> deleted;
};

struct Lead {
  std::string key;
  Moment created;
  Name channel, customer, deal;
  std::optional<Moment> converted;
};

struct Deal {
  std::string key, outcome = "open";
  Name customer, channel, lead;
  Moment created;
  std::optional<Moment> first_contact, closed;
  std::optional<Moment> lost;          ///< closed as lost before it came to what it is
  std::optional<Instant> undone;       ///< from when on its row says so no more
  Money amount, while_open;            ///< priced on the day of its close, where it has one; on that of its creation
  Money lost_amount, lost_while_open;  ///< the same, of what its row said it was worth until it was undone
  std::optional<Instant>
      corrected;  ///< until then its row told that close otherwise: by first_outcome, of first_closed
  std::optional<Moment> first_closed;
  std::string first_outcome;
  Money first_amount;  ///< priced on that day
  std::optional<Instant> deleted;
};

struct Spend {
  Date day;
  std::string channel;
  Money amount;
};

struct Cost {
  Date day;
  std::string function;
  Money amount;
  std::optional<Decimal> share;
  Name channel;
};

struct Touch {
  std::string key;
  Name visitor, customer, lead, channel;
  Moment at;
};

struct Answer {
  std::string key, respondent, wave;
  Name customer;
  Moment at;
  int score = 0;
};

struct Employment {
  std::string person, kind, function;
  Date from;
  std::optional<Date> to;
  Decimal fte;
  std::optional<Instant> deleted;
};

/// Who sells, and in which team: the second one from `moved` on.
struct Seller {
  std::string key;
  Name team, later_team;
  std::optional<Instant> moved;
};

struct Rate {
  Date day;
  std::string currency;
  Decimal per_euro;
};

/// What the company is, which decides what its KPIs rest on.
enum class Trade { shop, subscription, deals };

struct World {
  std::uint64_t seed = 0;
  Trade trade = Trade::shop;
  int inactivity_days = 60;
  Date complete_until;                            ///< last day of which everything is known, or is said to be
  Instant now{1'893'456'000 * kMicrosPerSecond};  ///< 2030-01-01 unless it is before that day
  std::vector<Customer> customers;
  std::vector<Order> orders;
  std::vector<Line> lines;
  std::vector<Refund> refunds;
  std::vector<Payment> payments;
  std::vector<Subscription> subscriptions;
  std::vector<Lead> leads;
  std::vector<Deal> deals;
  std::vector<Spend> spend;
  std::vector<Cost> costs;
  std::vector<Touch> touches;
  std::vector<Answer> answers;
  std::vector<Employment> staff;
  std::vector<Seller> sellers;
  std::vector<Rate> rates;
};

}  // namespace vigie::reference
