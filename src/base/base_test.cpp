#include <gtest/gtest.h>

#include <filesystem>

#include "base/decimal.h"
#include "base/file.h"
#include "base/file_digests.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "base/no_threads.h"
#include "base/test_folder.h"
#include "base/text.h"
#include "base/thousands.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/yaml.h"

namespace vigie {
namespace {

TEST(Utf8, IsWhatUnicodeSaysAndNoMore) {
  for (const char* text : {"", "Zo\xC3\xAB", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(text)) << text;
  EXPECT_FALSE(is_utf8("\xC0\xAF")) << "an overlong slash";
  EXPECT_FALSE(is_utf8("\xE0\x9F\xBF")) << "overlong";
  EXPECT_FALSE(is_utf8("\xF0\x8F\xBF\xBF")) << "overlong";
  EXPECT_FALSE(is_utf8("\xED\xA0\x80")) << "half of a pair of UTF-16";
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80")) << "beyond U+10FFFF";
  EXPECT_FALSE(is_utf8("Zo\xEB")) << "Latin-1";
  EXPECT_FALSE(is_utf8("Zo\xC3")) << "cut short";
}

TEST(Decimal, ParsesAndPrintsEveryDigit) {
  EXPECT_EQ(Decimal::parse("-12.30")->to_string(), "-12.30");
  EXPECT_EQ(Decimal::parse("0.05")->to_string(), "0.05");
  EXPECT_EQ(Decimal::parse("100.00")->to_plain(), "100");
  EXPECT_EQ(Decimal::parse("12e3").error().code, "decimal.invalid");
  EXPECT_EQ(Decimal::parse("").error().code, "decimal.invalid");
}

TEST(Decimal, RoundsHalfToEven) {
  EXPECT_EQ(Decimal::parse("0.125")->rescaled(2)->to_string(), "0.12");
  EXPECT_EQ(Decimal::parse("0.135")->rescaled(2)->to_string(), "0.14");
  EXPECT_EQ(Decimal::parse("-0.125")->rescaled(2)->to_string(), "-0.12");
  EXPECT_EQ(Decimal::parse("-0.1251")->rescaled(2)->to_string(), "-0.13");
}

TEST(Decimal, RefusesWhatDoesNotFit) {
  const Decimal big = *Decimal::parse("9999999999999999999999999999999999999");
  EXPECT_EQ(big.times(big).error().code, "decimal.overflow");
  EXPECT_TRUE(big.plus(big));
  EXPECT_EQ(big.times(Decimal::integer(100)).error().code, "decimal.overflow");
}

TEST(Decimal, ComparesByValue) {
  EXPECT_EQ(*Decimal::parse("1.50"), *Decimal::parse("1.5"));
  EXPECT_LT(*Decimal::parse("-1"), *Decimal::parse("0.001"));
}

TEST(Time, CivilRoundTripsOverFourCenturies) {
  for (int days = -100'000; days < 100'000; days += 7) {
    const auto [y, m, d] = civil(Date{days});
    EXPECT_EQ(date_of(y, m, d).days, days);
  }
  EXPECT_EQ(iso_weekday(*parse_date("2026-11-23")), 1);
  EXPECT_EQ(iso_weekday(*parse_date("1969-12-31")), 3);
}

TEST(Time, RefusesDaysThatDoNotExist) {
  EXPECT_FALSE(parse_date("2025-02-29"));
  EXPECT_TRUE(parse_date("2024-02-29"));
  EXPECT_FALSE(parse_date("2025-1-1"));
}

TEST(Time, InstantsNeedAZone) {
  EXPECT_EQ(parse_instant("2025-01-31T10:00:00+01:00")->micros, parse_instant("2025-01-31T09:00:00Z")->micros);
  EXPECT_EQ(to_string(*parse_instant("2025-01-31T10:00:00.250Z")), "2025-01-31T10:00:00.25Z");
  EXPECT_EQ(parse_instant("2025-01-31T10:00:00").error().code, "instant.invalid");
}

TEST(Text, SuggestsTheNearestName) {
  const std::vector<std::string> known{"amount", "created_at", "currency"};
  EXPECT_EQ(nearest_name("amout", known), "amount");
  EXPECT_EQ(nearest_name("Créated_at", known), "created_at");
  EXPECT_EQ(nearest_name("zzz", known), "");
}

TEST(Text, LooksForNoNameBesideATextThatIsFarLonger) {
  // 200,000 letters against 1,000 names of 200 each would be 40,000 million steps, minutes of them.
  std::vector<std::string> known;
  for (int i = 0; i < 1'000; ++i) known.push_back(fmt::format("{:x>200}", i));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(nearest_name(std::string(200'000, 'x'), known), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
  EXPECT_EQ(nearest_name(known[999] + "q", known), known[999]) << "one letter more";
}

TEST(Text, SuggestsWhatAShortNameIsReachedThrough) {
  const std::vector<std::string> known{"reason", "customer.region", "team.region"};
  EXPECT_EQ(suggestion("region", known), "did you mean \"customer.region\"?");
  EXPECT_EQ(suggestion("raeson", known), "did you mean \"reason\"?");
  EXPECT_EQ(suggestion("egion", known), "known: reason, customer.region, team.region");
}

TEST(Yaml, AnchorsAliasesAndTagsAreRefusedBeforeTheyGrow) {
  const auto aliases = YamlNode::parse("a: &x [1, 1]\nb: [*x, *x]\n", "f.yaml");
  ASSERT_FALSE(aliases);
  EXPECT_EQ(aliases.error().text(),
            "f.yaml:1:4: anchors (&name) are not read here; write the value out where it is used");
  EXPECT_EQ(YamlNode::parse("a: !!set {b}\n", "f.yaml").error().code, "yaml.anchor");
  EXPECT_TRUE(YamlNode::parse("a: \"x\"\nb: 'y & z'\nc: [1]\n", "f.yaml"));
  std::string bomb = "a: &a [x]\n";
  for (char name = 'b'; name < 'z'; ++name)
    bomb += fmt::format("{0}: &{0} [*{1}, *{1}, *{1}, *{1}]\n", name, static_cast<char>(name - 1));
  EXPECT_EQ(YamlNode::parse(bomb, "f.yaml").error().code, "yaml.anchor");
}

TEST(Yaml, AnEmptyValueStandsWhereItsKeyDoes) {
  const auto root = YamlNode::parse("id: x\nunit:\n\n# more\nlabel: y\nlast:\n", "x.yaml");
  ASSERT_TRUE(root) << root.error().text();
  EXPECT_EQ(root->find("unit")->as_text().error().text(), "x.yaml:2:1: text was expected here");
  EXPECT_EQ(root->find("last")->as_text().error().text(), "x.yaml:6:1: text was expected here");
}

TEST(Yaml, NamesThePlaceOfADuplicateAndOfAnUnknownKey) {
  EXPECT_EQ(YamlNode::parse("a: 1\na: 2\n", "x.yaml").error().text().substr(0, 11), "x.yaml:2:1:");
  const auto root = YamlNode::parse("labell: x\n", "x.yaml");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->known_keys({"label", "unit"}).error().text(),
            "x.yaml:1:1: unknown key \"labell\"; did you mean \"label\"?");
}

TEST(Json, EscapesAndSeparates) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().key("a").number(0.1).key("b\"").begin_array().number(1).null().text("x\n").end_array().end_object();
  EXPECT_EQ(out, R"({"a":0.1,"b\"":[1,null,"x\n"]})");
}

