#pragma once
// What the tests of this room share: a workspace in a folder of its own, and the files that they put beside it.
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "workspace/workspace.h"

namespace vigie::workspace {

namespace fs = std::filesystem;

class WorkspaceTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(Workspace::init(home_, {})); }

  std::unique_ptr<Workspace> open(const Clock& clock) const {
    auto opened = Workspace::open(home_, clock);
    if (!opened) ADD_FAILURE() << opened.error().text();
    return opened ? std::move(*opened) : nullptr;
  }
  void write(const fs::path& name, std::string_view text) const { folder_.write(name, text); }
  ingest::Request request(const std::string& map) const {
    ingest::Request out;
    out.map_file = folder_ / map;
    return out;
  }
  /// Writes what advertising cost, such as "web,2025-03-03,10\n", with a map of it; gives the request to import it.
  ingest::Request spend(const std::string& rows) const {
    write("spend.yaml",
          "map: spend\nsource: ads\ntable: channel_spend\ninput: spend.csv\n"
          "columns: {channel: channel, date: {from: day, as: date}, spend: cost}\n");
    write("spend.csv", "channel,day,cost\n" + rows);
    return request("spend.yaml");
  }

  const TestFolder folder_;
  const fs::path home_ = folder_ / "w";  ///< the workspace
};

}  // namespace vigie::workspace
