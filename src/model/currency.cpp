#include "model/currency.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace vigie::model {
namespace {

/// Of codes that are equally near the first is meant, so that the most traded stand at the head.
constexpr std::string_view kInForce =
    "EUR USD GBP CHF JPY CNY CAD AUD "
    "AED AFN ALL AMD AOA ARS AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CDF CHE CHW CLF CLP "
    "COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IQD IRR ISK JMD JOD KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USN UYI UYU "
    "UYW UZS VED VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG";

constexpr std::string_view kReplaced =
    "AFA ANG ATS AZM BEF BGN BYR CSD CUC CYP DEM EEK ESP FIM FRF GHC GRD HRK IEP ITL LTL LUF LVL MRO MTL MZM NLG PTE "
    "ROL RUR SDD SIT SKK SLL SRG STD TMM TRL VEB VEF YUM ZMK ZWD ZWL ZWR";

constexpr std::size_t kLetters = 3;

/// Each list is codes between single blanks.
bool holds(std::string_view list, std::string_view code) {
  const auto at = list.find(code);
  return at != std::string_view::npos && at % (kLetters + 1) == 0;
}

}  // namespace

bool is_currency(std::string_view code) {
  return code.size() == kLetters && (holds(kInForce, code) || holds(kReplaced, code));
}

std::string currency_hint(std::string_view code) {
  const std::vector<std::string> known = split(kInForce, ' ');
  const std::string near = suggestion(code, known);
  return near.empty() ? "write the three letters of ISO 4217, such as EUR" : near;
}

}  // namespace vigie::model
