// vigie ingest singer from outside: what it prints, how it ends, and the same through the server that has the workspace
// open.
#include "doors/program.h"

namespace vigie::doors {
namespace {

constexpr const char* kSchema =
    R"({"type":"SCHEMA","stream":"sold","key_properties":["id"],"schema":{"properties":{"id":{},"name":{}}}})";
constexpr const char* kTake = "vigie ingest singer -w co --tap kiosk --map sold=co/maps/sold.yaml";

class SingerCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(vigie({"init", "co"}, folder_.path()).code, 0);
    folder_.write(
        "co/maps/sold.yaml",
        "map: sold\nsource: kiosk\ntable: products\ninput: {from_source: true}\ncolumns: {key: id, name: name}\n");
  }
  Ran take(const std::string& lines, const std::string& more = "", Language language = Language::en) {
    folder_.write("stream", lines);
    return shell(fmt::format("{} {} < stream", kTake, more), folder_.path(), language);
  }
  static std::string beans(const std::string& upto) {
    return fmt::format("{}\n{}\n{{\"type\":\"STATE\",\"value\":{{\"upto\":\"{}\"}}}}\n", kSchema,
                       R"({"type":"RECORD","stream":"sold","record":{"id":"B","name":"Beans"}})", upto);
  }
  Folder folder_;
};

TEST_F(SingerCommand, TellsWhatCameAndKeepsTheState) {
  EXPECT_EQ(shell(std::string(kTake) + " --state", folder_.path()).out, "{}\n");
  const Ran first = take(beans("B"));
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.out,
            "  sold → sold: received 1 = new 1 + changed 0 + unchanged 0 + repeated 0 + passed over 0\n"
            "sold → products: read 1 = loaded 1 + updated 0 + unchanged 0 + quarantined 0\n");
  EXPECT_EQ(shell(std::string(kTake) + " --state", folder_.path()).out, "{\"upto\":\"B\"}\n");
  // In one line, as people write it: the one who prints the STATE and the one who takes the stream begin together.
  const Ran piped = shell(fmt::format("cat <({0} --state) stream | grep -v '^{{\"upto' | {0}", kTake), folder_.path());
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_EQ(piped.out, "  sold → sold: received 1 = new 0 + changed 0 + unchanged 1 + repeated 0 + passed over 0\n");
}

TEST_F(SingerCommand, SaysTheSameThroughAServer) {
  const Serving server(folder_ / "co");
  ASSERT_TRUE(server.answers());
  const Ran first = take(beans("B"), "--piece 1");
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.out,
            "  sold → sold: received 1 = new 1 + changed 0 + unchanged 0 + repeated 0 + passed over 0\n"
            "sold → products: read 1 = loaded 1 + updated 0 + unchanged 0 + quarantined 0\n");
  EXPECT_EQ(shell(std::string(kTake) + " --state", folder_.path()).out, "{\"upto\":\"B\"}\n");
  EXPECT_EQ(server.post("/api/v1/singer", "{}").status, 404) << "it reads files with the rights of the server";
}

TEST_F(SingerCommand, EndsWhereTheStreamIsWrong) {
  const Ran broken = take(beans("B") + "INFO done\n");
  EXPECT_EQ(broken.code, 3);
  EXPECT_EQ(
      broken.err,
      "vigie: line 4 is no message of Singer: INFO done; only messages may come on a tap's standard output, one JSON "
      "object a line: let it log to standard error\n");
  EXPECT_NE(broken.out.find("loaded 1"), std::string::npos) << "what came before is there";
  const Ran cut = take(beans("C") + R"({"type":"RECORD","stream":"so)", "", Language::fr);
  EXPECT_EQ(cut.code, 3);
  EXPECT_NE(cut.err.find("le flux finit au milieu de la ligne 4"), std::string::npos) << cut.err;
  EXPECT_EQ(shell(std::string(kTake) + " --state", folder_.path()).out, "{\"upto\":\"C\"}\n");
  EXPECT_EQ(vigie({"ingest", "singer", "-w", "co"}, folder_.path()).code, 2);
  EXPECT_EQ(shell("echo | vigie ingest singer -w co --preset hubspt", folder_.path()).err,
            "vigie: no preset \"hubspt\"; did you mean \"hubspot\"?\n");
}

}  // namespace
}  // namespace vigie::doors
