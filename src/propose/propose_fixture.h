#pragma once
// What the tests of this room share: the vocabulary that ships, tables written as they are read, and proposals of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "base/text.h"
#include "model/shipped_model.h"
#include "propose/propose.h"

namespace vigie::propose {

inline const Vocabulary& shipped_vocabulary() {
  static const Vocabulary kVocabulary = [] {
    const std::filesystem::path source(VIGIE_SOURCE_DIR);
    auto read = Vocabulary::load(source / "headers", source / "presets", model::shipped_model());
    if (!read) throw std::runtime_error(read.error().text());
    return std::move(*read);
  }();
  return kVocabulary;
}

/// "a;b" a row, the first is the header.
inline TableSketch sketch_of(const std::vector<std::string>& lines) {
  TableSketch out(split(lines.front(), ';'), shipped_vocabulary());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> cells = split(lines[i], ';');
    const std::vector<std::string_view> views(cells.begin(), cells.end());
    out.add(views);
  }
  return out;
}

inline FileFacts semicolons(std::string files) {
  FileFacts out;
  out.files = std::move(files);
  out.delimiter = ";";
  return out;
}

inline Proposal proposed(const std::vector<std::string>& lines, const std::string& file = "file.csv",
                         const Wishes& wishes = {}) {
  auto out = propose(sketch_of(lines), semicolons(file), wishes, model::shipped_model(), shipped_vocabulary());
  EXPECT_TRUE(out) << out.error().text();
  return out ? std::move(*out) : Proposal{};
}

inline std::string yaml_of(const Proposal& proposal) { return proposal.maps.empty() ? "" : proposal.maps.front().yaml; }

}  // namespace vigie::propose
