#pragma once
#include <cstdint>
#include <string_view>

namespace vigie::journal {

/// CRC-32C (Castagnoli), as iSCSI, ext4 and others have it: of "123456789" it is E3069283. `before` is that of the
/// bytes that stand before these.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace vigie::journal