TEST(Thousands, StandApart) {
  EXPECT_EQ(with_thousands("999", ","), "999");
  EXPECT_EQ(with_thousands("1000", ","), "1,000");
  EXPECT_EQ(with_thousands("-123456", ","), "-123,456");
  EXPECT_EQ(with_thousands("1234567", "\u202f"), "1\u202f234\u202f567");
}

TEST(FileDigests, AreThoseOfEachFileInTheirOrder) {
  const TestFolder folder;
  std::vector<std::filesystem::path> files;
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{5} << 20})
    files.push_back(folder.write(std::to_string(size), std::string(size, 'x')));
  FileDigests digests(files);
  ASSERT_TRUE(digests.wait());
  for (std::size_t i = 0; i < files.size(); ++i) EXPECT_EQ((*digests.wait())[i], *file_digest(files[i]));
  EXPECT_EQ((*digests.wait())[1], text_digest("xxx"));
  FileDigests missing({files[0], folder / "none"});
  ASSERT_FALSE(missing.wait());
  EXPECT_EQ(missing.wait().error().code, "file.unreadable");
  const NoThreads none;
  FileDigests alone(files);
  ASSERT_TRUE(alone.wait());
  EXPECT_EQ(*alone.wait(), *digests.wait());
}

TEST(Hash, IsTheStandardXxh64) { EXPECT_EQ(static_cast<std::uint64_t>(key_hash("")), 0xEF46DB3751D8E999ull); }

TEST(Utf8Watch, KnowsTextInUtf8HoweverItIsCutIntoPieces) {
  const std::string text = "a\né€\xF0\x9F\x98\x80z";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Utf8Watch watch;
    watch.read(std::string_view(text).substr(0, cut));
    watch.read(std::string_view(text).substr(cut));
    EXPECT_TRUE(watch.is_valid()) << cut;
    EXPECT_EQ(watch.first_line_beyond_ascii(), 2);
  }
  const auto is_valid = [](std::string_view bytes) {
    Utf8Watch watch;
    watch.read(bytes);
    return watch.is_valid();
  };
  EXPECT_TRUE(is_valid(""));
  for (const char* bytes : {"\xE9l", "\x80", "\xC3", "\xE2\x82", "\xC0\xAF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                            "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
    EXPECT_FALSE(is_valid(bytes));
}

TEST(File, IsReadWholeOrNotAtAll) {
  const TestFolder folder;
  const auto written = [&](const std::string& text) { return bytes_of(folder.write("f", text)); };
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{65'535}, std::size_t{65'536},
                                 std::size_t{65'537}, std::size_t{131'072}}) {
    std::string text(size, 'x');
    if (size > 1) text[size - 2] = '\0', text[size - 1] = '\r';
    EXPECT_EQ(written(text), text) << size;
  }
  EXPECT_EQ(bytes_of(folder.path()), std::nullopt) << "a folder";
  EXPECT_EQ(bytes_of(folder / "gone"), std::nullopt);
}

}  // namespace
}  // namespace vigie
