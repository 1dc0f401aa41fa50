#pragma once
#include <span>

#include "catalog/catalog.h"
#include "plan/spans.h"
#include "plan/turns.h"
#include "store/rel.h"
#include "store/warehouse.h"

namespace vigie::plan {

/// Tables of people and things by whose names answers are split.
constexpr const char* kNamedTables[] = {"employees", "teams", "products"};

/// Customers whose record another one replaced (merged_into).
struct Merges {
  bool any = false;
  int longest = 0;                   ///< records on the way from a replaced one to the one that survives
  std::vector<std::int64_t> circle;  ///< records that replace each other in a circle: each stands for itself
};

/// What is in the warehouse, as far as plans depend on it. Read once per version of the data.
struct DataFacts {
  struct Coverage {
    std::string source, table;
    std::optional<Date> first, last;  ///< days of the first and the last event, else of what its rows are dated by
    bool eventful = true;             ///< do its days tell of what happened? Plans may be dated ahead
    std::optional<Instant> complete_until;  ///< declared by the map: the first instant it says nothing about
    bool history_complete = false;
    std::int64_t rows = 0;
  };
  std::vector<Coverage> coverage;
  std::vector<store::Attribute> attributes;
  bool has_orders = false, has_invoices = false, has_won_deals = false;
  bool has_leads = false, has_opportunities = false;
  bool has_unpriced_orders_with_lines = false;  ///< orders without an amount of their own
  bool has_product_costs = false, has_customer_since = false;
  bool has_line_costs = false;  ///< lines of orders that say themselves what their goods cost
  bool has_quotes = false;
  std::map<catalog::SaleEvent, Date> first_service;  ///< of the documents that name the days they serve, the first day
  bool has_stage_changes = false;
  bool has_logged_amounts = false;        ///< stage changes that say what the deal was worth
  bool has_undone_outcomes = false;       ///< versions of deals that were won or lost, and no longer in force
  std::optional<Instant> last_deal_told;  ///< of the deals whose log tells amounts, the last updated_at of a row
  std::optional<Instant> last_cancelled;  ///< of an order
  /// The last end of a status that a document has no more: of those that the source dates (updated_at), and of those
  /// that it does not, which are dated by their import.
  struct Changes {
    std::optional<Instant> dated, undated;
  };
  Changes document_changes;
  std::optional<Instant> last_foreign_close;  ///< of a deal in another currency than the workspace's
  bool has_forestalled_closes = false;        ///< of such deals, one whose row was deleted before the close it tells
  bool has_foreign_deals = false;             ///< in such a currency, where there are rates
  bool has_foreign_costs = false;             ///< costs of products in another currency
  Merges merged_customers;
  bool has_foreign_versions = false;    ///< versions of rows whose amount is in another currency than the workspace's
  bool has_declared_contracts = false;  ///< customers whose own row says that they are under contract
  Turns payers;                         ///< of who pays a subscription
  std::map<catalog::SaleEvent, Turns> buyers;  ///< of who buys, pays none, and is not declared to be under contract
  std::optional<Instant> first_known_touch;    ///< of contacts that name a customer or a lead
  std::set<std::string> deleted;               ///< tables some row of which is no longer
  std::set<std::string> changed;               ///< tables some tracked attribute of which has had another value
  std::set<std::string> resold;                ///< tables of which some version names another seller than its row
  std::set<std::string> quoted;                ///< currencies that some rate was imported for
  std::set<std::string> nameless;        ///< of kNamedTables, those of which one that is named has no row, or no name
  std::set<std::string> namesakes;       ///< and those of which several keys share a name
  bool has_payers(Instant as_of) const;  ///< has anybody paid a subscription, as far as this as-of sees?
  bool has_buyers(catalog::SaleEvent event, Instant as_of) const;  ///< is there a buyer who has not?
  bool has(std::string_view table) const;                          ///< any row
  std::optional<Date> first_day() const;                           ///< of what happened
};

/// A stretch that a periodic relation answers for; `id` groups its rows.
struct PeriodInstants {
  std::int64_t id = 0;
  expr::InstantLiteral open, close;
  Date whole_to = {};  ///< the day after the last of the whole period, of which this may be a part
};

/// Everything a relation may depend on.
struct RelationContext {
  const model::Model& model;
  const catalog::Settings& settings;
  const calendar::Calendar& calendar;
  const DataFacts& facts;
  catalog::SaleEvent sale_event;
  expr::InstantLiteral as_of;
  const std::map<std::string, expr::Literal>& params;
  std::span<const PeriodInstants> periods;  ///< of periodic relations
  calendar::Grain grain = calendar::Grain::month;
  std::string currency = {};  ///< of every amount, where it is not the workspace's; empty: that one
  /// Dotted paths that the question reads through the relation's references ("customer.segment").
  std::span<const std::string> paths = {};
  /// The instants at which its run asks for the same relation, as_of among them, in their order; empty: as_of alone.
  std::span<const expr::InstantLiteral> looks = {};
  /// `counted`: rows alike in all that is asked may come as one, with their number in the column kStandsFor.
  enum class Rows { listed, counted } rows = Rows::listed;
  // What kind of company it is, as far as as_of sees.
  bool has_payers() const { return facts.has_payers(as_of.at); }
  bool has_buyers() const { return facts.has_buyers(sale_event, as_of.at); }
  bool knows_touches() const { return facts.first_known_touch && *facts.first_known_touch < as_of.at; }
};

/// How many rows of a relation one row stands for; a column of relations that were asked for counted rows and fold
/// them.
constexpr std::string_view kStandsFor = "stands_for";

/// What makes a sale here: the setting, else invoices, else orders, else won deals, whichever there is.
catalog::SaleEvent sale_event(const catalog::Settings& settings, const DataFacts& facts);

/// Customers under contract and others are never counted together in a rate.
constexpr std::string_view kContract = "contract", kPurchase = "purchase";
/// Are there customers of both relations?
bool has_both_relations(const DataFacts& facts, catalog::SaleEvent event, Instant at);
/// The relation whose churn is the headline: the one the profile names, else the contract where there is one.
std::string_view leading_relation(const catalog::Settings& settings, const DataFacts& facts, Instant at);

/// The tree of a relation declared in model/relations/. Periodic relations carry a column `period_id`.
Result<store::RelPtr> relation(std::string_view name, const RelationContext& context);

/// What may become a sale, and is counted when it does: the lead, else the deal, else the quote, whichever there is.
enum class ConversionUnit { lead, deal, quote };
std::string_view name_of(ConversionUnit unit);
ConversionUnit conversion_unit(const DataFacts& facts, const std::map<std::string, expr::Literal>& params);

/// Does the relation take its time from `periods` rather than from a column?
bool is_periodic(std::string_view name);

/// Is the relation built for the paths and rows that its context asks for? Then it is built when they are known.
bool depends_on_paths(std::string_view name);

/// Tables whose sources decide how far a relation's data reach.
std::vector<std::string> tables_behind(std::string_view relation, catalog::SaleEvent event);
/// The same, where the data decide which: what conversion is counted in.
std::vector<std::string> tables_behind(std::string_view relation, catalog::SaleEvent event, const DataFacts& facts);

/// Of dotted paths, whether none is of an attribute that has had other values: then it does not matter when it is read.
bool are_constant(std::string_view relation, std::span<const std::string> paths, const RelationContext& context);

/// Joins what the dotted paths and dimensions used by a measure need ("customer.segment"), so that each becomes a
/// column of that very name; one that is a column already stays as it is. A tracked attribute is read as it was: at the
/// event (`at`, the measure's time column), or just before the period's opening where `at` is empty (periodic relations
/// whose rows are no events).
Result<store::RelPtr> with_paths(store::RelPtr rel, std::string_view relation, const std::vector<std::string>& paths,
                                 const RelationContext& context, std::string_view at);

}  // namespace vigie::plan
