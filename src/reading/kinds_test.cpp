#include "reading/kinds.h"

#include <gtest/gtest.h>

namespace vigie::reading {
namespace {

TEST(KindsTest, NumbersInAllTheirDress) {
  for (const char* cell :
       {"0",     "-1",      "1.5",    "1,5", ".5",         "1e-9", "1.234.567,89", "1 234", "1\u00a0234,50",
        "1'000", "$74.69",  "£1,000", "-$5", "(1,234.50)", "12 %", "5 €",          "EUR 5", "1 234,00 EUR",
        "12-",   "\u22125", " 7 "})
    EXPECT_EQ(kind_of(cell), Kind::number) << cell;
  for (const char* cell :
       {"TVA 20%", "TVA 5,5 %", "VAT 20", "1-2", "12a", "AN-2099", "1,2,3x", "$", "1.2.x", "-", "(5", "5)"})
    EXPECT_NE(kind_of(cell), Kind::number) << cell;
}

TEST(KindsTest, DaysAndTimes) {
  for (const char* cell : {"2025-01-31", "31/01/2025", "1.2.25", "31 Jan 2025", "31-Mar-11", "Oct-14", "march 3, 2025",
                           "10:30", "2025-01-31 10:30:00.250", "2025-01-31T10:30Z", "1 avr. 2025",
                           "Tue May 29 12:54:08 PDT 2018", "15 Apr, 2021 00:02:00", "3:05 pm"})
    EXPECT_EQ(kind_of(cell), Kind::date) << cell;
  for (const char* cell : {"Mark 5", "May", "decision 12", "10:3", "Oct", "Marathon-14x"})
    EXPECT_NE(kind_of(cell), Kind::date) << cell;
}

TEST(KindsTest, NothingAddressesAndText) {
  for (const char* cell : {"", "  ", "\u00a0", "null", "N/A", "-", "Missing"})
    EXPECT_EQ(kind_of(cell), Kind::empty) << cell;
  for (const char* cell : {"https://example.com/a", "www.example.com", "a.b@example.com"})
    EXPECT_EQ(kind_of(cell), Kind::address) << cell;
  for (const char* cell : {"Paris", "a@b", "see www.example.com", "n°5"}) EXPECT_EQ(kind_of(cell), Kind::text) << cell;
}

TEST(KindsTest, ShapesOfIdentifiers) {
  EXPECT_EQ(shape_of("AN-2099"), "A-9");
  EXPECT_EQ(shape_of("x__1"), "A__9") << "marks stand as they are";
}

}  // namespace
}  // namespace vigie::reading
