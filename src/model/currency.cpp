#include "model/currency.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace vigie::model {
namespace {

/// Of codes that are equally near the first is meant, so that the most traded stand at the head. At the end what is no
/// country's: metals, units of account and of bonds.
constexpr std::string_view kInForce =
    "EUR USD GBP CHF JPY CNY CAD AUD "
    "AED AFN ALL AMD AOA ARS AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CDF CHE CHW CLF CLP "
    "COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IQD IRR ISK JMD JOD KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USN UYI UYU "
    "UYW UZS VED VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG "
    "XAD XAG XAU XBA XBB XBC XBD XPD XPT XSU XUA";

constexpr std::string_view kReplaced =
    "ADP AFA ANG AON AOR ATS AYM AZM BEF BGL BGN BYB BYR CHC CSD CUC CYP DEM ECS ECV EEK ESP FIM FRF GHC GHP GRD HRK "
    "IEP ITL LTL LUF LVL MGF MRO MTL MZM NLG PTE ROL RUR SDD SIT SKK SLL SRG STD TJR TMM TPE TRL USS VEB VEF XEU XFO "
    "XFU XRE YUM ZMK ZWD ZWL ZWN ZWR";

constexpr std::size_t kLetters = 3;

/// Each list is codes between single blanks.
bool holds(std::string_view list, std::string_view code) {
  const auto at = list.find(code);
  return at != std::string_view::npos && at % (kLetters + 1) == 0;
}

}  // namespace

bool stands_for_none(std::string_view code) { return code == std::string(kLetters, 'X') || code == "XTS"; }

Result<> check_currency(std::string_view code) {
  if (stands_for_none(code))
    return fail(ErrorKind::usage, "currency.unknown", fmt::format("{} stands for no currency in ISO 4217", code), {},
                "write that of the company, such as EUR");
  if (is_currency(code)) return {};
  return fail(ErrorKind::usage, "currency.unknown", fmt::format("\"{}\" is not a currency code", code), {},
              currency_hint(code));
}

std::string in_capitals(std::string_view currency) {
  std::string out(currency);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

bool is_currency(std::string_view code) {
  return code.size() == kLetters && (holds(kInForce, code) || holds(kReplaced, code));
}

std::string currency_hint(std::string_view code) {
  const std::vector<std::string> known = split(kInForce, ' ');
  const std::string near = suggestion(code, known);
  return near.empty() ? "write the three letters of ISO 4217, such as EUR" : near;
}

}  // namespace vigie::model
