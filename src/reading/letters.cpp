#include "reading/letters.h"

#include <algorithm>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace vigie::reading {

std::int64_t times_in(std::string_view text, char letter) {
  std::int64_t out = 0;
#ifdef __SSE2__
  const __m128i feed = _mm_set1_epi8(letter);
  while (text.size() >= 16) {
    __m128i sums = _mm_setzero_si128();  // a byte a place: no more than 255 blocks at once
    for (int i = 0; i < 255 && text.size() >= 16; ++i, text.remove_prefix(16))
      sums = _mm_sub_epi8(sums, _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data())), feed));
    const __m128i halves = _mm_sad_epu8(sums, _mm_setzero_si128());
    out += _mm_cvtsi128_si64(halves) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves));
  }
#endif
  return out + std::ranges::count(text, letter);
}

bool all_ascii(std::string_view text) {
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t any = 0;
  for (; left >= 32; at += 32, left -= 32) {
    std::uint64_t words[4];
    std::memcpy(words, at, 32);
    any |= words[0] | words[1] | words[2] | words[3];
  }
  for (; left > 0; ++at, --left) any |= static_cast<unsigned char>(*at) & 0x80U;
  return (any & 0x8080808080808080ULL) == 0;
}

}  // namespace vigie::reading
