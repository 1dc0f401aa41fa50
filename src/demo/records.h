#pragma once
// What the company keeps records of, as they are before any tool writes them down.
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "demo/parameters.h"
#include "demo/timeline.h"

namespace vigie::demo {

constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();

/// A party in the shop's books or in the CRM; deals and sales name it by its place in World::customers.
struct Customer {
  std::string key, name, country, region, city, industry;
  bool in_crm = false;
  Segment segment = Segment::private_person;
  WallTime created = 0;
  std::optional<Channel> channel;  ///< as known; empty where nobody measured it
  std::uint32_t owner = kNobody;   ///< of World::people
  int employees = 0;
  double satisfaction = 0;  ///< mean 0, deviation 1
  WallTime last_sale = -1;  ///< of confirmed ones
  bool swiss() const { return country == "CH"; }
};

enum class SaleKind { shop, deal, reorder, contract };
enum class SaleState { confirmed, cancelled, test };

/// One document; amounts in cents of its own currency.
struct Sale {
  SaleKind kind = SaleKind::shop;
  SaleState state = SaleState::confirmed;
  WallTime at = 0;
  std::uint32_t customer = kNobody, owner = kNobody, deal = kNobody, contract = kNobody;
  std::optional<Channel> channel = {};
  bool swiss = false, amount_known = true, lines_known = true;
  std::int64_t net = 0, discount = 0, shipping = 0, tax = 0;
  Date service_from{}, service_to{};  ///< of contracts
  std::uint32_t first_line = 0, lines = 0;
};

struct Line {
  std::uint16_t product = 0;
  int quantity = 1;
  std::int64_t unit_price = 0, discount = 0, net = 0;
};

struct Refund {
  std::uint32_t sale = kNobody, customer = kNobody;
  WallTime at = 0;
  std::int64_t net = 0, tax = 0;
  bool swiss = false;
  std::string_view reason = {};
};

enum class PayMethod { card, transfer, direct_debit };

/// Money that came, or went back (below 0); tax included, in cents of the document's currency.
struct Payment {
  WallTime at = 0;
  std::uint32_t sale = kNobody, customer = kNobody;
  std::int64_t amount = 0;
  bool swiss = false;
  PayMethod method = PayMethod::card;
};

/// One contact of a person with a channel.
struct Touch {
  WallTime at = 0;
  Channel channel = Channel::direct;
  std::uint32_t visitor = 0;
  std::uint32_t conversion = kNobody;  ///< of World::conversions
};

/// A path that led to a first purchase or to a lead.
struct Conversion {
  WallTime at = 0;
  Market market = Market::shop;
  Channel channel = Channel::direct;  ///< last one that is not direct, else direct: the truth
  bool known = true;                  ///< whether anybody measured it
  std::uint32_t customer = kNobody, lead = kNobody;
};

enum class LeadState { open, qualified, disqualified };

struct Lead {
  std::string key, name, country, region, city, industry;
  Segment segment = Segment::small;
  WallTime created = 0;
  std::optional<WallTime> contacted, qualified, disqualified;
  Channel true_channel = Channel::direct;
  std::optional<Channel> channel;
  LeadState state = LeadState::open;
  std::uint32_t owner = kNobody, customer = kNobody, deal = kNobody;
};

struct Stay {
  std::string_view stage;
  WallTime entered = 0;
  std::int64_t amount = 0;
};

enum class Outcome { open, won, lost };

struct Deal {
  std::string key, name;
  const PipelineTruth* pipeline = nullptr;
  std::uint32_t customer = kNobody, lead = kNobody, owner = kNobody;
  std::optional<Channel> channel;
  WallTime created = 0, first_contact = 0;
  std::optional<WallTime> closed;
  Date expected_close{};
  Outcome outcome = Outcome::open;
  std::int64_t amount = 0;
  bool amount_known = true;
  std::string_view lost_reason, argument, competitor;
  std::vector<Stay> stays;
};

/// One priced period of one contract.
struct ContractPeriod {
  std::uint32_t contract = 0, customer = kNobody, plan = 0, owner = kNobody;
  Date from{}, to{};  ///< half-open; `to` is empty (from > to) while it runs
  bool ended = false, trial = false;
  std::int64_t mrr = 0;  ///< cents
  int quantity = 1;
  std::string_view change;
  std::optional<Date> cancel_requested, past_due_since;
  std::string_view cancel_reason;
  Date renews_on{};
};

struct Answer {
  std::uint32_t customer = kNobody;
  std::string wave;
  WallTime sent = 0;
  std::optional<WallTime> answered;
  int score = 0;
  std::string_view comment;
};

/// Somebody who works here.
struct Person {
  std::string email, name, role, team, function;
  std::string manager;  ///< e-mail
  Date from{};
  std::optional<Date> to;
  double fte = 1;
  bool contractor = false;
  std::int64_t monthly_cost = 0;  ///< cents, charges included, of the whole post
  double skill = 0;               ///< of a rep: added to the logit of a win
};

}  // namespace vigie::demo
