#pragma once
#include <cstdint>
#include <filesystem>

namespace vigie::ingest {

/// In which length a file of separated values is handed out to the threads that read it, in bytes; `least` or a little
/// more, which is also how long a record may be.
///
/// Each piece begins a block of rows of the engine (122,880 of them), and what is left of its last block stays one of
/// its own, down into the tables that the rows go to. Where three blocks could hold what four do, the engine writes all
/// of them anew when it next puts its file in order: half as much work again as the whole import. So a piece holds the
/// rows of some blocks, the last of them nearly full, as far as the lengths of the file's lines tell.
std::int64_t piece_length(const std::filesystem::path& file, std::int64_t least);

}  // namespace vigie::ingest
