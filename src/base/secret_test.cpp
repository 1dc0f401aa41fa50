#include "base/secret.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "base/test_folder.h"

namespace vigie {
namespace {

std::string refusal(const Result<std::string>& value) { return value ? "none" : value.error().code; }

TEST(Secret, DoesNotStandInAWorkspaceInClear) {
  const auto root = YamlNode::parse("password: hunter2\nkey: env:KEY\nother: 'file:'\n", "x.yaml");
  ASSERT_TRUE(root);
  const auto clear = Secret::read(*root->find("password"));
  ASSERT_FALSE(clear);
  EXPECT_EQ(clear.error().code, "secret.form");
  EXPECT_TRUE(clear.error().text().starts_with("x.yaml:1:11: a secret does not stand in a workspace in clear"));
  EXPECT_EQ(clear.error().text().find("hunter2"), std::string::npos) << "it is not told on";
  EXPECT_EQ(Secret::read(*root->find("key"))->name, "KEY");
  EXPECT_FALSE(Secret::read(*root->find("other")));
}

TEST(Secret, ComesFromAFileThatNobodyElseCanRead) {
  const TestFolder folder;
  const auto file = folder.write("erp.secret", "s3cret\r\n");
  const Secret secret{Secret::From::file, "erp.secret", {}};
  for (const mode_t open : {0644, 0640, 0604, 0610}) {
    ::chmod(file.c_str(), open);
    EXPECT_EQ(refusal(secret.value(folder.path())), "secret.rights") << open;
  }
  EXPECT_EQ(secret.value(folder.path()).error().text().find("s3cret"), std::string::npos);
  ::chmod(file.c_str(), 0600);
  EXPECT_EQ(*secret.value(folder.path()), "s3cret");
  EXPECT_EQ(*(Secret{Secret::From::file, file.string(), {}}.value("/elsewhere")), "s3cret");
  EXPECT_EQ(refusal(Secret{Secret::From::file, "none", {}}.value(folder.path())), "secret.missing");
  EXPECT_EQ(refusal(Secret{Secret::From::file, ".", {}}.value(folder.path())), "secret.missing");
  ::chmod(folder.write("empty", "\n").c_str(), 0600);
  EXPECT_EQ(refusal(Secret{Secret::From::file, "empty", {}}.value(folder.path())), "secret.missing");
}

TEST(Secret, ComesFromTheEnvironment) {
  const Secret secret{Secret::From::environment, "VIGIE_TEST_SECRET", {}};
  EXPECT_EQ(refusal(secret.value("/")), "secret.missing");
  ::setenv("VIGIE_TEST_SECRET", "", 1);
  EXPECT_EQ(refusal(secret.value("/")), "secret.missing") << "an empty one would have a library look elsewhere";
  ::setenv("VIGIE_TEST_SECRET", "of the environment", 1);
  EXPECT_EQ(*secret.value("/"), "of the environment");
  ::unsetenv("VIGIE_TEST_SECRET");
}

}  // namespace
}  // namespace vigie
