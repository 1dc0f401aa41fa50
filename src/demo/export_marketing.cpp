#include "demo/exports.h"

namespace vigie::demo {
namespace {

constexpr double kEurosPerClick = 0.85, kEurosPerThousand = 7.5;

std::string campaign_of(Channel channel, Date day, std::size_t which) {
  const auto [year, month, ignored] = civil(day);
  switch (channel) {
    case Channel::paid_search: return which % 3 == 0 ? "search-marque" : "search-generique";
    case Channel::social:
      return fmt::format("{}-{}",
                         month < 4    ? "hiver"
                         : month < 7  ? "printemps"
                         : month < 10 ? "rentree"
                                      : "fetes",
                         year);
    case Channel::email: return fmt::format("lettre-{}-{:02}", year, month);
    case Channel::events: return fmt::format("salons-{}", year);
    default: return {};
  }
}

}  // namespace

Result<> Exports::write_marketing() {
  const std::string google = "marketing/google_ads.csv", meta = "marketing/meta_ads.csv",
                    other = "marketing/autres_depenses.tsv";
  VIGIE_TRY(CsvFile ads,
            open(google, kEnglishTool, {"Day", "Campaign", "Cost (micros)", "Impressions", "Clicks", "Conversions"}));
  VIGIE_TRY(CsvFile social,
            open(meta, kEnglishTool,
                 {"Reporting starts", "Campaign name", "Amount spent (EUR)", "Impressions", "Link clicks"}));
  VIGIE_TRY(CsvFile rest, open(other, {.delimiter = '\t', .encoding = Encoding::utf8, .line_end = "\n"},
                               {"Date", "Canal", "Fournisseur", "Montant HT"}));
  for (int i = 0; i < world_.time.days(); ++i) {
    const Date day = world_.time.first + i;
    const auto at = static_cast<std::size_t>(i);
    const std::int64_t searched = world_.spend[index(Channel::paid_search)][at];
    for (std::size_t which = 0; which < 2; ++which) {
      const std::int64_t cents = which == 0 ? searched * 35 / 100 : searched - searched * 35 / 100;
      const auto clicks = static_cast<std::int64_t>(static_cast<double>(cents) / 100 / kEurosPerClick);
      ads.field(to_string(day))
          .field(campaign_of(Channel::paid_search, day, which))
          .field(cents * 10'000)
          .field(clicks * 28)
          .field(clicks)
          .field(std::to_string(clicks / 24))
          .end_row();
    }
    const std::int64_t shown = world_.spend[index(Channel::social)][at];
    if (shown > 0) {
      const auto impressions = static_cast<std::int64_t>(static_cast<double>(shown) / 100 / kEurosPerThousand * 1000);
      social.field(to_string(day))
          .field(campaign_of(Channel::social, day, 0))
          .field(money(shown))
          .field(impressions)
          .field(impressions / 90)
          .end_row();
    }
    for (const auto& [channel, supplier] : {std::pair(Channel::email, "Brevier"),
                                            {Channel::referral, "Club parrains"},
                                            {Channel::events, "Salons"},
                                            {Channel::outbound, "Fichiers & données"}}) {
      const std::int64_t cents = world_.spend[index(channel)][at];
      if (cents > 0)
        rest.field(french(day)).field(crm_name(channel)).field(supplier).field(french_money(cents)).end_row();
    }
  }
  VIGIE_CHECK(close(google, ads));
  VIGIE_CHECK(close(meta, social));
  return close(other, rest);
}

Result<> Exports::write_touches() {
  const std::string web = "web/visites.csv", members = "crm/campagnes.csv";
  VIGIE_TRY(CsvFile file,
            open(web, kEnglishTool, {"time", "visitor", "channel", "campaign", "customer", "lead", "conversion"}));
  VIGIE_TRY(CsvFile met, open(members, kFrenchTool, {"Date", "Contact", "Canal", "Campagne", "Prospect"}));
  std::map<std::uint32_t, std::size_t> first_orders;
  for (std::size_t i = 0; i < world_.sales.size(); ++i)
    if (world_.sales[i].kind == SaleKind::shop && world_.sales[i].customer != kNobody &&
        world_.sales[i].state == SaleState::confirmed)
      first_orders.emplace(world_.sales[i].customer, i);
  for (const Touch& touch : world_.touches) {
    const Conversion* conversion = touch.conversion == kNobody ? nullptr : &world_.conversions[touch.conversion];
    const std::string_view lead = conversion && conversion->lead != kNobody
                                      ? std::string_view(world_.leads[conversion->lead].key)
                                      : std::string_view();
    const std::string visitor = fmt::format("v{:08x}", touch.visitor * 2'654'435'761U);
    const std::string campaign = campaign_of(touch.channel, day_of(touch.at), touch.visitor);
    if (touch.channel == Channel::events || touch.channel == Channel::outbound) {
      met.field(french(touch.at)).field(visitor).field(crm_name(touch.channel)).field(campaign).field(lead).end_row();
      continue;
    }
    const bool bought = conversion && conversion->customer != kNobody;
    file.field(utc(touch.at))
        .field(visitor)
        .field(web_name(touch.channel))
        .field(campaign)
        .field(bought ? customer(conversion->customer) : "")
        .field(lead);
    file.field(bought ? number_of(first_orders.at(conversion->customer)) : std::string(lead)).end_row();
  }
  VIGIE_CHECK(close(web, file));
  return close(members, met);
}

Result<> Exports::write_survey() {
  const std::string path = "enquete/nps.csv";
  VIGIE_TRY(CsvFile file, open(path, kEnglishTool, {"id", "sent", "answered", "wave", "customer", "score", "comment"}));
  for (std::size_t i = 0; i < world_.answers.size(); ++i) {
    const Answer& one = world_.answers[i];
    file.field(fmt::format("N{:06}", i + 1))
        .field(local(one.sent))
        .field(one.answered ? local(*one.answered) : std::string())
        .field(one.wave)
        .field(customer(one.customer));
    file.field(one.answered ? std::to_string(one.score) : std::string()).field(one.comment).end_row();
  }
  return close(path, file);
}

}  // namespace vigie::demo
