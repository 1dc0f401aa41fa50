#include "store/result_set.h"

#include <gtest/gtest.h>

namespace vigie::store {
namespace {

TEST(ResultSet, WhatIsReadAsWhatItIsNotStopsTheReaderAlone) {
  ResultSet rows({{"size", expr::Type::number, 4}, {"big", expr::Type::number, 0}});
  rows.column(0).push_back(*Decimal::parse("12.5"));
  rows.column(1).push_back(*Decimal::parse("9223372036854775808"));  // one more than 64 bits hold
  EXPECT_EQ(rows.real(0, 0), 12.5);
  EXPECT_THROW(rows.text(0, 0), std::logic_error);
  EXPECT_THROW(rows.boolean(0, 0), std::logic_error);
  EXPECT_THROW(rows.int64(0, 0), std::logic_error) << "its decimals would be cut";
  EXPECT_THROW(rows.int64(0, 1), std::logic_error);
  EXPECT_THROW(rows.index_of("weight"), std::logic_error);
}

}  // namespace
}  // namespace vigie::store
