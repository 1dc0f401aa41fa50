#include "server/api/workspace_port.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace vigie::api {
namespace {

/// A client that left sets its token; each question, on its way to the engine, has to carry it there.
TEST(WorkspacePort, StopsForAClientThatLeft) {
  const TestFolder folder;
  const SystemClock clock;
  ASSERT_TRUE(workspace::Workspace::init(folder / "w", {}));
  const auto workspace = workspace::Workspace::open(folder / "w", clock);
  ASSERT_TRUE(workspace) << workspace.error().text();
  WorkspacePort port(**workspace, "0.1.0", std::chrono::seconds(30));
  const http::CancelToken here;
  http::CancelToken gone;
  gone.cancel();
  const Fields revenue{{"kpi", "revenue"}}, march{{"kpi", "revenue"}, {"from", "2025-03-01"}, {"to", "2025-04-01"}};
  ASSERT_TRUE(port.answers({revenue}, here).front()) << "so that nothing is left to be read but the answer";
  const auto stopped = [](const auto& result) { return !result && result.error().code == "engine.cancelled"; };
  EXPECT_TRUE(stopped(port.answers({revenue}, gone).front()));
  EXPECT_TRUE(stopped(port.workspace(gone)));
  EXPECT_TRUE(stopped(port.explanation(march, gone)));
  EXPECT_TRUE(stopped(port.why(march, gone)));
  EXPECT_TRUE(stopped(port.reconciliation(march, march, gone)));
  EXPECT_TRUE(stopped(port.dimension_values("channel", "", 10, gone)));
  EXPECT_TRUE(stopped(port.quarantine({}, gone)));
  EXPECT_EQ(port.check(gone).front().code, "engine.cancelled");
}

}  // namespace
}  // namespace vigie::api
