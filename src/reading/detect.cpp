#include <algorithm>

#include "reading/choose.h"
#include "reading/layout.h"
#include "reading/records.h"
#include "reading/source.h"

namespace vigie::reading {
namespace {

constexpr std::size_t kSample = 256U << 10;

struct Sample {
  std::string text;
  bool complete = false;
};

/// The beginning of the text from a line on, up to a last line.
Result<Sample> sample_of(const std::filesystem::path& file, Encoding encoding, const Wanted& wanted) {
  VIGIE_TRY(Text text, Text::open(file, encoding));
  Sample out;
  std::int64_t skip = wanted.first_line - 1;
  while (true) {
    const std::size_t before = out.text.size();
    VIGIE_TRY(const bool more, text.read(out.text));
    if (!more) {
      out.complete = true;
      break;
    }
    const char end = out.text.contains('\n') ? '\n' : '\r';
    while (skip > 0) {
      const std::size_t at = out.text.find(end);
      if (at == std::string::npos) {
        out.text.clear();
        break;
      }
      out.text.erase(0, at + 1);
      --skip;
    }
    if (skip == 0 && out.text.size() >= kSample && out.text.size() > before) break;
  }
  if (wanted.last_line > 0) {
    const char end = out.text.contains('\n') ? '\n' : '\r';
    std::size_t at = 0;
    for (std::int64_t line = wanted.first_line; line <= wanted.last_line && at != std::string::npos; ++line)
      at = out.text.find(end, at == 0 ? 0 : at + 1);
    if (at != std::string::npos) {
      out.text.resize(at + 1);
      out.complete = true;
    }
  }
  if (out.text.size() > kSample) {
    out.text.resize(kSample);
    out.complete = false;
  }
  return out;
}

/// The first line that spreadsheets write for each other: sep=;
void heed_separator_line(const Sample& sample, Wanted& wanted) {
  constexpr std::string_view kWord = "sep=";
  if (wanted.first_line != 1 || !sample.text.starts_with(kWord)) return;
  const std::size_t end = sample.text.find_first_of("\r\n");
  constexpr std::size_t kLongest = 4;
  const std::string delimiter = sample.text.substr(kWord.size(), end - kWord.size());
  if (end == std::string::npos || delimiter.empty() || delimiter.size() > kLongest) return;
  if (!wanted.delimiter) wanted.delimiter = delimiter;
  wanted.first_line = 2;
}

class Detection {
 public:
  Detection(const std::filesystem::path& file, Wanted wanted) : file_(file) { found_.wanted = std::move(wanted); }

  Result<Found> run() {
    VIGIE_TRY(const Examined examined, examine(file_, found_.wanted.encoding));
    found_.dialect.encoding = examined.encoding;
    found_.mixed_ends = examined.mixed_ends;
    if (examined.empty) {
      found_.notices.push_back({1, "the file is empty"});
      return found_;
    }
    found_.reasons.push_back(fmt::format("the encoding is {}: {}", name_of(examined.encoding), examined.reason));
    VIGIE_TRY(Sample sample, sample_of(file_, examined.encoding, found_.wanted));
    const std::int64_t first = found_.wanted.first_line;
    heed_separator_line(sample, found_.wanted);
    if (found_.wanted.first_line != first) sample.text.erase(0, sample.text.find('\n') + 1);
    if (is_blank(sample.text))
      return refuse(found_.wanted.first_line, "csv.fields", "there is nothing in the lines that were said",
                    "say others");
    VIGIE_CHECK(look_at(sample));
    VIGIE_TRY(auto rows, Rows::open(file_, found_));
    Row row;
    while (true) {
      VIGIE_TRY(const bool more, rows->next(row));
      if (!more) break;
    }
    found_ = rows->told();
    found_.held = true;
    std::ranges::stable_sort(found_.notices, {}, &Notice::line);
    return found_;
  }

 private:
  Result<> look_at(const Sample& sample) {
    auto chosen = choose(sample.text, sample.complete, found_.wanted);
    if (!chosen) return std::unexpected(shifted(chosen.error()));
    const Encoding encoding = found_.dialect.encoding;
    found_.dialect = chosen->dialect;
    found_.dialect.encoding = encoding;
    found_.score = chosen->score;
    found_.runner_up = chosen->runner_up;
    std::ranges::move(chosen->reasons, std::back_inserter(found_.reasons));
    for (Notice& notice : chosen->notices)
      found_.notices.push_back({notice.line + offset(), std::move(notice.sentence)});
    auto laid_out = lay_out(lines_of(sample.text, sample.complete, found_.dialect), chosen->fields, found_.wanted);
    if (!laid_out) return std::unexpected(shifted(laid_out.error()));
    found_.layout = std::move(laid_out->layout);
    found_.columns = std::move(laid_out->columns);
    found_.layout.first_header_line += found_.layout.first_header_line > 0 ? offset() : 0;
    found_.layout.first_data_line += found_.layout.first_data_line > 0 ? offset() : 0;
    std::ranges::move(laid_out->reasons, std::back_inserter(found_.reasons));
    for (Notice& notice : laid_out->notices) {
      notice.line += offset();
      found_.notices.push_back(std::move(notice));
    }
    return {};
  }

  std::int64_t offset() const { return found_.wanted.first_line - 1; }
  Error shifted(Error error) const {
    if (error.where.line > 0) error.where.line += static_cast<int>(offset());
    return error;
  }

  const std::filesystem::path& file_;
  Found found_;
};

}  // namespace

Result<Found> detect(const std::filesystem::path& file, const Wanted& wanted) {
  auto found = Detection(file, wanted).run();
  if (!found && found.error().where.file.empty() && found.error().where.line > 0) {
    Error error = found.error();
    error.where.file = file.string();
    return std::unexpected(std::move(error));
  }
  return found;
}

}  // namespace vigie::reading
