#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// What kind of company it is: customers under contract, others, or both. It goes by the as-of, and questions stand at
/// many, so the data are asked once, for all of them.
///
/// No instant says since when there are contracts: what is told later may take back what an earlier as-of saw. A
/// subscription counts as paid until its row says that its first month was a trial; an order counts until it is
/// cancelled. So what is asked first is not when something was, but which as-ofs see it: spells of as-ofs, each after
/// seen_from, up to and with seen_to (µs; null: for good). Of the spells of one customer and then of all of them remain
/// the turns: the as-ofs after which there are payers, or buyers who pay nothing, and are none any more.
///
/// They are exact: a builder of `sales` or `paid_subscriptions` at an as-of finds somebody where the turns say so, and
/// only there. Save for a deal that the log of its stages knows: another word about the close that the log ends with
/// counts here from the close on, and there from when it was told. What no version keeps is at every as-of what the row
/// says today, here as there: whom a row of customers calls under contract, and whether a subscription that was over
/// within a day after its trial is cancelled.
///
/// The builder's as_of is to lie after all that is told.

/// Who pays a subscription: who, seen_from, seen_to.
store::RelPtr payer_spells(const RelationBuilder& build);
/// Who bought: the same.
store::RelPtr sale_spells(const RelationBuilder& build, catalog::SaleEvent event);

/// Of what there are turns: the place of an event in kEvents, of those who bought by it, pay no subscription, and whom
/// their own row does not call under contract; kOfPayers, of those who pay.
constexpr catalog::SaleEvent kEvents[] = {catalog::SaleEvent::order, catalog::SaleEvent::invoice,
                                          catalog::SaleEvent::won_deal};
constexpr std::int64_t kOfPayers = std::size(kEvents);

/// Turns: of, at (µs), there (1: some are there from the next as-of on, 0: none is any more).
store::RelPtr turns_of_kinds(const RelationBuilder& build);

}  // namespace vigie::plan
