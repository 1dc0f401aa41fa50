#include "base/yaml_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/test_folder.h"

namespace vigie {
namespace {

std::vector<std::string> names_of(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> out;
  for (const auto& file : files) out.push_back(file.filename().string());
  return out;
}

TEST(YamlFolder, TellsFilesFromWhatNearlyIsOne) {
  const TestFolder folder;
  for (const char* name : {"b.yaml", "a.yaml", "c.yml", "d.YAML", "e.Yml", "notes.md", "f.yaml.txt", "yaml", ".a.yaml",
                           "._a.yaml", ".a.yml"})
    folder.write(name, "");
  for (const char* pipe : {"p.yaml", "q.yml"}) ASSERT_EQ(::mkfifo((folder / pipe).c_str(), 0600), 0);
  std::filesystem::create_directory(folder / "r.yaml");
  std::filesystem::create_symlink(folder / "nowhere", folder / "s.yaml");
  const auto found = yaml_folder(folder.path());
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(names_of(found->files), (std::vector<std::string>{"a.yaml", "b.yaml", "s.yaml"}))
      << "who opens a link that leads nowhere tells of it";
  EXPECT_EQ(names_of(found->nearly), (std::vector<std::string>{"c.yml", "d.YAML", "e.Yml"}));
  EXPECT_EQ(names_of(found->no_files), (std::vector<std::string>{"p.yaml", "q.yml", "r.yaml"}));
}

TEST(YamlFolder, OneThatIsNotThereHoldsNone) {
  const TestFolder folder;
  const auto found = yaml_folder(folder / "absent");
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_TRUE(found->files.empty() && found->nearly.empty() && found->no_files.empty());
  EXPECT_EQ(yaml_folder(folder.write("file", "no folder")).error().code, "file.unreadable");
}

}  // namespace
}  // namespace vigie
