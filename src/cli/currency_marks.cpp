#include "cli/currency_marks.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vigie::cli {
namespace {

using Mark = std::pair<std::string_view, std::string_view>;

constexpr std::array kMarks = std::to_array<Mark>({
    {"ARS", "$"},  {"AUD", "$"},  {"BRL", "R$"}, {"CAD", "$"},  {"CLP", "$"},    {"CNY", "¥"},
    {"COP", "$"},  {"CZK", "Kč"}, {"DKK", "kr"}, {"EUR", "€"},  {"GBP", "£"},    {"HKD", "$"},
    {"HUF", "Ft"}, {"ILS", "₪"},  {"INR", "₹"},  {"ISK", "kr"}, {"JPY", "¥"},    {"KRW", "₩"},
    {"KZT", "₸"},  {"MXN", "$"},  {"NGN", "₦"},  {"NOK", "kr"}, {"NZD", "$"},    {"PHP", "₱"},
    {"PLN", "zł"}, {"RUB", "₽"},  {"SEK", "kr"}, {"SGD", "$"},  {"THB", "฿"},    {"TRY", "₺"},
    {"UAH", "₴"},  {"USD", "$"},  {"UYU", "$"},  {"VND", "₫"},  {"XAF", "FCFA"}, {"ZAR", "R"},
});

constexpr std::array kWithoutCents =
    std::to_array<std::string_view>({"AFN", "ALL", "BIF", "CLP", "COP", "DJF", "GNF", "HUF", "IDR", "IQD", "IRR",
                                     "ISK", "JPY", "KMF", "KPW", "KRW", "LAK", "LBP", "MGA", "MMK", "PKR", "PYG",
                                     "RWF", "SLL", "SOS", "SYP", "UGX", "VND", "VUV", "XAF", "XOF", "XPF", "YER"});

constexpr std::array kWithThree = std::to_array<std::string_view>({"BHD", "JOD", "KWD", "LYD", "OMR", "TND"});

}  // namespace

std::string_view mark_of(std::string_view currency) {
  const auto found = std::ranges::find(kMarks, currency, &Mark::first);
  return found == kMarks.end() ? currency : found->second;
}

int cents_of(std::string_view currency) {
  if (std::ranges::find(kWithThree, currency) != kWithThree.end()) return 3;
  return std::ranges::find(kWithoutCents, currency) != kWithoutCents.end() ? 0 : 2;
}

}  // namespace vigie::cli
