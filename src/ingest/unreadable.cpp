#include "ingest/unreadable.h"

#include <fstream>

namespace vigie::ingest {

namespace {

/// The line in which a carriage return stands alone, outside quotes, in a file that ends lines otherwise; 0: none.
std::int64_t line_of_lone_return(const SourceFile& file) {
  if (file.format != Format::csv || file.is_decoded_by_engine()) return 0;
  const char quote = file.input->quote.empty() ? '\0' : file.input->quote[0];
  std::ifstream in(file.path, std::ios::binary);
  std::vector<char> block(1 << 20);
  std::int64_t line = 1;
  bool quoted = false, returned = false;
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
    for (const char c : std::string_view(block.data(), static_cast<std::size_t>(in.gcount()))) {
      if (returned && c != '\n') return line;
      if (quote != '\0' && c == quote) quoted = !quoted;
      returned = c == '\r' && !quoted;
      if (c == '\n') ++line;
    }
  return 0;
}

}  // namespace

std::unexpected<Error> csv_unreadable(const SourceFile& file, const Error& because, const SourcePosition& where) {
  const auto unreadable = [&](std::string_view what, std::string_view hint) {
    return fail(ErrorKind::data, "csv.unreadable", fmt::format("{} cannot be read: {}", file.shown_as, what), where,
                std::string(hint));
  };
  if (const std::int64_t line = line_of_lone_return(file); line > 0)
    return unreadable(fmt::format("in its line {} a carriage return stands alone, and its lines end otherwise", line),
                      "take it out there, or put the value between quotes");
  return unreadable(because.message.substr(0, because.message.find(" Possible fixes:")), kCheckReading);
}

}  // namespace vigie::ingest
